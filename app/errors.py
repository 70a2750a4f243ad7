"""The error type for messages to callers, and the HTTP statuses of SQLSTATEs."""

import traceback
from typing import Any

CODES = {
    400: "bad_request",
    401: "unauthorized",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    409: "conflict",
    413: "payload_too_large",
    415: "unsupported_media_type",
    421: "misdirected_request",
    422: "unprocessable_entity",
    429: "too_many_requests",
    500: "internal_error",
    503: "service_unavailable",
}

# SQL functions raise SQLSTATEs of class FB: FB404 becomes a 404. The others are of Postgres: unique and check
# constraints, and texts that it cannot store. Any other SQLSTATE is a bug of ours.
SQLSTATES = {f"FB{status}": status for status in CODES} | {"23505": 409, "23514": 422, "22021": 422, "22P05": 422}


class FeelbackError(Exception):
    """An error with an HTTP status; in the API the JSON `{"error", "message", "data"}`.

    `message` says what is wrong, the limit, and what to do; `data` has the same for programs.
    """

    _fault = ""

    def __init__(self, status: int, message: str, *, headers: dict[str, str] | None = None, **data: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = CODES[status]
        self.message = message
        self.data = data
        self.headers = headers or {}
        self.setting: str | None = None

    @classmethod
    def of_setting(cls, status: int, setting: str, fault: str) -> "FeelbackError":
        """Create an error about a setting. `fault` is the message without its subject, such as "must be a text."."""
        error = cls(status, f"{setting.replace('_', ' ').capitalize()} {fault}")
        error.setting, error._fault = setting, fault
        return error

    @property
    def text(self) -> str:
        """The message and the hint."""
        return f"{self.message} {self.data.get('hint', '')}".rstrip()

    def message_for(self, setting: str) -> str:
        """The message with the setting's name in the caller's interface."""
        return f"{setting} {self._fault}"

    def body(self) -> dict[str, Any]:
        """The JSON body of the response."""
        return {"error": self.code, "message": self.message, "data": self.data}


class ConfigError(Exception):
    """A setting, file or port that prevents the program from starting. The text has one line per fault."""


def trace(error: BaseException) -> str:
    """The type and traceback of an error for the log, without its text, which may quote what a visitor typed."""
    known = (type(error).__qualname__, getattr(error, "sqlstate", None), getattr(error, "constraint_name", None))
    calls = "".join(traceback.format_tb(error.__traceback__))
    return f"{' '.join(part for part in known if part)}\n{calls}".rstrip()
