"""Refusals, counted in memory by reason and origin and written every few seconds. No visitor's words are kept."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.ingest.counters import Counters

OTHER = "(other origins)"


class Refusals(Counters):
    """Counts refusals by (account, project, reason, origin).

    At most `origins` origins a project are counted separately in an hour: a flood of made-up ones stays one row.
    """

    def __init__(
        self,
        write: Callable[[Sequence[tuple[Any, Any, str, str, int]]], Awaitable[Any]],
        *,
        seconds: float = 2,
        origins: int = 50,
        by_account: bool = False,
    ) -> None:
        super().__init__("Refusals", write, seconds=seconds, by_account=by_account)
        self._origins = origins
        self._origins_of: dict[Any, set[str]] = {}
        self._hour = 0.0
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
        self._count(account_id, project_id, reason, origin)
