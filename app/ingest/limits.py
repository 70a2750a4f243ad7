"""Token buckets: how fast one address, project or page may send and read."""

import math
import time

from app.errors import FeelbackError


class Buckets:
    """One token bucket a key: `burst` at once, `per_second` after that. The fullest are forgotten beyond `size`."""

    def __init__(self, what: str, per_second: int, burst: int, size: int = 100_000) -> None:
        self._what, self._rate, self._burst, self._size = what, per_second, burst, size
        self._levels: dict[bytes, tuple[float, float]] = {}

    def take(self, key: bytes, count: int = 1) -> None:
        """Takes `count` tokens of `key`'s bucket, or all that it can hold.

        Raises:
            FeelbackError: 429 with Retry-After (seconds) where there are not as many.
        """
        now, count = time.monotonic(), min(count, self._burst)
        level, at = self._levels.get(key, (float(self._burst), now))
        level = min(self._burst, level + (now - at) * self._rate)
        if level < count:
            self._levels[key] = (level, now)
            wait = math.ceil((count - level) / self._rate) or 1
            raise FeelbackError(
                429,
                f"Too many requests for this {self._what}: {self._rate} a second are taken, {self._burst} at once.",
                headers={"retry-after": str(wait)},
                limit=self._rate,
                retryAfter=wait,
            )
        if len(self._levels) >= self._size and key not in self._levels:
            self._forget(now)
        self._levels[key] = (level - count, now)

    def _forget(self, now: float) -> None:
        full = self._burst / self._rate
        self._levels = {key: entry for key, entry in self._levels.items() if now - entry[1] < full}
        while len(self._levels) > self._size * 0.9:  # some at a time: looking at all of them takes its time
            self._levels.pop(next(iter(self._levels)))
