"""The worker's part of billing: asks Stripe what is true, for each event, and once a night for everybody.

Only this writes what is paid for. The panel and the webhook note that something happened; in which order, how often or
whether at all they do makes no difference to what Stripe says when it is asked. Stripe may be away for as long as it
likes: events wait, and who has paid keeps what they have.
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
    """Everybody is to be compared with Stripe."""


class Billing:
    """Processes Stripe's events and the nightly comparison; does nothing without Stripe's key."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._client = stripe_client.connect(resources.settings)
        self._has_plans, self._asks_for_plans = False, True

    async def claim(self) -> BillingEvent | Comparison | None:
        """An event that is due, claimed for 5 minutes, or the comparison of the night."""
        if self._asks_for_plans:
            self._has_plans = await sync_plan_prices(self._pool, self._client, self._settings)
            self._asks_for_plans = False
        if not self._settings.stripe_secret_key:
            return None
        event = await queries.claim_billing_event(self._pool)
        if event is None and await queries.claim_comparison(self._pool):
            return Comparison()
        return event

    async def do(self, item: BillingEvent | Comparison) -> str:
        """Ask Stripe; the outcome of an event, or `compared`."""
        if isinstance(item, BillingEvent):
            return await process(self._pool, self._client, item)
        counts = await compare(self._pool, self._client)
        log.info("Compared with Stripe: %s", ", ".join(f"{count} {what}" for what, count in counts.items()) or "nobody")
        return "compared"

    async def rest(self) -> None:
        """Ask for the prices once more before the next claim, where Stripe did not answer."""
        self._asks_for_plans = not self._has_plans

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()


async def sync_plan_prices(pool: db.Pool, client: stripe_client.Client, settings: Settings) -> bool:
    """Turns billing on or off in the database as the settings say; whether Stripe was there to tell the prices."""
    if not settings.stripe_secret_key:
        await queries.sync_plan_prices(pool, False, "[]")
        return True
    try:
        await queries.sync_plan_prices(pool, True, json.dumps(await stripe_client.prices(client, settings)))
    except FeelbackError as error:
        log.warning("Stripe does not tell what the plans cost: %s", error.message)
        known = [dict(zip(("plan", "unit", "price_id"), price, strict=True)) for price in settings.stripe_prices]
        await queries.sync_plan_prices(pool, True, json.dumps(known))
        return False
    return True


async def process(pool: db.Pool, client: stripe_client.Client, event: BillingEvent, now: datetime | None = None) -> str:
    """Ask Stripe about the customer of a claimed event, and mark it.

    The outcome is `changed`, `same`, `stale`, `unknown` (no customer of ours), or `later`.
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
        return await _leave(client, event.customer_id)
    if event.is_asked:
        return "same"
    return await fetch(pool, client, event.customer_id, event.requested_at, now)


async def fetch(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, requested_at: datetime, now: datetime | None = None
) -> str:
    """Asks Stripe about a customer and writes down what it says; `requested_at` is when, by the database's clock."""
    told = await stripe_client.told(client, customer_id)
    if told is None:
        # As where the key is of another mode or business: nothing is taken from anybody for that.
        log.error("Stripe does not know the customer %s; is STRIPE_SECRET_KEY the right one?", customer_id)
        return "unknown"
    outcome = await queries.update_subscription(
        pool, customer_id, _uuid(told.account_id), told.as_json(), requested_at, now
    )
    if outcome == "changed" and told.status in ("active", "trialing"):
        await stripe_subscriptions.expire_checkouts(client, customer_id)
    return outcome


async def compare(pool: db.Pool, client: stripe_client.Client, now: datetime | None = None) -> Counter[str]:
    """Holds everybody against Stripe, and puts right what differs; how many came to what."""
    told: Counter[str] = Counter()
    known: set[str] = set()
    after = ""
    while customers := await queries.billing_customers(pool, after):
        for customer in customers:
            after = customer.customer_id
            known.add(after)
            told[await _compared(pool, client, after, customer.requested_at, now)] += 1
    # Who has paid, and whom we have forgotten, as after a restore.
    async for customer_id in stripe_client.subscribers(client):
        if customer_id not in known:
            known.add(customer_id)
            told[await _compared(pool, client, customer_id, None, now)] += 1
    return told


async def _compared(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, requested_at: datetime | None, now: datetime | None
) -> str:
    try:
        return await fetch(pool, client, customer_id, requested_at or await queries.clock(pool), now)
    except FeelbackError as error:
        log.warning("Customer %s was not compared: %s", customer_id, error.message)
        return "later"


async def _leave(client: stripe_client.Client, customer_id: str) -> str:
    told = await stripe_client.told(client, customer_id)
    if told is None or told.subscription_id is None:
        return "same"
    await stripe_subscriptions.cancel_now(client, told.subscription_id)
    return "changed"


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
