"""Fly's Machines API: starting the worker machine."""

import json
import os
import socket
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

from app.config import Settings

TIMEOUT = 10  # seconds
RUNNING = ("started", "starting")


def name() -> str:
    """The name of this machine: Fly's, or its host name."""
    return (os.environ.get("FLY_MACHINE_ID") or socket.gethostname() or "?")[:100]


def is_set_up(settings: Settings) -> bool:
    """Whether the settings name a worker machine."""
    return bool(settings.fly_worker_machine_id)


def start_worker(settings: Settings) -> str | None:
    """Start the worker machine. Returns an error message, or None if it starts or runs already.

    Blocks for up to 20 seconds. If the call fails, the state of the machine decides: it may have started anyway.
    """
    try:
        _call(settings, "POST", "/start")
        return None
    except (OSError, ValueError) as error:
        reason = _error_text(error)
    try:
        state = str(_call(settings, "GET", "").get("state"))
    except (OSError, ValueError) as error:
        return f"{reason}; the request for its state failed too: {_error_text(error)}"
    return None if state in RUNNING else f"{reason}; the machine is {state[:40]}"


def _call(settings: Settings, method: str, action: str) -> dict[str, Any]:
    app, machine = quote(settings.fly_app_name, safe=""), quote(settings.fly_worker_machine_id, safe="")
    request = urllib.request.Request(  # noqa: S310 - config allows only http(s)
        f"{settings.fly_api_url}/v1/apps/{app}/machines/{machine}{action}",
        method=method,
        headers={"Authorization": f"Bearer {settings.fly_api_token}", "User-Agent": "feelback"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
        body = json.loads(answer.read(1_000_000) or b"{}")
    return body if isinstance(body, dict) else {}


def _error_text(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"the Machines API answered {error.code}"
    return f"the Machines API did not answer ({type(error).__name__})"
