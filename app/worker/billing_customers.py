"""Fetching a customer from Stripe, storing what it says, and ending subscriptions that must not go on."""

import logging
import secrets
from datetime import datetime
from uuid import UUID

from app.billing import stripe_client, stripe_subscriptions
from app.billing.snapshot import CustomerSnapshot
from app.database import db
from app.queries import billing_events as queries
from app.queries.billing_events import CustomerOrders

log = logging.getLogger(__name__)


async def fetch(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, requested_at: datetime, now: datetime | None = None
) -> str:
    """Fetch a customer from Stripe and store its subscriptions; returns `changed`, `same`, `stale` or `unknown`.

    Then end those of a deleted account, and those that an operator has decided to cancel. `requested_at` is the time of
    the request by the database's clock: of two fetches the later one wins.

    Raises:
        FeelbackError: 503 if Stripe is unavailable; it is to be called again.
    """
    snapshot = await stripe_client.customer_snapshot(client, customer_id)
    if snapshot is None:
        # Perhaps the key is of another mode or business. That must not end anybody's subscription.
        log.error("Stripe has no customer %s: check STRIPE_SECRET_KEY", customer_id)
        await queries.report_missing_customer(pool, customer_id, now)
        return "unknown"
    outcome = await _store(pool, customer_id, snapshot, requested_at, now)
    if snapshot.is_deleted:
        return outcome
    if await _carry_out(client, customer_id, snapshot, await queries.customer_orders(pool, customer_id)):
        requested_at = await queries.clock(pool)
        if (latest := await stripe_client.customer_snapshot(client, customer_id)) is not None:
            await _store(pool, customer_id, latest, requested_at, now)
        return "changed"
    if outcome == "changed" and any(each.status in ("active", "trialing") for each in snapshot.live):
        await stripe_subscriptions.expire_checkouts(client, customer_id)
    return outcome


async def _store(
    pool: db.Pool, customer_id: str, snapshot: CustomerSnapshot, requested_at: datetime, now: datetime | None
) -> str:
    account_id = _uuid(snapshot.account_id)
    return await queries.update_subscription(pool, customer_id, account_id, snapshot.as_json(), requested_at, now)


async def _carry_out(
    client: stripe_client.Client, customer_id: str, snapshot: CustomerSnapshot, orders: CustomerOrders
) -> bool:
    """End what must end at Stripe; returns whether anything did."""
    if orders.is_deleted or orders.is_leaving:
        await stripe_subscriptions.expire_checkouts(client, customer_id)
    has_changed = False
    for subscription in snapshot.live:
        is_paid = subscription.status in ("active", "trialing")
        # Whoever leaves keeps what is paid; what is not paid would go on being collected.
        if orders.is_deleted or subscription.id in orders.cancel_ids or (orders.is_leaving and not is_paid):
            log.info("Cancelling subscription %s of customer %s", subscription.id, customer_id)
            await stripe_subscriptions.cancel_now(client, subscription.id)
            has_changed = True
        elif orders.is_leaving and subscription.cancel_at is None:
            log.info("Ending subscription %s of customer %s with its period", subscription.id, customer_id)
            await stripe_subscriptions.update_cancellation(client, subscription.id, True, secrets.token_hex(16))
            has_changed = True
        elif subscription.id in orders.trial_ids:
            log.info("Ending the second trial %s of customer %s", subscription.id, customer_id)
            await stripe_subscriptions.end_trial(client, subscription.id)
            has_changed = True
    return has_changed


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
