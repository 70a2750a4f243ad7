"""Money that nobody accounts for: orphaned and double subscriptions, deleted accounts and customers, and retries."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.billing import stripe_client
from app.queries import billing_events
from app.worker import billing
from app.worker.loop import Resources
from tests.support.billing_world import World
from tests.support.browser import Browser
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD
from tests.support.fake_stripe.webhooks import body, signed


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe.HTTPXClient.INITIAL_DELAY", 0.01)
    monkeypatch.setattr("stripe.HTTPXClient.MAX_DELAY", 0.02)


async def open_issues(world: World) -> list[tuple[str, str]]:
    rows = await world.pool.fetch("select kind, subject from billing_issue where resolved_at is null order by id")
    return [tuple(row) for row in rows]


async def request_deletion(world: World) -> None:
    """What the owner does on the account's page, confirmation aside."""
    await world.pool.execute("update account set deletion_at = now() + interval '14 days'")
    await world.pool.execute("select fn.end_subscription($1, 'account.deletion_requested')", world.account_id)


class TestDeletedAccount:
    async def test_all_its_subscriptions_end(self, world: World) -> None:
        first = await world.subscribe("growth")
        second = world.business.subscribe(first["customer"], "price_sm", GOOD)
        await world.sync()
        await world.pool.execute("select fn.delete_account($1)", world.account_id)
        await world.work()
        assert [first["status"], second["status"]] == ["canceled", "canceled"]

    async def test_who_pays_later_has_no_subscription_and_is_reported(self, world: World) -> None:
        await world.owner.get("/billing")
        await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
        session = world.business.all("checkout.session")[0]
        await world.pool.execute("select fn.delete_account($1)", world.account_id)
        world.business.advance(60)
        subscription = world.business.pay(session["id"], GOOD)  # the page was still open
        await world.sync()
        assert subscription["status"] == "canceled"
        invoice = world.business.all("invoice")[0]
        assert await open_issues(world) == [("late_payment", invoice["id"])]
        world.business.refund(invoice["id"], invoice["total"])
        await world.sync()
        assert await open_issues(world) == []

    async def test_its_checkout_pages_close(self, world: World) -> None:
        await world.owner.get("/billing")
        await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
        await world.pool.execute("select fn.delete_account($1)", world.account_id)
        await world.work()
        assert world.business.all("checkout.session")[0]["status"] == "expired"

    async def test_it_is_not_charged_from_the_request_on(self, world: World) -> None:
        subscription = await world.subscribe()
        await request_deletion(world)
        await world.owner.get("/billing")
        assert "is being cancelled, because this account will be deleted" in world.owner.text
        await world.work()
        await world.owner.get("/billing")
        assert "Nothing is charged any more" in world.owner.text
        world.business.advance(40 * DAY)
        assert subscription["status"] == "canceled"
        assert len(world.business.all("invoice")) == 1

    async def test_a_missing_payment_is_not_collected_after_the_request(self, world: World) -> None:
        subscription = await world.subscribe(card=FAILS_LATER)
        world.business.advance(30 * DAY + 60)
        await world.sync()
        await request_deletion(world)
        await world.work()
        assert subscription["status"] == "canceled"

    async def test_it_is_tried_until_it_is_done(self, world: World) -> None:
        subscription = await world.subscribe()
        world.weather.status, world.weather.times = 500, 1000
        await world.pool.execute("select fn.delete_account($1)", world.account_id)
        for _ in range(20):
            await world.pool.execute("update billing_event set next_at = now() where outcome is null")
            await world.work()
        assert subscription["status"] == "active"
        world.weather.times = 0
        await world.pool.execute("update billing_event set next_at = now() where outcome is null")
        await world.work()
        assert subscription["status"] == "canceled"

    async def test_nobody_subscribes_while_it_leaves(self, world: World) -> None:
        await request_deletion(world)
        form = {"plan": "starter", "unit": "month", "once": "o" * 20}
        await world.owner.get("/billing")
        assert (await world.owner.post("/billing/checkouts", form)).status_code == 409


