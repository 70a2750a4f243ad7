"""Token buckets: how fast one address, project or page may send and read."""

import math
import time

from app.errors import FeelbackError


class Buckets:
    """One token bucket a key: `burst` at once, `per_second` after that. The fullest are forgotten beyond `size`."""

    def __init__(self, what: str, per_second: int, burst: int, size: int = 100_000) -> None:
        self._what, self._limits, self._size = what, (per_second, burst), size
        self._levels: dict[bytes, tuple[float, float]] = {}
        self.divide(1)

    def divide(self, count: int) -> None:
        """Keep to one of `count` equal shares of the limit. A share holds at least one token."""
        self._rate, self._burst = self._limits[0] / count, max(1.0, self._limits[1] / count)

    def take(self, key: bytes, count: int = 1) -> None:
        """Takes `count` tokens of `key`'s bucket, or all that it can hold.

        Raises:
            FeelbackError: 429 with Retry-After (seconds) where there are not as many.
        """
        # Without `min` and the like, since each response takes four times: half of the time that it took with them.
        now, level, entry = time.monotonic(), self._burst, self._levels.get(key)
        cost = count if count < level else level
        if entry is None:
            if len(self._levels) >= self._size:
                self._forget(now)
        elif (rest := entry[0] + (now - entry[1]) * self._rate) < level:
            level = rest
        if level < cost:
            self._levels[key] = (level, now)
            wait = math.ceil((cost - level) / self._rate) or 1
            rate, burst = self._limits
            raise FeelbackError(
                429,
                f"Too many requests for this {self._what}: {rate} a second are taken, {burst} at once.",
                headers={"retry-after": str(wait)},
                limit=rate,
                retryAfter=wait,
            )
        self._levels[key] = (level - cost, now)

    def _forget(self, now: float) -> None:
        full = self._burst / self._rate
        self._levels = {key: entry for key, entry in self._levels.items() if now - entry[1] < full}
        while len(self._levels) > self._size * 0.9:  # some at a time: looking at all of them takes its time
            self._levels.pop(next(iter(self._levels)))
