"""While Stripe is unavailable the panel and the worker continue, and accounts keep their plans."""

import asyncio
import time
from typing import Any

import pytest

from app.billing import stripe_client
from app.queries.billing import offered_plans
from app.worker import billing
from app.worker.loop import Resources
from tests.support.billing_world import World, value


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe.HTTPXClient.INITIAL_DELAY", 0.01)
    monkeypatch.setattr("stripe.HTTPXClient.MAX_DELAY", 0.02)


def down(world: World, status: int = 500, times: int = 1000) -> None:
    world.weather.status, world.weather.times = status, times


@pytest.mark.parametrize("status", [500, 503, 429, 401])
async def test_the_panel_shows_what_is_known(world: World, status: int) -> None:
    await world.subscribe()
    down(world, status)
    world.weather.requests.clear()
    for path in ("/billing", "/projects/demo", "/billing/return", "/billing"):
        assert (await world.owner.get(path)).status_code in (200, 303)
    assert "ACORN" in world.owner.text
    assert world.weather.requests == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/billing/plan", {"plan": "growth", "unit": "month"}),
        ("/billing/cancel", {}),
        ("/billing/portal", {}),
        ("/billing/tax-ids", {"type": "eu_vat", "value": "DE123456789"}),
    ],
)
async def test_what_needs_it_says_so(world: World, path: str, form: dict[str, str]) -> None:
    await world.subscribe()
    down(world)
    fields = {**form, "once": "o" * 20, "at": str(int(time.time()))}
    assert (await world.owner.post(path, fields)).status_code == 503
    assert "Stripe cannot be reached" in world.owner.text
    world.weather.times = 0
    assert (await world.owner.post(path, fields)).status_code in (200, 303)


async def test_requests_of_callers_that_are_gone_cost_no_connection(world: World) -> None:
    customer_id = (await world.subscribe())["customer"]
    for n in range(300):
        task = asyncio.create_task(stripe_client.customer_snapshot(world.client, customer_id))
        for _ in range(n % 60):  # wherever it has come to
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await stripe_client.customer_snapshot(world.client, customer_id)
    pool = world.client.http._client_async._transport._pool
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not all(each.is_idle() for each in pool.connections):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.05)
    assert all(each.is_idle() for each in pool.connections)


async def test_the_first_checkout_may_be_tried_again(world: World) -> None:
    await world.owner.get("/billing")
    form = {"plan": "starter", "unit": "month", "once": value(world.owner.text, "once")}
    down(world)
    assert (await world.owner.post("/billing/checkouts", form)).status_code == 503
    world.weather.times = 0
    assert (await world.owner.post("/billing/checkouts", form)).status_code == 200
    assert len(world.business.all("customer")) == len(world.business.all("checkout.session")) == 1


async def test_one_failure_is_tried_again_by_the_library(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing")
    down(world, times=1)
    response = await world.owner.post("/billing/cancel", {"once": value(world.owner.text, "once")})
    assert response.status_code == 303
    keys = [key for method, path, _, key in world.weather.requests if path.startswith("subscriptions/")]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_stripe_that_hangs_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.subscribe()
    world.weather.silence = 60
    world.weather.requests.clear()
    from app.panel.billing.shared import stripe

    async with world.app.app_context():
        monkeypatch.setattr(stripe().http, "_timeout", 0.1)
    assert (await world.owner.post("/billing/portal", {})).status_code == 503
    assert len(world.weather.requests) <= 3  # the first, and two retries
    world.weather.silence = 0


async def test_events_wait_and_are_done_when_it_is_back(world: World) -> None:
    subscription = await world.subscribe()
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    down(world)
    await world.business.webhooks.send()
    assert set(await world.work()) == {"later"}
    assert await world.plan() == "starter"
    assert await world.work() == []
    world.weather.times = 0
    await world.pool.execute("update billing_event set next_at = now() where outcome is null")
    assert "changed" in await world.work()
    assert await world.plan() == "growth"


async def test_a_comparison_ends_and_takes_nothing(world: World) -> None:
    await world.subscribe()
    down(world, times=3)
    assert await billing.compare(world.jobs, world.client) == {"later": 1}
    assert await world.plan() == "starter"


async def test_it_starts_without_stripe_and_knows_the_prices_of_before(world: World) -> None:
    down(world)
    assert not await billing.sync_plan_prices(world.jobs, world.client, world.settings)
    await world.owner.get("/billing")
    assert "$9" in world.owner.text


async def test_it_logs_neither_addresses_nor_keys(world: World, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    await world.subscribe()
    down(world, 401)
    await world.owner.post("/billing/portal", {})
    log = "\n".join(r.getMessage() for r in caplog.records if r.name.split(".")[0] in ("app", "stripe"))
    assert "STRIPE_SECRET_KEY is wrong or lacks a permission" in log
    for secret in ("sk_test_fake", "whsec", "demo@feelback.example", "4242"):
        assert secret not in log


async def test_prices_are_read_again_each_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def amount() -> int | None:
        plans = await offered_plans(world.pool)
        return next(plan.monthly for plan in plans if plan.name == "starter")

    handler = billing.Billing(Resources(world.settings, "", world.jobs, None))
    await handler.claim()
    world.business.objects["price_sm"]["unit_amount"] = 1100
    await handler.claim()
    assert await amount() == 900
    monkeypatch.setattr(billing, "PRICES_SECONDS", 0)
    await handler.claim()
    assert await amount() == 1100
    await handler.close()
