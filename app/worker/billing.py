"""Billing events: fetches the state of a customer from Stripe for each event, and of all customers once a night.

Only the worker writes subscriptions. The panel and the webhook only record that something happened, so it makes no
difference in which order or how often events arrive. While Stripe is unavailable events wait, and accounts keep their
plans.
"""

import asyncio
import json
import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from app.billing import stripe_client
from app.config import Settings
from app.database import db
from app.errors import FeelbackError
from app.queries import billing_events as queries
from app.queries.billing_events import BillingEvent
from app.worker.billing_customers import fetch
from app.worker.loop import Resources

log = logging.getLogger(__name__)
PROCESS_SECONDS = 20  # shorter than a claim lasts
PRICES_SECONDS = 3600  # a price that is changed at Stripe is offered within the hour


@dataclass(frozen=True, slots=True)
class Comparison:
    """The nightly comparison of all customers with Stripe, and when it began by the database's clock."""

    started_at: datetime


class Billing:
    """Processes Stripe's events and the nightly comparison. Does nothing without STRIPE_SECRET_KEY."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._client = stripe_client.connect(resources.settings)
        self._has_plans, self._is_sync_due, self._synced_at = False, True, 0.0

    async def claim(self) -> BillingEvent | Comparison | None:
        """Claim an event that is due, for 25 seconds, or the nightly comparison. Each hour, sync prices before."""
        if self._is_sync_due or time.monotonic() - self._synced_at >= PRICES_SECONDS:
            self._has_plans = await sync_plan_prices(self._pool, self._client, self._settings)
            await queries.enqueue_unlisted(self._pool)
            self._is_sync_due, self._synced_at = False, time.monotonic()
        if not self._settings.stripe_secret_key:
            return None
        event = await queries.claim_billing_event(self._pool)
        if event is None and await queries.claim_comparison(self._pool):
            return Comparison(await queries.clock(self._pool))
        return event

    async def do(self, item: BillingEvent | Comparison) -> str:
        """Process an event or the comparison. Returns the outcome of `process`, or `compared`."""
        if isinstance(item, BillingEvent):
            return await process(self._pool, self._client, item)
        try:
            counts = await compare(self._pool, self._client)
        except FeelbackError as error:  # the list of subscriptions could not be read to its end
            log.warning("The comparison with Stripe is not complete: %s", error.message)
            counts = Counter(later=1)
        await queries.finish_comparison(self._pool, item.started_at, counts["later"] == 0)
        log.info(
            "Compared with Stripe: %s",
            ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no customers",
        )
        return "compared"

    async def rest(self) -> float | None:
        """Sync prices again before the next claim if Stripe did not answer the last time."""
        self._is_sync_due = not self._has_plans
        return await queries.billing_due_in(self._pool) if self._settings.stripe_secret_key else None

    async def close(self) -> None:
        await self._client.close()


async def sync_plan_prices(pool: db.Pool, client: stripe_client.Client, settings: Settings) -> bool:
    """Turn billing on or off in the database as the settings say. Returns False if Stripe did not give the prices."""
    if not settings.stripe_secret_key:
        await queries.sync_plan_prices(pool, False, "[]")
        return True
    try:
        await queries.sync_plan_prices(pool, True, json.dumps(await stripe_client.prices(client, settings)))
    except FeelbackError as error:
        log.warning("Could not fetch the prices of plans from Stripe: %s", error.message)
        known = [dict(zip(("plan", "unit", "price_id"), price, strict=True)) for price in settings.stripe_prices]
        await queries.sync_plan_prices(pool, True, json.dumps(known))
        return False
    return True


async def process(pool: db.Pool, client: stripe_client.Client, event: BillingEvent, now: datetime | None = None) -> str:
    """Fetch the customer of a claimed event from Stripe, and mark the event.

    The outcome is `changed`, `same`, `stale`, `unknown` (not a customer of ours), or `later`.
    """
    try:
        async with asyncio.timeout(PROCESS_SECONDS):
            outcome = await _process(pool, client, event, now)
    except (FeelbackError, TimeoutError) as error:
        message = error.message if isinstance(error, FeelbackError) else f"It took longer than {PROCESS_SECONDS} s."
        await queries.mark_billing_event(pool, event.id, event.attempt, None, message, now)
        return "later"
    await queries.mark_billing_event(pool, event.id, event.attempt, outcome, None, now)
    log.info("Billing event %s (%s): %s", event.id, event.type, outcome)
    return outcome


async def _process(pool: db.Pool, client: stripe_client.Client, event: BillingEvent, now: datetime | None) -> str:
    if event.customer_id is None:
        return "unknown"
    if event.is_asked and not event.type.startswith("account."):
        return "same"
    return await fetch(pool, client, event.customer_id, event.requested_at, now)


async def compare(pool: db.Pool, client: stripe_client.Client, now: datetime | None = None) -> Counter[str]:
    """Fetch all customers from Stripe and store what differs. Returns the number of customers by outcome."""
    outcomes: Counter[str] = Counter()
    known: set[str] = set()
    after = ""
    while customers := await queries.billing_customers(pool, after):
        for customer in customers:
            after = customer.customer_id
            known.add(after)
            outcomes[await _compare_one(pool, client, after, customer.requested_at, now)] += 1
    # Customers who pay but are not in the database, such as after a restore.
    async for customer_id in stripe_client.subscribers(client):
        if customer_id not in known:
            known.add(customer_id)
            outcomes[await _compare_one(pool, client, customer_id, None, now)] += 1
    return outcomes


async def _compare_one(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, requested_at: datetime | None, now: datetime | None
) -> str:
    try:
        return await fetch(pool, client, customer_id, requested_at or await queries.clock(pool), now)
    except FeelbackError as error:
        log.warning("Customer %s was not compared: %s", customer_id, error.message)
        return "later"
