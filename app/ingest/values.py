"""Validation of a response's value and context against its widget."""

import re
from typing import Any

from app.config import Settings
from app.errors import FeelbackError
from app.ingest import languages
from app.ingest.widgets import Field, Value, Widget
from app.ingest.wire import encode

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST = 2**63


def is_email(text: str) -> bool:
    """Whether a text has the form of an email address."""
    return _EMAIL.fullmatch(text) is not None


def validate(widget: Widget, value: Any, settings: Settings) -> Value:
    """The value as it is stored.

    Raises:
        FeelbackError: 422, with what is wrong and what the widget takes.
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
    option = widget.positions.get(name) if type(name) is str else None
    if option is None:
        raise FeelbackError(
            422,
            f"This widget has no such {what}. It takes {', '.join(widget.values)}.",
            allowed=list(widget.values),
        )
    return option


def _tagged(widget: Widget, value: Any, settings: Settings) -> Value:
    if type(value) is not dict or not value.keys() <= {"tag", "message"} or "tag" not in value:
        raise FeelbackError(422, "The value of a tagged message must be an object with a tag and optionally a message.")
    message = value.get("message")
    if message is None or message == "":
        return _option(widget, value["tag"], "tag")
    body = _text(message, settings.limit_message_chars, "The message")
    return _option(widget, value["tag"], "tag")._replace(body=body)


def _text(value: Any, limit: int, what: str) -> str:
    if type(value) is not str or not value.strip():
        raise FeelbackError(422, f"{what} must be a text and not empty.")
    if len(value) > limit:
        raise FeelbackError(422, f"{what} has {len(value)} characters; the limit is {limit}.", limit=limit)
    return value


def _form(widget: Widget, value: Any, settings: Settings) -> str:
    if type(value) is not dict:
        raise FeelbackError(422, "The value of a form must be an object of its fields.")
    wrong: dict[str, str] = {}
    filled: dict[str, Any] = {}
    for name, entry in value.items():
        declared = widget.fields.get(name)
        if declared is None and not widget.is_open_form:
            wrong[name[:64]] = "is not a field of this form"
        elif entry is not None and entry != "":
            try:
                filled[name] = _field(declared or OPEN, entry, settings.limit_message_chars)
            except ValueError as error:
                wrong[name[:64]] = str(error)
    for name, declared in widget.fields.items():
        if declared.required and name not in filled and name not in wrong:
            wrong[name] = "is required"
    if len(value) > MOST_FIELDS:
        raise FeelbackError(422, f"The form has {len(value)} fields; the limit is {MOST_FIELDS}.", limit=MOST_FIELDS)
    if wrong:
        faults = "; ".join(f"{name} {why}" for name, why in wrong.items())
        raise FeelbackError(422, f"The form has errors: {faults}.", fields=wrong)
    if not filled:
        raise FeelbackError(422, "The form is empty.")
    return encode(filled).decode()


MOST_FIELDS = 50
OPEN = Field(name="", kind="any")


def _field(declared: Field, entry: Any, limit: int) -> Any:
    kind = declared.kind
    if kind == "any":
        kind = {bool: "boolean", int: "number", float: "number"}.get(type(entry), "text")
    if kind == "boolean":
        if type(entry) is not bool and entry not in ("true", "false", "on"):
            raise ValueError("must be true or false")
        return entry in (True, "true", "on")
    if kind == "number":
        return _number(declared, entry)
    if type(entry) is not str:
        raise ValueError("must be a text")
    longest = min(limit, int(declared.max)) if declared.max is not None else limit
    if len(entry) > longest:
        raise ValueError(f"has {len(entry)} characters; the limit is {longest}")
    if declared.min is not None and len(entry) < declared.min:
        raise ValueError(f"has {len(entry)} characters; it needs at least {int(declared.min)}")
    if kind == "email" and not _EMAIL.fullmatch(entry):
        raise ValueError("must be an email address")
    if kind == "choice" and entry not in declared.choices:
        raise ValueError(f"must be one of {', '.join(declared.choices)}")
    return entry


def _number(declared: Field, entry: Any) -> int | float:
    if type(entry) is str:  # a plain HTML form sends nothing else
        entry = entry.strip()
        if not _NUMBER.fullmatch(entry):
            raise ValueError("must be a number")
        entry = int(entry) if entry.lstrip("+-").isdecimal() and len(entry) < 19 else float(entry)
    if type(entry) not in (int, float) or not abs(entry) < _LARGEST:
        raise ValueError("must be a number below 2^63")
    if declared.min is not None and entry < declared.min:
        raise ValueError(f"must be at least {declared.min:g}")
    if declared.max is not None and entry > declared.max:
        raise ValueError(f"must be at most {declared.max:g}")
    return entry  # type: ignore[no-any-return]  # its type was checked above


def validate_context(context: Any, settings: Settings) -> str | None:
    """The context as JSON: a flat object of texts and numbers; None if empty.

    Raises:
        FeelbackError: 422, with what is wrong and the limit.
    """
    if context is None or context == {}:
        return None
    if type(context) is not dict:
        raise FeelbackError(422, "The context must be an object of texts and numbers.")
    if len(context) > settings.limit_context_keys:
        limit = settings.limit_context_keys
        raise FeelbackError(422, f"The context has {len(context)} keys; the limit is {limit}.", limit=limit)
    for name, entry in context.items():
        if not 0 < len(name) <= 64:
            raise FeelbackError(422, "A key of the context must have 1 to 64 characters.", limit=64)
        kind = type(entry)
        if kind is int or kind is float:
            if not abs(entry) < _LARGEST:
                raise FeelbackError(422, f"The number {name} in the context is too large.")
        elif kind is not str and kind is not bool and entry is not None:
            raise FeelbackError(422, f"{name} in the context must be a text or a number.")
    user = context.get("$user")
    if user is not None and not (type(user) is str and len(user) <= 254 and _EMAIL.fullmatch(user)):
        raise FeelbackError(422, "$user in the context must be an email address.")
    if context.get(languages.NAME) is not None:
        context = {**context, languages.NAME: languages.primary_subtag(context[languages.NAME])}
    encoded = encode(context)
    if len(encoded) > settings.limit_context_bytes:
        limit = settings.limit_context_bytes
        raise FeelbackError(422, f"The context has {len(encoded)} bytes; the limit is {limit}.", limit=limit)
    return encoded.decode()
