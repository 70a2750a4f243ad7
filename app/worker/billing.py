"""The worker's part of billing: asks Stripe what is true, for each event, and once a night for everybody.

Only this writes what is paid for. The panel and the webhook note that something happened; in which order, how often or
whether at all they do makes no difference to what Stripe says when it is asked. Stripe may be away for as long as it
likes: events wait, and who has paid keeps what they have.
"""

import asyncio
import contextlib
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from app import errors
from app.billing import stripe_client, stripe_subscriptions
from app.config import Settings
from app.database import db
from app.database.listener import Listener
from app.errors import FeelbackError
from app.queries import billing_events as queries
from app.queries.billing_events import BillingEvent

log = logging.getLogger(__name__)
LOOK_SECONDS = 30  # without being woken: for what is due again, and for the night
LONGEST_PAUSE = 60


@contextlib.asynccontextmanager
async def alongside(settings: Settings, dsn: str, *, once: bool = False) -> AsyncIterator[None]:
    """Work beside something else, as long as that runs; with `once` only until nothing is due, before it begins."""
    if once:
        await run(settings, dsn, once=True)
        yield
        return
    task = asyncio.create_task(run(settings, dsn))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def run(settings: Settings, dsn: str, *, once: bool = False) -> None:
    """Work until cancelled, or with `once` until nothing is due; a database that is away is waited for."""
    bell, client, pause = Listener(dsn, ["billing"]), stripe_client.connect(settings), 1
    pool = await _pool(dsn, once)
    try:
        is_told = False
        while True:
            try:
                is_told = is_told or await tell_plans(pool, client, settings)
                if not settings.stripe_secret_key:
                    return
                await _work(pool, client)
                pause = 1
                if once:
                    return
                await bell.wait(LOOK_SECONDS)
            except Exception as error:
                if once:
                    raise
                log.warning("Billing: %s; next try in %d s", errors.trace(error), pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
    finally:
        await bell.close()
        await client.close()
        pool.terminate()


async def _pool(dsn: str, once: bool) -> db.Pool:
    while True:
        try:
            return await db.connect(dsn, max_size=1)
        except db.UNAVAILABLE:
            if once:
                raise
        await asyncio.sleep(5)


async def tell_plans(pool: db.Pool, client: stripe_client.Client, settings: Settings) -> bool:
    """Turns billing on or off in the database as the settings say; whether Stripe was there to tell the prices."""
    if not settings.stripe_secret_key:
        await queries.tell_plans(pool, False, "[]")
        return True
    try:
        await queries.tell_plans(pool, True, json.dumps(await stripe_client.prices(client, settings)))
    except FeelbackError as error:
        log.warning("Stripe does not tell what the plans cost: %s", error.message)
        known = [dict(zip(("plan", "unit", "price_id"), price, strict=True)) for price in settings.stripe_prices]
        await queries.tell_plans(pool, True, json.dumps(known))
        return False
    return True


async def _work(pool: db.Pool, client: stripe_client.Client) -> None:
    while await process_one(pool, client) is not None:
        pass
    if await queries.claim_comparison(pool):
        told = await compare(pool, client)
        log.info("Compared with Stripe: %s", ", ".join(f"{count} {what}" for what, count in told.items()) or "nobody")


async def process_one(pool: db.Pool, client: stripe_client.Client, now: datetime | None = None) -> str | None:
    """Take one event that is due and ask Stripe about its customer; None where none is due, else what came of it.

    That is `changed`, `same`, `stale`, `unknown` (no customer of ours), or `later`.
    """
    event = await queries.claim_billing_event(pool, now)
    if event is None:
        return None
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
    return await fetch(pool, client, event.customer_id, event.asked_at, now)


async def fetch(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, asked_at: datetime, now: datetime | None = None
) -> str:
    """Asks Stripe about a customer and writes down what it says; `asked_at` is when, by the database's clock."""
    told = await stripe_client.told(client, customer_id)
    if told is None:
        # As where the key is of another mode or business: nothing is taken from anybody for that.
        log.error("Stripe does not know the customer %s; is STRIPE_SECRET_KEY the right one?", customer_id)
        return "unknown"
    outcome = await queries.set_subscription(pool, customer_id, _uuid(told.account_id), told.as_json(), asked_at, now)
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
            told[await _compared(pool, client, after, customer.asked_at, now)] += 1
    # Who has paid, and whom we have forgotten, as after a restore.
    async for customer_id in stripe_client.subscribers(client):
        if customer_id not in known:
            known.add(customer_id)
            told[await _compared(pool, client, customer_id, None, now)] += 1
    return told


async def _compared(
    pool: db.Pool, client: stripe_client.Client, customer_id: str, asked_at: datetime | None, now: datetime | None
) -> str:
    try:
        return await fetch(pool, client, customer_id, asked_at or await queries.clock(pool), now)
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
