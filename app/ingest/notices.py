"""Notices of new responses to the open screens of the panel."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

log = logging.getLogger(__name__)


class Notices:
    """Hands the number of new responses by project to `notify`: at once, then once in `seconds`.

    It is no part of the transaction that stores them, because Postgres commits those with a notice one after the other.
    """

    def __init__(self, notify: Callable[[Sequence[Any], Sequence[int]], Awaitable[Any]], *, seconds: float = 1) -> None:
        self._notify, self._seconds = notify, seconds
        self._waiting = Counter[Any]()
        self._task: asyncio.Task[None] | None = None

    def add(self, project_id: Any) -> None:
        """Count a new response of a project."""
        self._waiting[project_id] += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            await self.flush()
            await asyncio.sleep(self._seconds)
        self._task = None

    async def flush(self) -> None:
        """Send what waits. What cannot be sent is lost: screens show it with their next change."""
        waiting, self._waiting = self._waiting, Counter()
        if not waiting:
            return
        try:
            await self._notify(list(waiting), list(waiting.values()))
        except Exception as error:
            log.warning("Open screens were not notified: %s", type(error).__name__)
