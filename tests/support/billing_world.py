"""The demo's account as a customer of the fake Stripe, the worker that serves it, and the browser of its owner."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from quart import Quart

from app.billing import stripe_client
from app.config import Settings
from app.queries import billing_events
from app.worker import billing
from tests.support.browser import Browser
from tests.support.fake_stripe import Business
from tests.support.fake_stripe.business import GOOD
from tests.support.fake_stripe.server import Weather

Pool = asyncpg.Pool


@dataclass
class World:
    """The participants of a billing test. `jobs` is the worker's pool, `pool` that of the database's owner."""

    app: Quart
    settings: Settings
    business: Business
    weather: Weather
    client: stripe_client.Client
    pool: "Pool[asyncpg.Record]"
    jobs: "Pool[asyncpg.Record]"
    account_id: UUID
    owner: Browser

    @property
    def now(self) -> datetime:
        """Stripe's clock."""
        return datetime.fromtimestamp(self.business.now, UTC)

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """Post a webhook; returns the status of the answer."""
        response = await self.app.test_client().post("/billing/events", data=body, headers=headers)
        return response.status_code

    async def work(self, now: datetime | None = None) -> list[str]:
        """Process the events that are due; returns their outcomes."""
        outcomes = []
        while (event := await billing_events.claim_billing_event(self.jobs, now)) is not None:
            outcomes.append(await billing.process(self.jobs, self.client, event, now))
        return outcomes

    async def sync(self) -> list[str]:
        """Deliver all pending webhooks and process their events."""
        await self.business.webhooks.send()
        return await self.work()

    async def row(self) -> Any:
        """The row of the account's subscription."""
        return await self.pool.fetchrow("select * from subscription where account_id = $1", self.account_id)

    async def plan(self, now: datetime | None = None) -> str | None:
        """The name of the plan whose limits apply."""
        sql = "select name from fn.account_plan($1, coalesce($2, now()))"
        return await self.pool.fetchval(sql, self.account_id, now)  # type: ignore[no-any-return]

    async def subscribe(self, plan: str = "starter", unit: str = "month", card: str = GOOD) -> dict[str, Any]:
        """Subscribe as the owner, through the checkout; returns Stripe's subscription."""
        await self.owner.get("/billing")
        once = value(self.owner.text, "once")
        response = await self.owner.post("/billing/checkouts", {"plan": plan, "unit": unit, "once": once})
        assert response.status_code == 200, self.owner.text
        session = response.headers["Refresh"].rpartition("/")[2]
        subscription = self.business.pay(session, card)
        await self.owner.get("/billing/return")
        await self.work()
        return subscription


def value(text: str, name: str) -> str:
    """The value of a hidden field on a page."""
    return text.partition(f'name="{name}" value="')[2].partition('"')[0]
