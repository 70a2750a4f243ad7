"""Whether a value is one that its widget takes, and what is stored of it."""

import re
from typing import Any

from app.config import Settings
from app.errors import FeelbackError
from app.ingest.widgets import Field, Value, Widget
from app.ingest.wire import encode

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST = 2**63


def judge(widget: Widget, value: Any, settings: Settings) -> Value:
    """The value of a response as it is stored.

    Raises:
        FeelbackError: 422, naming what is wrong with it and what would be right.
    """
    kind = widget.type
    if kind == "message":
        return Value(1, body=_text(value, settings.limit_message_chars, "The message"))
    if kind == "form":
        return Value(1, fields=_form(widget, value, settings))
    if kind == "tagged":
        return _tagged(widget, value, settings)
    return _option(widget, value, "value")


def _option(widget: Widget, value: Any, what: str) -> Value:
    name = value
    if type(value) is not str:
        if type(value) is bool:
            name = "true" if value else "false"
        elif type(value) is int or (type(value) is float and value.is_integer()):
            name = str(int(value)) if abs(value) < _LARGEST else None
    found = widget.positions.get(name) if type(name) is str else None
    if found is None:
        raise FeelbackError(
            422,
            f"The {what} is none of this set's: it takes {', '.join(widget.values)}.",
            allowed=list(widget.values),
        )
    return found


def _tagged(widget: Widget, value: Any, settings: Settings) -> Value:
    if type(value) is not dict or not value.keys() <= {"tag", "message"} or "tag" not in value:
        raise FeelbackError(422, "The value of a tagged message is an object with a tag and, if you like, a message.")
    message = value.get("message")
    if message is None or message == "":
        return _option(widget, value["tag"], "tag")
    body = _text(message, settings.limit_message_chars, "The message")
    return _option(widget, value["tag"], "tag")._replace(body=body)


def _text(value: Any, limit: int, what: str) -> str:
    if type(value) is not str or not value.strip():
        raise FeelbackError(422, f"{what} must be a text that is not empty.")
    if len(value) > limit:
        raise FeelbackError(422, f"{what} has {len(value)} characters; at most {limit} are taken.", limit=limit)
    return value


def _form(widget: Widget, value: Any, settings: Settings) -> str:
    if type(value) is not dict:
        raise FeelbackError(422, "The value of a form is an object of its fields.")
    wrong: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for name, given in value.items():
        declared = widget.fields.get(name)
        if declared is None and not widget.is_open_form:
            wrong[name[:64]] = "is not a field of this form"
        elif given is not None and given != "":
            try:
                kept[name] = _field(declared or OPEN, given, settings.limit_message_chars)
            except ValueError as error:
                wrong[name[:64]] = str(error)
    for name, declared in widget.fields.items():
        if declared.required and name not in kept and name not in wrong:
            wrong[name] = "is required"
    if len(value) > MOST_FIELDS:
        raise FeelbackError(
            422, f"The form has {len(value)} fields; at most {MOST_FIELDS} are taken.", limit=MOST_FIELDS
        )
    if wrong:
        told = "; ".join(f"{name} {why}" for name, why in wrong.items())
        raise FeelbackError(422, f"The form is not filled in right: {told}.", fields=wrong)
    if not kept:
        raise FeelbackError(422, "The form is empty.")
    return encode(kept).decode()


MOST_FIELDS = 50
OPEN = Field(name="", kind="any")


def _field(declared: Field, given: Any, limit: int) -> Any:
    kind = declared.kind
    if kind == "any":
        kind = {bool: "boolean", int: "number", float: "number"}.get(type(given), "text")
    if kind == "boolean":
        if type(given) is not bool and given not in ("true", "false", "on"):
            raise ValueError("must be true or false")
        return given in (True, "true", "on")
    if kind == "number":
        return _number(declared, given)
    if type(given) is not str:
        raise ValueError("must be a text")
    longest = min(limit, int(declared.max)) if declared.max is not None else limit
    if len(given) > longest:
        raise ValueError(f"has {len(given)} characters; at most {longest} are taken")
    if declared.min is not None and len(given) < declared.min:
        raise ValueError(f"has {len(given)} characters; at least {int(declared.min)} are needed")
    if kind == "email" and not _EMAIL.fullmatch(given):
        raise ValueError("must be an e-mail address")
    if kind == "choice" and given not in declared.choices:
        raise ValueError(f"must be one of {', '.join(declared.choices)}")
    return given


def _number(declared: Field, given: Any) -> int | float:
    if type(given) is str:  # a plain HTML form sends nothing else
        given = given.strip()
        if not _NUMBER.fullmatch(given):
            raise ValueError("must be a number")
        given = int(given) if given.lstrip("+-").isdecimal() and len(given) < 19 else float(given)
    if type(given) not in (int, float) or not abs(given) < _LARGEST:
        raise ValueError("must be a number of a usual size")
    if declared.min is not None and given < declared.min:
        raise ValueError(f"must be at least {declared.min:g}")
    if declared.max is not None and given > declared.max:
        raise ValueError(f"must be at most {declared.max:g}")
    return given  # type: ignore[no-any-return]  # its type was checked above


def validate_context(context: Any, settings: Settings) -> str | None:
    """What is known of the page, as JSON: a flat object of texts and numbers; None where there is none.

    Raises:
        FeelbackError: 422, naming what is wrong and the limit.
    """
    if context is None or context == {}:
        return None
    if type(context) is not dict:
        raise FeelbackError(422, "The context is an object of texts and numbers.")
    if len(context) > settings.limit_context_keys:
        limit = settings.limit_context_keys
        raise FeelbackError(422, f"The context has {len(context)} keys; at most {limit} are taken.", limit=limit)
    for name, given in context.items():
        if not 0 < len(name) <= 64:
            raise FeelbackError(422, "A key of the context has 1 to 64 characters.", limit=64)
        kind = type(given)
        if kind is int or kind is float:
            if not abs(given) < _LARGEST:
                raise FeelbackError(422, f"The number {name} in the context is too large.")
        elif kind is not str and kind is not bool and given is not None:
            raise FeelbackError(422, f"{name} in the context is neither a text nor a number.")
    user = context.get("$user")
    if user is not None and not (type(user) is str and len(user) <= 254 and _EMAIL.fullmatch(user)):
        raise FeelbackError(422, "$user in the context must be an e-mail address.")
    encoded = encode(context)
    if len(encoded) > settings.limit_context_bytes:
        limit = settings.limit_context_bytes
        raise FeelbackError(422, f"The context has {len(encoded)} bytes; at most {limit} are taken.", limit=limit)
    return encoded.decode()
