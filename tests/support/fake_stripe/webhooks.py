"""Webhooks, signed as Stripe signs them and sent when the test says so."""

import copy
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.support.fake_stripe.business import Business

SECRET = "whsec_only_for_tests"


class Webhooks:
    """All events, and those `waiting`, which a test sends, repeats, reorders or drops."""

    def __init__(self, business: "Business") -> None:
        self._business = business
        self.events: list[dict[str, Any]] = []
        self.waiting: list[dict[str, Any]] = []
        self.url = ""
        self.post: Callable[[bytes, dict[str, str]], Awaitable[int]] = self._by_http

    def add(self, type: str, object: dict[str, Any]) -> None:
        """Record an event, to be sent later."""
        event = {
            "id": f"evt_{len(self.events) + 1:04d}", "object": "event", "type": type, "created": self._business.now,
            "livemode": False, "data": {"object": copy.deepcopy(object)},
        }  # fmt: skip
        self.events.append(event)
        self.waiting.append(event)

    async def send(self, *events: dict[str, Any]) -> list[int]:
        """Send these events, or all waiting ones, in order; returns the statuses of the answers."""
        batch = list(events) or self.waiting
        self.waiting = [event for event in self.waiting if event not in batch]
        return [await self.post(body(event), signed(body(event))) for event in batch]

    async def _by_http(self, body: bytes, headers: dict[str, str]) -> int:
        async with httpx.AsyncClient() as client:
            return (await client.post(self.url, content=body, headers=headers)).status_code


def body(event: dict[str, Any]) -> bytes:
    """The body of an event's request."""
    return json.dumps(event, indent=2).encode()


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of a webhook: signed with `secret` at that Unix time."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={digest}", "Content-Type": "application/json; charset=utf-8"}
