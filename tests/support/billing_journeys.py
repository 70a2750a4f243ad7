"""Journeys of two accounts with a Stripe that has its own clock, for tests/panel/billing/test_journeys.py.

Webhooks are lost, doubled and reordered, Stripe fails, workers are killed while they ask it. Each day the jobs run, and
what was deleted is held against what had been promised by then.
"""

import asyncio
import contextlib
import random
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from app import config
from app.billing import stripe_client, stripe_subscriptions
from app.billing.stripe_client import Client
from app.database import db, roles
from app.queries import billing_events
from app.worker import billing
from tests.support import citus, factories
from tests.support.fake_stripe import Business, serving
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD, Object, StripeError
from tests.support.fake_stripe.server import Weather
from tests.support.fake_stripe.settings import ENVIRONMENT, catalogue
from tests.support.settings import CITUS, SECRET

AGES = (170, 179, 300, 700, 729, 900)  # days of the responses that an account begins with
KEPT_DAYS = {"free": 180, "starter": 730, "growth": 1_000_000}
POSITION = {"free": 1, "starter": 2, "growth": 3}
PLANS = {"price_sm": "starter", "price_sy": "starter", "price_gm": "growth", "price_gy": "growth"}
LIVE = ("active", "trialing", "past_due", "unpaid", "paused")
TABLES = ", ".join(
    (
        "subscription", "customer_subscription", "entitlement", "trial", "billing_issue", "billing_event",
        "deleted_customer", "mail", "usage",
    )
)  # fmt: skip


