"""How templates write numbers, times and keys."""

from typing import Any

from jinja2 import Template
from quart import Quart, g, has_request_context

from app.text.numbers import change, day, full_day, key_parts, moment, number, path, percent, signed, span, tone

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
# Why a signal is refused: what ingestion notes, in words.
REASONS = {
    "origin": "the project takes no signals from there",
    "key": "the API key may not write there",
    "limit": "they came too fast",
    "value": "the set has no such answer, or it was too long",
    "contents_limit": "the set has as many contents as it may",
    "address_limit": "too many visitors of one address",
    "quota": "ten times the plan's signals of the month are used up",
    "archived": "the set or its project is archived",
}


def install(app: Quart) -> None:
    """Gives templates our filters, and `actor` where somebody is signed in."""
    env = app.jinja_env
    env.is_async, env.template_class = False, _Template
    env.trim_blocks = env.lstrip_blocks = True
    for filter in (number, signed, percent, day, full_day, moment, path, type_name, reason, tone):
        env.filters[filter.__name__] = filter
    env.filters["parts"] = key_parts
    env.globals.update(change=change, span=span)
    app.context_processor(_actor)


async def _actor() -> dict[str, Any]:
    """Not a plain function: Quart would call that one in a thread, for every page."""
    return {"actor": getattr(g, "actor", None) if has_request_context() else None}


class _Template(Template):
    """A template that waits for nothing: what it shows is there already. Rendering takes half the time so."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """As Quart asks for it."""
        return self.render(*args, **kwargs)


def type_name(type: str) -> str:
    """What people call a type."""
    return TYPES.get(type, type)


def reason(name: str) -> str:
    """Why signals were refused, in words."""
    return REASONS.get(name, name.replace("_", " "))
