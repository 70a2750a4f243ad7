"""Logs requests that the database could not serve: the first at once, then their number every few seconds."""

import logging
import time

from app.errors import FeelbackError

log = logging.getLogger(__name__)
SECONDS = 10.0


class Outages:
    """Counts requests that were answered with 503."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds, self._count, self._next = seconds, 0, 0.0

    def add(self, error: BaseException) -> None:
        """Count one request, and log if it is time."""
        self._count += 1
        now = time.monotonic()
        if now >= self._next:
            while isinstance(error, FeelbackError) and error.__cause__ is not None:
                error = error.__cause__
            reason = error.message if isinstance(error, FeelbackError) else type(error).__name__
            log.error("%d requests were answered with 503: %s", self._count, reason)
            self._count, self._next = 0, now + self._seconds
