"""Log lines as text or JSON: time, level, logger, message, request. They never hold the text of an exception."""

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
    """Formats lines for people."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatException(self, ei: Any) -> str:
        """Format the type and traceback, without the exception's text, which may quote what a visitor typed."""
        return trace(ei[1]) if ei and ei[1] is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record; the fields of a request are appended as name=value."""
        record.exc_text = None  # another handler may have cached the text of the exception here
        line = without_secrets(super().format(record))
        fields = {"request_id": request_id.get() or None, **getattr(record, "request", {})}
        return " ".join([line, *(f"{name}={value}" for name, value in fields.items() if value is not None)])


class Json(logging.Formatter):
    """Formats one JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        return msgspec.json.encode(event(record)).decode()


def event(record: logging.LogRecord) -> dict[str, Any]:
    """The fields of a log record; of a request also its method, route, status, milliseconds and account."""
    fields: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": without_secrets(record.getMessage()),
    }
    if id := request_id.get():
        fields["request_id"] = id
    fields |= {name: value for name, value in getattr(record, "request", {}).items() if value is not None}
    if record.exc_info and record.exc_info[1] is not None:
        fields["error"] = trace(record.exc_info[1])
    return fields


def without_secrets(text: str) -> str:
    """The text without passwords in URLs and without bearer tokens."""
    if "://" not in text and "earer" not in text.lower():
        return text
    return SECRETS.sub(lambda match: f"{match[1]}…@" if match[1] else "Bearer …", text)
