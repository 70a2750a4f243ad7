"""How often somebody may guess: a few tries a minute, counted in this process."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from app.errors import FeelbackError

TRIES = 10
TRIES_OF_ALL = 100  # of one address, whoever it says it is: each costs a password's hash
ALL = "*"
SECONDS = 60
MOST_KEPT = 10_000


class Attempts:
    """Counts tries by address and e-mail; the oldest are forgotten first."""

    def __init__(self, *, enabled: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._enabled, self._clock = enabled, clock
        self._tries: OrderedDict[tuple[bytes, str], deque[float]] = OrderedDict()

    def count(self, address: bytes, email: str) -> None:
        """Counts one more try.

        Raises:
            FeelbackError: 429 with Retry-After, where there were ten in the last minute, or a hundred of the address.
        """
        if self._enabled:
            self._count(address, ALL, TRIES_OF_ALL)
            self._count(address, email, TRIES)

    def _count(self, address: bytes, email: str, most: int) -> None:
        now = self._clock()
        tries = self._tries.setdefault((address, email), deque())
        self._tries.move_to_end((address, email))
        if len(self._tries) > MOST_KEPT:
            self._tries.popitem(last=False)
        while tries and tries[0] <= now - SECONDS:
            tries.popleft()
        if len(tries) >= most:
            wait = int(tries[0] + SECONDS - now) + 1
            raise FeelbackError(
                429, f"Those were too many tries. Try again in {wait} seconds.", headers={"retry-after": str(wait)}
            )
        tries.append(now)

    def forget(self, address: bytes, email: str) -> None:
        """Starts anew, after a try that was right."""
        self._tries.pop((address, email), None)
