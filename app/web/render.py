"""How templates write numbers, times and keys."""

from quart import Quart, g, has_request_context

from app.words import change, day, key_parts, moment, number, percent, signed, tone

TYPES = {
    "pulse": "Like",
    "updown": "Votes",
    "yesno": "Yes or no",
    "reaction": "Reactions",
    "rating": "Rating",
    "nps": "0 to 10",
    "message": "Messages",
    "tagged": "Tagged messages",
    "form": "Form",
}


def install(app: Quart) -> None:
    """Gives templates our filters, and `actor` where somebody is signed in."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    for filter in (number, signed, percent, day, moment, type_name, tone):
        env.filters[filter.__name__] = filter
    env.filters["parts"] = key_parts
    env.globals["change"] = change
    app.context_processor(lambda: {"actor": getattr(g, "actor", None) if has_request_context() else None})


def type_name(type: str) -> str:
    """What people call a type."""
    return TYPES.get(type, type)
