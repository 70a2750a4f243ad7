"""Counters that a web process keeps in memory and writes together every few seconds."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.ingest.accounts import batches

log = logging.getLogger(__name__)

MOST = 10_000  # counters that wait for a database that does not answer


class Counters:
    """Counts by tuples, and hands rows of (*counter, count) to `write` `seconds` after the first of them.

    `what` names them in the log.
    """

    def __init__(
        self, what: str, write: Callable[[Sequence[Any]], Awaitable[Any]], *, seconds: float = 2,
        by_account: bool = False,
    ) -> None:  # fmt: skip
        self._what, self._write, self._seconds, self._by_account = what, write, seconds, by_account
        self._counts: Counter[tuple[Any, ...]] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    def _count(self, *counter: Any) -> None:
        self._counts[counter] += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(self._seconds)
        self._task = None
        await self.flush()

    async def flush(self) -> None:
        """Write the counts, once those before them are; what cannot be written is retried with the next flush."""
        # Who closes the pool after this must not cut off a write that is under way.
        async with self._lock:
            counts, self._counts = self._counts, Counter()
            if not counts:
                return
            rows = [(*counter, count) for counter, count in counts.items()]
            for batch in batches(rows, by_account=self._by_account):
                await self._flush(batch)

    async def _flush(self, rows: Sequence[Any]) -> None:
        try:
            await self._write(rows)
        except Exception as error:
            log.warning("%s were not written: %s", self._what, type(error).__name__)
            if len(self._counts) < MOST:
                self._counts.update({tuple(counter): count for *counter, count in rows})
