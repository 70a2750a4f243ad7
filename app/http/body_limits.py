"""How large the body of a request may be: what visitors may send, and Stripe's events, which may be larger."""

from typing import Any

import quart

from app.config import Settings

EVENTS = "/billing/events"
EVENT_BYTES = 1_048_576  # Stripe stops sending to an endpoint that goes on refusing


def body_limit(settings: Settings, path: str) -> int:
    """The most bytes that the body of a request to `path` may have."""
    return max(settings.limit_body_bytes, EVENT_BYTES) if path == EVENTS else settings.limit_body_bytes


class Request(quart.Request):
    """A request with the limit of its path."""

    def __init__(self, method: str, scheme: str, path: str, *args: Any, **more: Any) -> None:
        if path == EVENTS and more.get("max_content_length") is not None:
            more["max_content_length"] = max(more["max_content_length"], EVENT_BYTES)
        super().__init__(method, scheme, path, *args, **more)
