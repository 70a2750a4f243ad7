"""Events: creates their deliveries, batch by batch."""

import asyncio

from app.queries import deliveries
from app.worker.loop import Resources

BUSY_SECONDS = 0.5  # another worker does it


class Events:
    """Matches events to the destinations that take them."""

    def __init__(self, resources: Resources) -> None:
        self._pool = resources.pool

    async def claim(self) -> bool | None:
        """True if events wait."""
        return True if await deliveries.work_due_in(self._pool, "event") == 0 else None

    async def do(self, item: bool) -> str:
        """Deal with a batch of events. The outcome is `matched`, or `busy` while another worker does it."""
        if await deliveries.match_events(self._pool):
            return "matched"
        await asyncio.sleep(BUSY_SECONDS)
        return "busy"

    async def rest(self) -> float | None:
        """In how many seconds the votes of this minute become events."""
        return await deliveries.work_due_in(self._pool, "event")

    async def close(self) -> None:
        """Nothing is kept between events."""
