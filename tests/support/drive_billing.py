"""Billing, for tests: choose a plan, pay at Stripe, preview a larger one."""

import dataclasses

from quart import Quart

from app.billing import stripe_client
from app.database.db import Pool
from app.http.context import services, settings
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.fake_stripe import Business, serving
from tests.support.fake_stripe.settings import catalogue


async def every_page(app: Quart, pool: Pool) -> None:
    """Open every page of billing."""
    business, owner = Business(), Browser(app)
    catalogue(business)
    await pool.execute("select fn.sync_plan_prices(true, $1::text::jsonb)", _prices())
    await owner.enter(pool, await pool.fetchval("select id from person where email = $1", demo_project.EMAIL))
    async with serving(business):
        async with app.app_context():
            with_stripe = dataclasses.replace(settings(), stripe_api_url=business.url)
        client = services(app).stripe = stripe_client.connect(with_stripe)
        await owner.get("/billing")
        form = {"plan": "starter", "unit": "month", "once": "o" * 20}
        response = await owner.post("/billing/checkouts", form)
        subscription = business.pay(response.headers["Refresh"].rpartition("/")[2], "4242424242424242")
        await pool.execute(
            """update subscription set status = 'active', plan = 'starter', unit = 'month', subscription_id = $1,
            item_id = $2""",
            subscription["id"], subscription["items"]["data"][0]["id"],
        )  # fmt: skip
        assert (await owner.get("/billing/plan?plan=growth&unit=month")).status_code == 200
        await owner.get("/billing")
        await client.close()
        services(app).stripe = None


def _prices() -> str:
    return """[{"plan": "starter", "unit": "month", "price_id": "price_sm", "amount": 900, "currency": "usd"},
    {"plan": "growth", "unit": "month", "price_id": "price_gm", "amount": 4900, "currency": "usd"}]"""