class TestOperator:
    async def test_an_orphan_is_named_and_cancelled_when_decided(self, world: World, operator: Browser) -> None:
        subscription = await world.subscribe()
        for sql in ("select fn.purge_account($1)", "delete from account where id = $1"):  # as after a restore
            await world.pool.execute(sql, world.account_id)
        await billing.compare(world.jobs, world.client)
        assert await open_issues(world) == [("orphan", subscription["id"])]
        assert subscription["status"] == "active"
        await operator.get("/installation")
        assert "1 billing issue needs your decision" in operator.text
        await operator.get("/installation/billing-issues")
        assert subscription["customer"] in operator.text
        url = f"/installation/billing-issues/orphan:{subscription['id']}/decide"
        assert (await operator.post(url, {"decision": "cancel"})).status_code == 303
        await world.work()
        assert subscription["status"] == "canceled"
        assert await open_issues(world) == []

    async def test_a_double_subscription_is_cancelled_when_decided(self, world: World, operator: Browser) -> None:
        first = await world.subscribe("growth")
        second = world.business.subscribe(first["customer"], "price_sm", GOOD)
        await world.sync()
        await operator.get("/installation/billing-issues")
        await operator.post(f"/installation/billing-issues/double:{second['id']}/decide", {"decision": "cancel"})
        await world.work()
        assert (first["status"], second["status"]) == ("active", "canceled")
        assert await open_issues(world) == []

    async def test_the_owner_ends_one_of_two(self, world: World) -> None:
        first = await world.subscribe("growth")
        second = world.business.subscribe(first["customer"], "price_sm", GOOD)
        await world.sync()
        url = f"/billing/subscriptions/{second['id']}/cancel"
        assert (await world.owner.post(url, {"once": "o" * 20})).status_code == 303
        assert second["cancel_at_period_end"]
        assert (await world.owner.post("/billing/subscriptions/sub_x/cancel", {"once": "p" * 20})).status_code == 404

    async def test_a_price_is_given_a_plan(self, world: World, operator: Browser) -> None:
        world.business.price("price_deal", 2000, "month", "A deal")
        await world.owner.get("/billing")
        await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
        subscription = world.business.subscribe(world.business.all("customer")[0]["id"], "price_deal", GOOD)
        await world.sync()
        await operator.get("/installation/billing-issues")
        assert "price_deal" in operator.text
        url = f"/installation/billing-issues/unknown_price:{subscription['id']}/decide"
        assert (await operator.post(url, {"decision": "plan", "plan": "nonsense"})).status_code == 422
        await operator.post(url, {"decision": "plan", "plan": "growth"})
        await world.work()
        assert await world.plan() == "growth"
        assert await open_issues(world) == []

    async def test_what_is_dismissed_is_not_asked_again(self, world: World, operator: Browser) -> None:
        first = await world.subscribe("growth")
        second = world.business.subscribe(first["customer"], "price_sm", GOOD)
        await world.sync()
        await operator.get("/installation/billing-issues")
        await operator.post(f"/installation/billing-issues/double:{second['id']}/decide", {"decision": "dismiss"})
        await billing.compare(world.jobs, world.client)
        assert await open_issues(world) == []


async def test_a_customer_deleted_at_stripe_is_made_anew(world: World) -> None:
    subscription = await world.subscribe()
    customer = world.business.objects[subscription["customer"]]
    world.business.end(subscription)
    customer["deleted"] = True
    await world.sync()
    assert await world.plan() == "free"
    second = await world.subscribe("growth")
    assert second["customer"] != customer["id"]
    assert await world.plan() == "growth"


async def test_a_customer_of_another_mode_is_made_anew(world: World) -> None:
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    world.business.objects = {id: o for id, o in world.business.objects.items() if o["object"] == "price"}
    await world.subscribe()
    assert await world.plan() == "starter"


async def test_the_comparison_is_tried_until_it_is_complete(world: World) -> None:
    subscription = await world.subscribe()
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    handler = billing.Billing(Resources(world.settings, "", world.jobs, None))
    world.weather.status, world.weather.times = 500, 6
    comparison = await handler.claim()
    assert isinstance(comparison, billing.Comparison)
    await handler.do(comparison)
    world.weather.times = 0
    assert not (await billing_events.billing_state(world.pool)).compared_at
    assert await billing_events.claim_comparison(world.jobs, datetime.now(UTC) + timedelta(seconds=31))
    await handler.do(billing.Comparison(await billing_events.clock(world.jobs)))
    assert (await billing_events.billing_state(world.pool)).compared_at
    assert await world.plan() == "growth"
    await handler.close()


async def test_a_subscription_of_a_moment_ago_forbids_a_second_one(world: World) -> None:
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    world.business.pay(world.business.all("checkout.session")[0]["id"], GOOD)  # nothing of it has arrived here
    response = await world.owner.post("/billing/checkouts", {"plan": "growth", "unit": "month", "once": "p" * 20})
    assert response.status_code == 409


async def test_a_killed_worker_delays_an_event_by_30_seconds_at_most(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    first = await billing_events.claim_billing_event(world.jobs)
    assert first
    due_in = await billing_events.billing_due_in(world.jobs)
    assert due_in is not None
    assert due_in <= 30  # the loop looks again then, and not after its usual pause
    assert billing.PROCESS_SECONDS < 25  # nobody else claims it while it is being processed


async def test_an_event_that_takes_too_long_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    monkeypatch.setattr(billing, "PROCESS_SECONDS", 0.05)

    async def hang(*_: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(stripe_client, "customer_snapshot", hang)
    event = await billing_events.claim_billing_event(world.jobs)
    assert event
    assert await billing.process(world.jobs, world.client, event) == "later"


@pytest.mark.parametrize("created", [10**12, 10**18, -(10**12), 0, "x", None, 1e400, True])
async def test_an_event_of_an_absurd_time_is_refused(world: World, created: object) -> None:
    event = {"id": "evt_1", "object": "event", "type": "customer.updated", "created": created,
             "data": {"object": {"object": "customer", "id": "cus_1"}}}  # fmt: skip
    text = json.dumps(event).encode()
    assert await world.post(text, signed(text)) == 400


async def test_a_large_event_is_taken(world: World) -> None:
    subscription = await world.subscribe()
    subscription["metadata"] = {str(n): "x" * 500 for n in range(400)}
    world.business.webhooks.add("customer.subscription.updated", subscription)
    text = body(world.business.webhooks.events[-1])
    assert len(text) > 200_000
    assert await world.post(text, signed(text)) == 204
    assert await world.post(b"x" * 1_100_000, signed(text)) == 413
