"""Log lines, as text or as JSON: when, how grave, where, what, of which request. No exception's own text is in them."""

import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.errors import trace

request_id: ContextVar[str] = ContextVar("request_id", default="")
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
SECRETS = re.compile(r"(?i)(\b[a-z][a-z+]*://[^\s:/@]*:)[^\s@]+@|\bbearer\s+\S+")


class Text(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatException(self, ei: Any) -> str:
        """What went wrong and where, without the exception's text, which may quote what a visitor typed."""
        return trace(ei[1]) if ei and ei[1] is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        """One line; those of a request end with what is known of it."""
        record.exc_text = None  # another handler's formatter may have kept its own
        told = without_secrets(super().format(record))
        more = {"request_id": request_id.get() or None, **getattr(record, "request", {})}
        return " ".join([told, *(f"{name}={value}" for name, value in more.items() if value is not None)])


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return msgspec.json.encode(event(record)).decode()


def event(record: logging.LogRecord) -> dict[str, Any]:
    """A log record as JSON has it; of a request also its method, route, status, milliseconds and account."""
    told: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": without_secrets(record.getMessage()),
    }
    if id := request_id.get():
        told["request_id"] = id
    told |= {name: value for name, value in getattr(record, "request", {}).items() if value is not None}
    if record.exc_info and record.exc_info[1] is not None:
        told["error"] = trace(record.exc_info[1])
    return told


def without_secrets(text: str) -> str:
    """The text without passwords in addresses and without bearer tokens."""
    if "://" not in text and "earer" not in text.lower():
        return text
    return SECRETS.sub(lambda match: f"{match[1]}…@" if match[1] else "Bearer …", text)
