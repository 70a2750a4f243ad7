"""One error type for everything that a caller may be told, and the table from SQLSTATE to it."""

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
    422: "unprocessable_entity",
    429: "too_many_requests",
    500: "internal_error",
    503: "service_unavailable",
}

# Our functions raise SQLSTATEs of class FB: FB404 is a not_found. The rest are Postgres' own for a constraint that a
# caller's value broke; any other is a fault of ours.
# Ours; a rule that is broken; and a text with a NUL character or half of one, which Postgres does not keep.
SQLSTATES = {f"FB{status}": status for status in CODES} | {"23505": 409, "23514": 422, "22021": 422, "22P05": 422}


class FeelbackError(Exception):
    """An error with an HTTP status, told to the caller as `{"error", "message", "data"}`.

    `message` says what was wrong and the limit it broke; `data` holds the same for programs.
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
        """Make an error about a column: `fault` is the message without its subject, such as "must be a text."."""
        error = cls(status, f"{setting.replace('_', ' ').capitalize()} {fault}")
        error.setting, error._fault = setting, fault
        return error

    def named(self, setting: str) -> str:
        """The message of an error about a setting, which the caller knows by the name `setting`."""
        return f"{setting} {self._fault}"

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"error": self.code, "message": self.message, "data": self.data}


class ConfigError(Exception):
    """A setting, file or port that keeps the program from starting; its text is one clear line per fault."""


def trace(error: BaseException) -> str:
    """What went wrong and where, for the log: without the error's text, which may quote what a visitor typed."""
    known = (type(error).__qualname__, getattr(error, "sqlstate", None), getattr(error, "constraint_name", None))
    calls = "".join(traceback.format_tb(error.__traceback__))
    return f"{' '.join(part for part in known if part)}\n{calls}".rstrip()
