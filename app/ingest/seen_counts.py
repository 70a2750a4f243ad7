"""Seen counts: page views in which widgets were seen, counted in memory and written every few seconds.

Counts alone: nothing of a visitor goes into them, and nothing of a request but its widgets and page keys.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from app.ingest.counters import MOST, Counters
from app.ingest.widgets import Widget

ELSEWHERE = ""  # the key of no page: such a view counts for the widget alone


class SeenCounts(Counters):
    """Counts views by (account, widget, page key, day).

    Of a widget at most `pages` pages wait at a time. Views of others count for the widget alone, as those of pages
    without responses do: a flood of made-up pages stays small, and takes no room from other widgets.
    """

    def __init__(
        self,
        write: Callable[[Sequence[tuple[Any, Any, str, date, int]]], Awaitable[Any]],
        *,
        seconds: float = 2,
        pages: int = 1000,
        by_account: bool = False,
    ) -> None:
        super().__init__("Seen counts", write, seconds=seconds, by_account=by_account)
        self._pages = pages
        self._pages_of: Counter[Any] = Counter()

    def add(self, widget: Widget, key: str) -> None:
        """Count a page view in which a widget was seen."""
        if (widget.account_id, widget.id, key, widget.day) not in self._counts:
            if self._pages_of[widget.id] >= self._pages or len(self._counts) >= MOST:
                key = ELSEWHERE
            else:
                self._pages_of[widget.id] += 1
        self._count(widget.account_id, widget.id, key, widget.day)

    async def flush(self) -> None:
        """Write the counts; what cannot be written is retried with the next flush."""
        self._pages_of.clear()
        await super().flush()
