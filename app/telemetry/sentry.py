"""Reports errors to SENTRY_DSN: their type and where in the code; no texts, no values, nothing of the request.

The only module that imports sentry_sdk, which sends from its own thread and drops events that it cannot keep up with.
"""

import atexit
import logging
import os
import sys
import traceback
from typing import Any

import sentry_sdk

from app import __version__
from app.config import CODE, Settings
from app.telemetry.lines import request_id, without_secrets

LAST_SECONDS = 2.0  # to send waiting events at exit
FRAME = ("filename", "abs_path", "function", "module", "lineno", "colno", "in_app")
FIELDS = (
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "server_name",
    "sdk",
    "tags",
)


def handler(settings: Settings) -> logging.Handler:
    """A log handler that reports records of level ERROR."""
    sentry_sdk.init(
        settings.sentry_dsn,
        release=f"feelback@{__version__}",
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        before_send=_scrub,
    )
    atexit.register(sentry_sdk.flush, LAST_SECONDS)
    return _Handler(logging.ERROR)


def report(kind: str, message: str, frames: list[dict[str, Any]], source: str) -> None:
    """Report an error of a browser. `source` is `panel` or `sdk`; the innermost of `frames` is last."""
    event: Any = {
        "level": "error",
        "platform": "javascript",
        "logger": source,
        "exception": {"values": [{"type": kind, "value": message, "stacktrace": {"frames": frames}}]},
        "tags": {"source": source},
    }
    sentry_sdk.capture_event(event)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("sentry_sdk", "urllib3")):
            return
        # A record logged inside `except` reports that exception even without exc_info.
        error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
        tags = {"request_id": request_id.get()} if request_id.get() else {}
        event: Any = {"level": "error", "logger": record.name, "tags": tags}
        if error is not None:
            event["exception"] = {"values": [_exception_event(error)]}
        else:
            event["message"] = without_secrets(record.getMessage()).splitlines()[0][:500]
        sentry_sdk.capture_event(event)


def _exception_event(error: BaseException) -> dict[str, Any]:
    known = (getattr(error, "sqlstate", None), getattr(error, "constraint_name", None))
    frames = [
        {
            "filename": os.path.relpath(frame.f_code.co_filename, CODE),
            "function": frame.f_code.co_qualname,
            "module": frame.f_globals.get("__name__"),
            "lineno": line,
            "in_app": frame.f_globals.get("__name__", "").startswith("app"),
        }
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return {
        "type": type(error).__qualname__,
        "module": type(error).__module__,
        "value": " ".join(part for part in known if part),
        "stacktrace": {"frames": frames},
    }


def _scrub(event: Any, hint: Any) -> Any:
    # An allowlist, so that fields added by later versions of the library are not sent.
    result = {name: event[name] for name in FIELDS if name in event}
    if "message" in event:
        result["message"] = event["message"]
    values = event.get("exception", {}).get("values", [])
    if values:
        result["exception"] = {"values": [_scrub_exception(value) for value in values]}
    return result


def _scrub_exception(value: Any) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    frames = [{name: frame[name] for name in FRAME if frame.get(name) is not None} for frame in frames]
    return {"type": value.get("type"), "value": value.get("value", ""), "stacktrace": {"frames": frames}}
