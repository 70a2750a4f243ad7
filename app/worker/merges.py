"""Merges of pages with many responses, and undoing them, batch by batch."""

import logging

from app import errors
from app.queries import merges
from app.queries.merges import DueMerge
from app.worker.loop import Resources

log = logging.getLogger(__name__)


class Merges:
    """Claims the merge that has waited longest."""

    def __init__(self, resources: Resources) -> None:
        self._pool = resources.pool

    async def claim(self) -> DueMerge | None:
        """A merge that is not finished."""
        return await merges.claim_merge(self._pool)

    async def do(self, item: DueMerge) -> str:
        """Go on with a merge for one batch.

        The outcome is its state, `none` where another worker finished it, or `deferred` where the batch failed.
        """
        try:
            return await merges.continue_merge(self._pool, item) or "none"
        except Exception as error:
            # Also where it took too long: it would be claimed again before the merges of other accounts.
            log.error("Merge %s: %s", item.id, errors.trace(error))
            await merges.defer_merge(self._pool, item)
            return "deferred"

    async def rest(self) -> None:
        """Nothing is kept between merges."""

    async def close(self) -> None:
        """Nothing is kept between merges."""
