"""This process's share of the limits that all web processes of an installation keep together.

Each says every few seconds that it runs, and learns how many do. Its share of a limit is that limit divided by their
number: no request waits for the others, and together they admit no more than one alone would. Connections are spread
evenly over the processes; a sender with a single connection has the share of one.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from uuid import uuid4

from app.database import db
from app.errors import FeelbackError
from app.ingest.limits import Buckets
from app.queries import health

BEAT_SECONDS = 5.0  # a process that is not heard of for four beats does not count


class Shares:
    """Divides `buckets` by the number of processes: at first by `count`, those of this machine."""

    def __init__(self, pool: db.Pool, buckets: Iterable[Buckets], count: int) -> None:
        self._pool, self._buckets, self._id = pool, list(buckets), uuid4()
        self._divide(count)

    async def run(self) -> None:
        """Until cancelled. While the database is away, the last number counts."""
        while True:
            with contextlib.suppress(*db.UNAVAILABLE, db.RowError, FeelbackError):
                self._divide(await health.record_web_process(self._pool, self._id))
            await asyncio.sleep(BEAT_SECONDS)

    async def leave(self) -> None:
        """The others share among themselves."""
        with contextlib.suppress(*db.UNAVAILABLE, db.RowError, FeelbackError):
            await health.delete_web_process(self._pool, self._id)

    def _divide(self, count: int) -> None:
        for buckets in self._buckets:
            buckets.divide(count)
