"""Seen counts: page views in which widgets were seen, counted in memory and written every few seconds.

Counts alone: nothing of a visitor goes into them, and nothing of a request but its widgets and page keys.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from app.errors import FeelbackError
from app.ingest.widgets import Widget

log = logging.getLogger(__name__)


class SeenCounts:
    """Counts views by (account, widget, page key, day) and hands them to `write` every `seconds`.

    At most `size` counters wait, so that a flood of made-up pages stays small.
    """

    def __init__(
        self,
        write: Callable[[list[tuple[Any, Any, str, date, int]]], Awaitable[Any]],
        *,
        seconds: float = 2,
        size: int = 10_000,
    ) -> None:
        self._write, self._seconds, self._size = write, seconds, size
        self._counts: Counter[tuple[Any, Any, str, date]] = Counter()
        self._task: asyncio.Task[None] | None = None

    def add(self, widget: Widget, key: str) -> None:
        """Count a page view in which a widget was seen.

        Raises:
            FeelbackError: 503 with Retry-After where too many pages wait.
        """
        counter = (widget.account_id, widget.id, key, widget.day)
        if len(self._counts) >= self._size and counter not in self._counts:
            raise FeelbackError(503, "Too many pages wait to be counted.", headers={"retry-after": "2"})
        self._counts[counter] += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(self._seconds)
        self._task = None
        await self.flush()

    async def flush(self) -> None:
        """Write the counts; what cannot be written is retried with the next flush."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            await self._write([(*counter, count) for counter, count in counts.items()])
        except Exception as error:
            log.warning("Seen counts were not written: %s", type(error).__name__)
            if len(self._counts) < self._size:
                self._counts.update(counts)
