"""The worker's part in billing where STRIPE_SECRET_KEY is not set: the database learns that nobody has to pay.

Apart from billing.py, because Stripe's library takes 10 MB of memory and half a second of CPU to load.
"""

from app.queries import billing_events as queries
from app.worker.loop import Resources


class BillingOff:
    """Turns billing off in the database once, at the worker's start."""

    def __init__(self, resources: Resources) -> None:
        self._pool, self._is_due = resources.pool, True

    async def claim(self) -> None:
        """Turn billing off, if that is still to do. There is never an item."""
        if self._is_due:
            await queries.sync_plan_prices(self._pool, False, "[]")
            self._is_due = False

    async def do(self, item: object) -> str:
        """Do nothing: no item is claimed."""
        return "same"

    async def rest(self) -> float | None:
        """Hold nothing; nothing will be due."""
        return None

    async def close(self) -> None:
        """Hold nothing."""
