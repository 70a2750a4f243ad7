"""Addresses that take back what they ask for, again and again: their connections end before any work."""

import time
from collections import Counter

from app.config import Settings
from app.http.client_address import Addresses

MOST = 50  # requests that one address takes back
SECONDS = 10  # among those of so many seconds; and so long its connections end at once


class Resets:
    """Counts, for one web process, the requests that clients take back before they are answered, by packed address.

    An address with more than MOST of them that are most of its requests is refused for SECONDS. Browsers take some back
    when somebody leaves a page, but not most of many. LIMITS=off refuses nobody.
    """

    def __init__(self, settings: Settings) -> None:
        self._addresses, self._is_on = Addresses(settings), settings.limits
        self._since = 0.0
        self._requests, self._resets = Counter[bytes](), Counter[bytes]()
        self._until: dict[bytes, float] = {}

    def add_request(self, address: bytes) -> None:
        """Count a request that has arrived."""
        now = time.monotonic()
        if now - self._since > SECONDS:
            self._since = now
            self._requests.clear()
            self._resets.clear()
            self._until = {each: until for each, until in self._until.items() if until > now}
        self._requests[address] += 1

    def add_reset(self, address: bytes) -> None:
        """Count that such a request was taken back."""
        self._resets[address] += 1
        if self._is_on and self._resets[address] > max(MOST, self._requests[address] // 2):
            self._until[address] = time.monotonic() + SECONDS

    def is_refused(self, peer: str) -> bool:
        """Whether a new connection from `peer`, an IP address, is to end at once."""
        return bool(self._until) and self._until.get(self._addresses.of(peer), 0) > time.monotonic()
