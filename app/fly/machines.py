"""Fly's Machines API: one call of it, which starts the worker machine."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

from app.config import Settings

TIMEOUT = 10
RUNS = ("started", "starting")


def is_set_up(settings: Settings) -> bool:
    """Whether a worker machine is to be started when there is work."""
    return bool(settings.fly_worker_machine_id)


def start_worker(settings: Settings) -> str | None:
    """Start the worker machine; what went wrong, or None where it starts or runs already. Blocks, 20 seconds at most.

    An answer that was lost, or that says no, need not mean that it does not start: then its state is asked for.
    """
    try:
        _call(settings, "POST", "/start")
        return None
    except (OSError, ValueError) as error:
        told = _told(error)
    try:
        state = str(_call(settings, "GET", "").get("state"))
    except (OSError, ValueError) as error:
        return f"{told}; and when asked for its state: {_told(error)}"
    return None if state in RUNS else f"{told}; it is {state[:40]}"


def _call(settings: Settings, method: str, what: str) -> dict[str, Any]:
    app, machine = quote(settings.fly_app_name, safe=""), quote(settings.fly_worker_machine_id, safe="")
    request = urllib.request.Request(  # noqa: S310 - config lets only http(s) in
        f"{settings.fly_api_url}/v1/apps/{app}/machines/{machine}{what}",
        method=method,
        headers={"Authorization": f"Bearer {settings.fly_api_token}", "User-Agent": "feelback"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
        found = json.loads(answer.read(1_000_000) or b"{}")
    return found if isinstance(found, dict) else {}


def _told(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"the Machines API answered {error.code}"
    return f"the Machines API did not answer ({type(error).__name__})"