class Journeys:
    """The participants, on an event loop of their own."""

    def __init__(self, dsn: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._dsn = dsn
        self.business, self.weather = Business(), Weather()
        if CITUS:
            citus.check_row_security(dsn, False)  # it creates accounts, and acts for none of them
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run on the loop."""
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        """Stop everything."""
        self.run(self._server.aclose())
        self.run(self._stack.aclose())
        self.loop.close()

    async def _open(self) -> None:
        self.pool = await db.connect(self._dsn)
        self._stack.push_async_callback(self.pool.close)
        self.jobs = await db.connect(roles.url(self._dsn, roles.JOBS, SECRET))
        self._stack.push_async_callback(self.jobs.close)
        await self.pool.execute("select fn.create_partitions(now() - interval '34 months', 36)")
        self._server = AsyncExitStack()

    async def begin(self, seed: int) -> None:
        """Empty the world and create two accounts."""
        await self._server.aclose()
        self._server = AsyncExitStack()
        self.business = Business()
        catalogue(self.business)
        self.business.price("price_deal", 2000, "month", "A deal")
        self.business.webhooks.post = self._receive
        self.weather = await self._server.enter_async_context(serving(self.business))
        own = {"DATABASE_URL": self._dsn, "SECRET_KEY": SECRET, "STRIPE_API_URL": self.business.url}
        self.settings = config.load({**ENVIRONMENT, **own, "STRIPE_TRIAL_DAYS": "14"})
        self.client: Client = stripe_client.connect(self.settings)
        self._server.push_async_callback(self.client.close)
        await self.pool.execute(f"truncate {TABLES} cascade")
        await factories.delete_accounts(self.pool)
        await self.pool.execute("delete from person")
        await self.pool.execute("delete from response")
        await billing.sync_plan_prices(self.jobs, self.client, self.settings)
        await self.pool.execute("update billing set on_since = now() - interval '2 years', compared_at = now()")
        self.random = random.Random(seed)
        self.promised: dict[UUID, dict[str, datetime]] = {}
        self.cards: dict[str, str] = {}
        self.trials: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.customers: dict[UUID, str] = {}
        self.accounts = [await self._account() for _ in range(2)]

    async def _account(self) -> UUID:
        project = await factories.project(self.pool)
        widget = await factories.widget(self.pool, "updown", project)
        for age in AGES:
            await self.pool.execute(
                """insert into response (
                    account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor
                ) values ($1, fn.uuid_v7(now() - $3 * interval '1 day'), $2, gen_random_uuid(), 1,
                    (now() at time zone 'UTC')::date - $3::integer, now() - $3 * interval '1 day', sha256('v'))""",
                project.account_id, UUID(str(widget.id)), age,
            )  # fmt: skip
        self.promised[project.account_id] = {}
        return project.account_id

    @property
    def now(self) -> datetime:
        """Stripe's clock, which is everybody's."""
        return datetime.fromtimestamp(self.business.now, UTC)

    async def _receive(self, body: bytes, headers: dict[str, str]) -> int:
        event = stripe_client.event(self.settings, body, headers["Stripe-Signature"])
        if event.customer_id:
            await billing_events.add_billing_event(self.pool, event.id, event.type, event.customer_id, event.created_at)
        return 204

    # What people do

    async def subscribe(self, account_id: UUID, price: str, card: str) -> None:
        """Choose a plan in the panel and pay, as post_checkout does it."""
        owner_id = await self.pool.fetchval("select person_id from member where account_id = $1", account_id)
        customer_id = self.customers.get(account_id)
        known = await stripe_client.customer_snapshot(self.client, customer_id) if customer_id else None
        if known is not None and known.has_subscription:
            return
        if known is None or known.is_deleted or customer_id is None:
            new_id = await stripe_client.create_customer(
                self.client, account_id, "A", "a@example.com", customer_id or ""
            )
            customer_id = self.customers[account_id] = new_id
            await self.pool.execute(
                """insert into subscription (account_id, customer_id) values ($1, $2)
                on conflict (account_id) do update set customer_id = excluded.customer_id""",
                account_id, customer_id,
            )  # fmt: skip
        may = await self.pool.fetchval("select fn.has_trial($1, $2)", account_id, owner_id)
        await stripe_subscriptions.checkout(
            self.client, self.settings, customer_id, account_id, owner_id, PLANS.get(price, "starter"), price,
            str(self.random.random()), has_trial=may and not (known is not None and known.has_subscribed),
        )  # fmt: skip
        session = self.business.all("checkout.session", customer=customer_id, status="open")[0]
        self._pay(session["id"], card)
        await request_customer(self.pool, customer_id)

    def pay_open_page(self, card: str) -> None:
        """Pay on a page that is still open, whatever happened since."""
        for session in self.business.all("checkout.session", status="open")[:1]:
            self._pay(session["id"], card)

    def _pay(self, session_id: str, card: str) -> None:
        subscription = self.business.pay(session_id, card)
        self.cards[subscription["id"]] = card

    def subscribe_in_dashboard(self, account_id: UUID, price: str, card: str) -> None:
        """A further subscription, or one at a price of its own, made by hand at Stripe."""
        customer_id = self.customers.get(account_id)
        if customer_id and not self.business.objects[customer_id].get("deleted"):
            subscription = self.business.subscribe(customer_id, price, card)
            self.cards[subscription["id"]] = card

    def live(self) -> list[Object]:
        """All subscriptions that have not ended."""
        return [each for each in self.business.all("subscription") if each["status"] in LIVE]

    def change(self, number: int, what: str, price: str) -> None:
        """Do something to one of the live subscriptions."""
        live = self.live()
        if not live:
            return
        subscription = live[number % len(live)]
        with contextlib.suppress(StripeError):
            match what:
                case "price":
                    if subscription["status"] in ("active", "trialing"):
                        self.business.change_price(subscription, price, self.business.now, "create_prorations")
                case "end":
                    self.business.end(subscription)
                case "cancel" | "resume":
                    self._cancel(subscription, what == "cancel")
                case "card":
                    self.business.change_card(subscription["customer"], GOOD)
                case "bad card":
                    self.business.card(subscription["customer"], FAILS_LATER)
                case "customer":
                    self._delete_customer(subscription["customer"])

    def _cancel(self, subscription: Object, is_cancelled: bool) -> None:
        end = subscription["items"]["data"][0]["current_period_end"]
        subscription.update(cancel_at_period_end=is_cancelled, cancel_at=end if is_cancelled else None)
        self.business.webhooks.add("customer.subscription.updated", subscription)

    def _delete_customer(self, customer_id: str) -> None:
        for subscription in self.live():
            if subscription["customer"] == customer_id:
                self.business.end(subscription)
        self.business.objects[customer_id]["deleted"] = True
        self.business.webhooks.add("customer.deleted", self.business.objects[customer_id])

    async def delete_account(self, account_id: UUID, *, is_final: bool) -> None:
        """Request the deletion of an account, or delete it."""
        if customer_id := self.customers.get(account_id):
            self.deleted |= {customer_id} if is_final else set()
        if is_final:
            await self.pool.execute("select fn.delete_account($1, $2)", account_id, self.now)
            self.accounts.remove(account_id)
        else:
            await self.pool.execute("update account set deletion_at = $2 where id = $1", account_id, self.now)
            sql = "select fn.end_subscription($1, 'account.deletion_requested', $2)"
            await self.pool.execute(sql, account_id, self.now)

    # What passes

    async def day(self, kill: int | None, lost: float) -> None:
        """A day: time, webhooks as they come, the worker (killed after so many requests), and the jobs."""
        self.business.advance(DAY)
        waiting = [event for event in self.business.webhooks.waiting if self.random.random() >= lost]
        late = [event for event in waiting if self.random.random() < 0.2]
        waiting = [event for event in waiting if event not in late]
        waiting += self.random.sample(waiting, len(waiting) // 3)
        self.random.shuffle(waiting)
        if waiting:
            await self.business.webhooks.send(*waiting)
        self.business.webhooks.waiting = late
        await self.work(kill)
        await self.pool.execute("call fn.run_by_account('{announce grace ends,announce payments}', $1)", self.now)
        await self._look()
        await self._delete_expired()

    async def work(self, kill: int | None = None) -> None:
        """Do what is due; with `kill`, cancel the worker after so many requests of each event."""
        while (event := await billing_events.claim_billing_event(self.jobs, self.now)) is not None:
            task = asyncio.create_task(billing.process(self.jobs, self.client, event, self.now))
            limit = None if kill is None else len(self.weather.requests) + kill
            while limit is not None and not task.done() and len(self.weather.requests) < limit:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            if limit is not None and not task.done():
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _look(self) -> None:
        """What people see: each plan that is shown, and each date in a mail, is a promise."""
        for account_id in self.accounts:
            plan = await self.pool.fetchval("select name from fn.account_plan($1, $2)", account_id, self.now)
            self._promise(account_id, plan, self.now + timedelta(days=30))
            sql = "select plan, ends_at from entitlement where account_id = $1 and reason = 'retention'"
            rows = await self.pool.fetch(sql, account_id)
            for row in rows:
                self._promise(account_id, row["plan"], row["ends_at"])
        rows = await self.pool.fetch("select subscription_id, account_id from entitlement where reason = 'trial'")
        self.trials |= {row["subscription_id"]: str(row["account_id"]) for row in rows}

    def _promise(self, account_id: UUID, plan: str, until: datetime) -> None:
        promised = self.promised[account_id]
        promised[plan] = max(promised.get(plan, until), until)

    async def _delete_expired(self) -> None:
        before = await self._ages()
        for row in await self.jobs.fetch(
            "select s.* from fn.retention_accounts() as a, fn.start_retention(a, $1) as s", self.now
        ):
            sql = "select fn.delete_expired_batch($1, $2, $3, $4, 100000, $5)"
            await self.jobs.execute(
                sql, row["account_id"], row["project_id"], row["after_id"], row["before_id"], self.now
            )
            sql = "select fn.finish_retention($1, $2, 0, $3)"
            await self.jobs.execute(sql, row["account_id"], row["project_id"], self.now)
        after = await self._ages()
        for account_id, ages in before.items():
            for age in set(ages) - set(after.get(account_id, [])):
                plans = [plan for plan, until in self.promised[account_id].items() if until > self.now]
                assert all(KEPT_DAYS[plan] < age for plan in plans), f"deleted {age} days old, promised: {plans}"

    async def _ages(self) -> dict[UUID, list[int]]:
        rows = await self.pool.fetch(
            "select account_id, ($1::timestamptz at time zone 'UTC')::date - counted_on as age from response", self.now
        )
        ages: dict[UUID, list[int]] = {}
        for row in rows:
            ages.setdefault(row["account_id"], []).append(row["age"])
        return ages

    # What must hold

    async def rest(self) -> None:
        """Stripe answers again, and everything is repaired."""
        self.weather.times = 0
        for _ in range(4):
            self.business.advance(7 * 3600)
            await self.work()
        await billing.compare(self.jobs, self.client, self.now)
        await self.work()
        await self.pool.execute("call fn.run_by_account('{announce grace ends}', $1)", self.now)
        await self._look()

    async def check(self) -> None:
        """Entitlement is what Stripe's objects say; no trial twice; nothing of deleted accounts goes on."""
        for account_id in self.accounts:
            plan = await self.pool.fetchval("select name from fn.account_plan($1, $2)", account_id, self.now)
            wanted, has_deal = self._wanted(account_id)
            if has_deal:
                assert plan != "free", "whoever pays a price of their own is on the free plan"
                assert POSITION[plan] >= POSITION[wanted]
            else:
                assert plan == wanted, f"{plan}, but Stripe says {wanted}"
        live = [s["id"] for s in self.live() if s["customer"] in self.deleted]
        assert live == [], "subscriptions of deleted accounts go on"
        for of in (self.trials.get, self.cards.get):
            owners = [of(id) for id in self.trials]
            assert len(owners) == len(set(owners)), "a trial was given twice"

    def _wanted(self, account_id: UUID) -> tuple[str, bool]:
        """The plan by Stripe's objects alone, and whether a price without a plan is among them."""
        plans, has_deal = ["free"], False
        for subscription in self.business.all("subscription"):
            customer = self.business.objects[subscription["customer"]]
            price = subscription["items"]["data"][0]["price"]["id"]
            if customer["metadata"].get("account_id") != str(account_id) or not self._entitles(subscription):
                continue
            has_deal = has_deal or price not in PLANS
            plans.append(PLANS.get(price, "free"))
        return max(plans, key=POSITION.__getitem__), has_deal

    def _entitles(self, subscription: Object) -> bool:
        status = subscription["status"]
        if status in ("active", "trialing"):
            return True
        is_dunned = (subscription.get("cancellation_details") or {}).get("reason") == "payment_failed"
        if status not in ("past_due", "unpaid") and not (status == "canceled" and is_dunned):
            return False
        due = [i["created"] for i in self.business.all("invoice", subscription=subscription["id"], status="open")]
        # The grace of a first payment after a second trial is none: see fn.subscription_entitlements.
        trial_ends_at = subscription.get("trial_end")
        if trial_ends_at and min(due, default=0) <= trial_ends_at + DAY and subscription["id"] not in self.trials:
            return False
        return bool(due) and self.business.now < min(due) + 14 * DAY


async def request_customer(pool: "asyncpg.Pool[asyncpg.Record]", customer_id: str) -> None:
    """What the panel does when people come back from Stripe."""
    await pool.execute("select fn.enqueue_billing($1)", customer_id)
