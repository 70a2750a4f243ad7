"""Plans, subscriptions and usage."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: limits (None is unlimited) and prices in the currency's smallest unit, with Stripe's price ids.

    A price of None is not offered, or not known yet.
    """

    name: str
    title: str
    responses: int | None
    projects: int | None
    members: int | None
    retention_days: int | None
    monthly: int | None
    yearly: int | None
    currency: str
    monthly_price_id: str | None
    yearly_price_id: str | None


@dataclass(frozen=True, slots=True)
class AccountBilling:
    """Billing of an account: the `plan` whose limits apply, the `paid_plan` and its state.

    `tax_ids`, `billing_address` and `subscriptions` (all that have not ended) are JSON. `amount` and `currency` are
    what the subscriber pays, discounts deducted. `due_invoice_id` is that of the newest open invoice.

    `plan` is None while billing is off; `paid_plan` and Stripe's values are None before the first payment.
    """

    role: str | None
    account_name: str
    plan: str | None
    plan_title: str | None
    paid_plan: str | None
    customer_id: str | None
    subscription_id: str | None
    item_id: str | None
    status: str | None
    unit: str | None
    period_ends_at: datetime | None
    trial_ends_at: datetime | None
    cancel_at: datetime | None
    grace_ends_at: datetime | None
    retained_until: datetime | None
    amount: int | None
    currency: str | None
    discount: str
    payment_method: str
    tax_ids: str
    subscriptions: str
    is_waiting: bool
    deletion_at: datetime | None
    has_trial: bool
    billing_name: str
    billing_email: str
    billing_address: str
    due_invoice_id: str | None

    @property
    def is_live(self) -> bool:
        """Whether there is a subscription that can be changed."""
        return self.status in ("active", "trialing", "past_due", "unpaid", "paused")

    @property
    def live_subscriptions(self) -> list[dict[str, Any]]:
        """All subscriptions that have not ended: {id, title, status, unit, amount, currency, cancel_at}."""
        rows: list[dict[str, Any]] = json.loads(self.subscriptions)
        for row in rows:
            row["cancel_at"] = datetime.fromisoformat(row["cancel_at"]) if row["cancel_at"] else None
        return rows


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """Usage of an account in the month; quotas of None are unlimited."""

    month: date
    renews_on: date
    responses: int
    quota: int | None
    forecast: int
    full_on: date | None
    full_at: datetime | None
    stopped_at: datetime | None
    hidden: int
    projects: int
    projects_quota: int | None
    members: int
    members_quota: int | None
    retention_days: int | None
    months_json: str
    hidden_above: int | None


@dataclass(frozen=True, slots=True)
class UsageNotice:
    """An account that has used 80 % or more of its plan's responses this month; `role` is the actor's in it.

    `hidden` is how many messages are hidden, 1000 at most; they are above `hidden_above` responses.
    """

    responses: int
    quota: int
    is_full: bool
    is_stopped: bool
    hidden: int
    renews_on: date
    role: str | None
    hidden_above: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice; amounts are in the currency's smallest unit, `row_count` is how many there are in all."""

    id: str
    number: str
    status: str
    total: int
    currency: str
    created_at: datetime
    credited: int
    refunded: int
    row_count: int

    @property
    def is_refunded(self) -> bool:
        """Whether all that was paid was paid back."""
        return self.status == "paid" and 0 < self.total <= self.refunded


async def offered_plans(pool: db.Pool) -> list[Plan]:
    """The plans that may be chosen, the free one first."""
    return await db.many(pool, Plan, "select * from fn.offered_plans()")


async def account_billing(tenant: TenantPool, role: str = "admin") -> AccountBilling:
    """Billing of an account, for members with at least that role.

    Raises:
        FeelbackError: 403 or 404.
    """
    return await db.row(tenant, AccountBilling, "select * from fn.account_billing($1, $2)", tenant.account_id, role)


async def account_usage(tenant: TenantPool) -> AccountUsage:
    """Usage of an account this month.

    Raises:
        FeelbackError: 403 or 404.
    """
    return await db.row(tenant, AccountUsage, "select * from fn.account_usage($1)", tenant.account_id)


async def usage_notice(tenant: TenantPool) -> UsageNotice | None:
    """Usage notice for every page; None below 80 %."""
    return await db.one(tenant, UsageNotice, "select * from fn.usage_notice($1)", tenant.account_id)


async def account_invoices(tenant: TenantPool, limit: int, offset: int) -> list[Invoice]:
    """A page of invoices, newest first."""
    return await db.many(
        tenant, Invoice, "select * from fn.account_invoices($1, $2, $3)", tenant.account_id, limit, offset
    )


async def account_invoice(tenant: TenantPool, id: str) -> Any:
    """The id of an invoice of the account.

    Raises:
        FeelbackError: 404 where it is not theirs.
    """
    return await db.value(tenant, "select fn.account_invoice($1, $2)", tenant.account_id, id)


async def update_customer(tenant: TenantPool, customer_id: str, replaced_id: str | None) -> str:
    """Store the account's customer id at Stripe, in place of `replaced_id` if it has one; returns the stored one."""
    sql = "select fn.update_customer($1, $2, $3)"
    return str(await db.value(tenant, sql, tenant.account_id, customer_id, replaced_id))


async def request_billing_sync(tenant: TenantPool, what: str, about: str, details: str = "{}") -> None:
    """Record a change made at Stripe, and fetch it. `what` is a past participle, `details` JSON, for the audit log."""
    await db.value(tenant, "select fn.request_billing_sync($1, $2, $3, $4)", tenant.account_id, what, about, details)


async def request_billing(tenant: TenantPool) -> None:
    """Have the worker fetch the account's state from Stripe."""
    await db.value(tenant, "select fn.request_billing($1)", tenant.account_id)
