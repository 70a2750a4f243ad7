"""What a visitor adds to a response or changes of it: another value, reasons, a message, a contact, a passage."""

from typing import Any

from app.config import Settings
from app.errors import FeelbackError
from app.ingest import passages, values
from app.ingest.passages import field_error
from app.ingest.widgets import Widget
from app.queries.ingestion import Growth
from app.text import widget_types

PARTS = ("value", "reasons", "message", "contact", "passage")
MOST_REASONS = 20
CONTACT_CHARS = 254


def growth(widget: Widget, body: dict[str, Any], settings: Settings) -> Growth:
    """The parts of a response that `body` names; null clears all but a value.

    Raises:
        FeelbackError: 422, with the field that is wrong and its limit.
    """
    parts = [part for part in PARTS if part in body]
    unknown = sorted(body.keys() - {*PARTS, "token"})
    if unknown:
        raise field_error(unknown[0][:64], f"is no part of a response. Send any of {', '.join(PARTS)}.")
    if not parts:
        raise FeelbackError(422, f"Nothing to change. Send any of {', '.join(PARTS)}.")
    option_no = text = fields = None
    if "value" in body:
        option_no, text, fields = values.validate(widget, body["value"], settings)
        if widget.type in widget_types.WITH_TEXT:
            parts.append("words")
    if "message" in body:
        if widget.type in widget_types.WITH_TEXT:
            raise field_error("message", "must be left out: this widget takes it with its value.", limit=0)
        text = _text("message", body["message"], settings.limit_message_chars)
    contact = _text("contact", body.get("contact"), CONTACT_CHARS)
    if contact is not None and not values.is_email(contact):
        raise field_error(
            "contact", f"must be an email address of at most {CONTACT_CHARS} characters.", limit=CONTACT_CHARS
        )
    passage = passages.validate(widget, body.get("passage"))
    return Growth(parts, option_no, text, fields, _reasons(body.get("reasons")), contact, passage)


def _reasons(reasons: Any) -> list[str]:
    if reasons is None:
        return []
    if (
        type(reasons) is not list
        or len(reasons) > MOST_REASONS
        or not all(type(reason) is str and 0 < len(reason) <= 100 for reason in reasons)
    ):
        raise field_error("reasons", f"must be a list of at most {MOST_REASONS} texts.", limit=MOST_REASONS)
    return reasons


def _text(field: str, value: Any, limit: int) -> str | None:
    if value is None:
        return None
    if type(value) is not str or not value.strip():
        raise field_error(field, "must be a text and not empty, or null.", limit=limit)
    if len(value) > limit:
        raise field_error(field, f"has {len(value)} characters; the limit is {limit}.", limit=limit)
    return value
