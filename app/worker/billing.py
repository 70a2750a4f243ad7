"""Billing events: fetches the state of a customer from Stripe for each event, and of all customers once a night.

Only this module writes subscriptions. The panel and the webhook only record that something happened, so it makes no
difference in which order or how often events arrive. While Stripe is unavailable events wait, and accounts keep their
plans.
"""

import json
import logging
from collections import Counter
from datetime import datetime
from uuid import UUID

from app.billing import stripe_client, stripe_subscriptions
from app.config import Settings
from app.database import db
from app.errors import FeelbackError
from app.queries import billing_events as queries
from app.queries.billing_events import BillingEvent
from app.worker.loop import Resources

log = logging.getLogger(__name__)


class Comparison:
    """The nightly comparison of all customers with Stripe."""


class Billing:
    """Processes Stripe's events and the nightly comparison. Does nothing without STRIPE_SECRET_KEY."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._client = stripe_client.connect(resources.settings)
        self._has_plans, self._is_sync_due = False, True

    async def claim(self) -> BillingEvent | Comparison | None:
        """Claim an event that is due, for 5 minutes, or the nightly comparison."""
        if self._is_sync_due:
            self._has_plans = await sync_plan_prices(self._pool, self._client, self._settings)
            self._is_sync_due = False
        if not self._settings.stripe_secret_key:
            return None
        event = await queries.claim_billing_event(self._pool)
        if event is None and await queries.claim_comparison(self._pool):
            return Comparison()
        return event

    async def do(self, item: BillingEvent | Comparison) -> str:
        """Process an event or the comparison. Returns the outcome of `process`, or `compared`."""
        if isinstance(item, BillingEvent):
            return await process(self._pool, self._client, item)
        counts = await compare(self._pool, self._client)
        log.info(
            "Compared with Stripe: %s",
            ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no customers",
        )
        return "compared"

    async def rest(self) -> None:
        """Sync prices again before the next claim if Stripe did not answer the last time."""
        self._is_sync_due = not self._has_plans

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
        outcome = await _process(pool, client, event, now)
    except FeelbackError as error:
        await queries.mark_billing_event(pool, event.id, event.attempt, None, error.message, now)
        return "later"
    await queries.mark_billing_event(pool, event.id, event.attempt, outcome, None, now)
    log.info("Billing event %s (%s): %s", event.id, event.type, outcome)
    return outcome


async def _process(pool: db.Pool, client: stripe_client.Client, event: BillingEvent, now: datetime | None) -> str:
    if event.customer_id is None:
        return "unknown"
    if event.type == "account.deleted":
        return await _cancel(client, event.customer_id)
    if event.is_asked:
        return "same"
    return await fetch(pool, client, event.customer_id, event.requested_at, now)


async def fetch(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, requested_at: datetime, now: datetime | None = None
) -> str:
    """Fetch a customer from Stripe and store its subscription; returns the outcome, as `process` does.

    `requested_at` is the time of the request by the database's clock: of two fetches the later one wins.
    """
    snapshot = await stripe_client.customer_snapshot(client, customer_id)
    if snapshot is None:
        # Perhaps the key is of another mode or business. That must not end anybody's subscription.
        log.error("Stripe has no customer %s: check STRIPE_SECRET_KEY", customer_id)
        return "unknown"
    outcome = await queries.update_subscription(
        pool, customer_id, _uuid(snapshot.account_id), snapshot.as_json(), requested_at, now
    )
    if outcome == "changed" and snapshot.status in ("active", "trialing"):
        await stripe_subscriptions.expire_checkouts(client, customer_id)
    return outcome


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


async def _cancel(client: stripe_client.Client, customer_id: str) -> str:
    snapshot = await stripe_client.customer_snapshot(client, customer_id)
    if snapshot is None or snapshot.subscription_id is None:
        return "same"
    await stripe_subscriptions.cancel_now(client, snapshot.subscription_id)
    return "changed"


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
