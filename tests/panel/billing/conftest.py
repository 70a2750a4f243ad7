"""Billing with the fake Stripe."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from quart import Quart

from app import config
from app.billing import stripe_client
from app.config import Settings
from app.database import db, roles
from app.http.context import services
from app.site import demo_project
from app.worker import billing
from tests.support.billing_world import World
from tests.support.browser import Browser
from tests.support.fake_stripe import Business, serving
from tests.support.fake_stripe.server import Weather
from tests.support.fake_stripe.settings import ENVIRONMENT, catalogue
from tests.support.settings import SECRET

Pool = asyncpg.Pool


@pytest.fixture
def business() -> Business:
    business = Business()
    catalogue(business)
    return business


@pytest.fixture
async def weather(business: Business) -> AsyncIterator[Weather]:
    """The fake Stripe, which answers unless the test sets a fault."""
    async with serving(business) as weather:
        yield weather


@pytest.fixture
def more() -> dict[str, str]:
    """Further settings of a test."""
    return {}


@pytest.fixture
def settings(database: str, business: Business, weather: Weather, more: dict[str, str]) -> Settings:
    """Settings with Stripe's keys."""
    own = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "STRIPE_API_URL": business.url}
    return config.load({**ENVIRONMENT, **own, **more})


@pytest.fixture
async def jobs(database: str) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    """The worker's pool."""
    pool = await db.connect(roles.url(database, roles.JOBS, SECRET))
    yield pool
    await pool.close()


@pytest.fixture
async def world(
    app: Quart, owner: Browser, settings: Settings, business: Business, weather: Weather,
    pool: "Pool[asyncpg.Record]", jobs: "Pool[asyncpg.Record]",
) -> AsyncIterator[World]:  # fmt: skip
    client = stripe_client.connect(settings)
    await billing.sync_plan_prices(jobs, client, settings)
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    world = World(app, settings, business, weather, client, pool, jobs, account_id, owner)
    business.webhooks.post = world.post
    weather.requests.clear()
    yield world
    await client.close()
    if stripe := services(app).stripe:
        await stripe.close()
