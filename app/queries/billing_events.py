"""Stripe's events and snapshots: for the webhook, the worker and the command line."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class BillingEvent:
    """A claimed event; `attempt` counts from 1, `requested_at` is now by the database's clock.

    `is_asked` if the customer was fetched from Stripe after the event arrived.
    """

    id: str
    type: str
    customer_id: str | None
    attempt: int
    requested_at: datetime
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer to compare with Stripe; `requested_at` is now by the database's clock."""

    customer_id: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class BillingState:
    """State of billing; `failed` is of the last seven days."""

    is_on: bool
    compared_at: datetime | None
    subscriptions: int
    past_due: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class CustomerOrders:
    """What is to be done with a customer's subscriptions: its account is deleted, or about to be; some are to end.

    `trial_ids` are second trials, which end at once.
    """

    is_deleted: bool
    is_leaving: bool
    cancel_ids: list[str]
    trial_ids: list[str]


@dataclass(frozen=True, slots=True)
class BillingIssue:
    """Something at Stripe that needs an operator; `subject` is the id of the object, `details` JSON."""

    id: str
    kind: str
    customer_id: str
    subject: str
    details: str
    account_name: str | None
    opened_at: datetime
    decision: str | None


async def sync_plan_prices(pool: db.Pool, is_on: bool, prices: str) -> None:
    """Turn billing on or off; `prices` is JSON, an array of {plan, unit, price_id, amount, currency}."""
    await db.value(pool, "select fn.sync_plan_prices($1, $2::text::jsonb)", is_on, prices)


async def add_billing_event(pool: db.Pool, id: str, type: str, customer_id: str | None, created_at: datetime) -> bool:
    """Store an event for processing; False if it is stored already."""
    sql = "select fn.add_billing_event($1, $2, $3, $4)"
    return bool(await db.value(pool, sql, id, type, customer_id, created_at))


async def claim_billing_event(pool: db.Pool, now: datetime | None = None) -> BillingEvent | None:
    """Claim the next due event for 25 seconds; None if there is none."""
    return await db.one(pool, BillingEvent, "select * from fn.claim_billing_event(coalesce($1, now()))", now)


async def mark_billing_event(
    pool: db.Pool, id: str, attempt: int, outcome: str | None, error: str | None = None, now: datetime | None = None
) -> None:
    """Record the outcome of an event; None to try again."""
    sql = "select fn.mark_billing_event($1, $2, $3, $4, coalesce($5, now()))"
    await db.value(pool, sql, id, attempt, outcome, error, now)


async def update_subscription(
    pool: db.Pool,
    customer_id: str,
    account_id: UUID | None,
    snapshot: str,
    requested_at: datetime,
    now: datetime | None = None,
) -> str:
    """Store a snapshot of a customer, as JSON; returns `changed`, `same`, `stale` or `unknown`."""
    sql = "select fn.update_subscription($1, $2, $3, $4, coalesce($5, now()))"
    return str(await db.value(pool, sql, customer_id, account_id, snapshot, requested_at, now))


async def billing_customers(pool: db.Pool, after: str) -> list[Customer]:
    """The next hundred customers after `after`, in order."""
    return await db.many(pool, Customer, "select * from fn.billing_customers($1)", after)


async def claim_comparison(pool: db.Pool, now: datetime | None = None) -> bool:
    """Claim the nightly comparison; True if the caller must do it."""
    return bool(await db.value(pool, "select fn.claim_comparison(coalesce($1, now()))", now))


async def finish_comparison(pool: db.Pool, started_at: datetime, is_complete: bool) -> None:
    """Record that a comparison is complete, or have it tried again."""
    await db.value(pool, "select fn.finish_comparison($1, $2)", started_at, is_complete)


async def billing_due_in(pool: db.Pool) -> float | None:
    """In how many seconds the next event is due; None if none waits."""
    seconds: float | None = await db.value(pool, "select fn.billing_due_in()")
    return seconds


async def customer_orders(pool: db.Pool, customer_id: str) -> CustomerOrders:
    """What is to be done with a customer's subscriptions."""
    return await db.row(pool, CustomerOrders, "select * from fn.customer_orders($1)", customer_id)


async def report_missing_customer(pool: db.Pool, customer_id: str, now: datetime | None = None) -> None:
    """Report that Stripe does not know a customer."""
    await db.value(pool, "select fn.report_missing_customer($1, coalesce($2, now()))", customer_id, now)


async def open_billing_issues(pool: db.Pool) -> list[BillingIssue]:
    """What is at Stripe and needs a decision, for the command line."""
    return await db.many(pool, BillingIssue, "select * from fn.open_billing_issues()")


async def installation_billing_issues(pool: db.Pool, person_id: UUID) -> list[BillingIssue]:
    """What is at Stripe and needs a decision.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.many(pool, BillingIssue, "select * from fn.installation_billing_issues($1)", person_id)


async def decide_billing_issue(pool: db.Pool, person_id: UUID, id: str, decision: str, plan: str | None) -> None:
    """Decide about an issue: `cancel`, `dismiss`, or `plan` with its name.

    Raises:
        FeelbackError: 404 for others than operators and for resolved issues, 422 if the decision does not fit.
    """
    await db.value(pool, "select fn.decide_billing_issue($1, $2, $3, $4)", person_id, id, decision, plan)


async def enqueue_unlisted(pool: db.Pool) -> int:
    """Have customers fetched whose subscriptions the previous version wrote; returns how many."""
    return int(await db.value(pool, "select fn.enqueue_unlisted()"))


async def replay_billing_events(pool: db.Pool, ids: list[str], since: datetime | None = None) -> int:
    """Process events once more; returns how many."""
    return int(await db.value(pool, "select fn.replay_billing_events($1, $2)", ids, since))


async def billing_state(pool: db.Pool) -> BillingState:
    """State of billing."""
    return await db.row(pool, BillingState, "select * from fn.billing_state()")


async def clock(pool: db.Pool) -> datetime:
    """The database's clock, which orders snapshots."""
    at: datetime = await db.value(pool, "select clock_timestamp()")
    return at
