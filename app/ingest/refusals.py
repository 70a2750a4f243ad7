"""Refusals, counted in memory by reason and origin and written every few seconds. No visitor's words are kept."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

OTHER = "(other origins)"


class Refusals:
    """Counts refusals by (account, project, reason, origin) and hands them to `write` every `seconds`.

    At most `origins` origins a project are counted separately in an hour: a flood of made-up ones stays one row.
    """

    def __init__(
        self,
        write: Callable[[list[tuple[Any, Any, str, str, int]]], Awaitable[Any]],
        *,
        seconds: float = 2,
        origins: int = 50,
    ) -> None:
        self._write, self._seconds, self._origins = write, seconds, origins
        self._counts: Counter[tuple[Any, Any, str, str]] = Counter()
        self._origins_of: dict[Any, set[str]] = {}
        self._hour = 0.0
        self._task: asyncio.Task[None] | None = None
        self.observe: Callable[[str], None] | None = None  # called with the reason of each

    def add(self, account_id: Any, project_id: Any, reason: str, origin: str) -> None:
        """Count one refusal."""
        if self.observe is not None:
            self.observe(reason)
        hour = time.time() // 3600
        if hour != self._hour:
            self._hour, self._origins_of = hour, {}
        project_origins = self._origins_of.setdefault(project_id, set())
        origin = origin[:200] or "(none)"
        if origin not in project_origins:
            if len(project_origins) >= self._origins:
                origin = OTHER
            project_origins.add(origin)
        self._counts[account_id, project_id, reason, origin] += 1
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
            await self._write([(*key, count) for key, count in counts.items()])
        except Exception as error:
            log.warning("Refusals were not written: %s", type(error).__name__)
            if len(self._counts) < 10_000:
                self._counts.update(counts)
