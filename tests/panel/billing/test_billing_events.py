"""Webhooks as they really come: twice, late, in any order, from anybody, or not at all."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from app.billing import stripe_client
from app.queries import billing_events
from app.worker import billing
from tests.support.billing_world import World
from tests.support.fake_stripe.business import DAY
from tests.support.fake_stripe.webhooks import body, signed

CREATED_AT = datetime(2026, 11, 1, tzinfo=UTC)


async def count(world: World) -> int:
    return await world.pool.fetchval("select count(*) from billing_event where id like 'evt%'")  # type: ignore[no-any-return]


async def test_an_event_that_comes_twice_is_kept_and_done_once(world: World) -> None:
    await world.subscribe()
    events = list(world.business.webhooks.waiting)
    for _ in range(2):
        assert set(await world.business.webhooks.send(*events)) == {204}
    assert await count(world) == len(events)
    assert len(await world.work()) == len(events)
    assert set(await world.business.webhooks.send(*events)) == {204}
    assert await world.work() == []


async def test_of_several_events_of_one_payment_the_first_asks_stripe(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    world.weather.requests.clear()
    assert len(await world.work()) >= 3
    assert len([r for r in world.weather.requests if r[1].startswith("customers/")]) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_in_any_order_it_comes_to_the_same(world: World, seed: int) -> None:
    subscription = await world.subscribe()
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    world.business.advance(40 * DAY)
    subscription["cancel_at_period_end"] = True
    world.business.advance(40 * DAY)
    assert subscription["status"] == "canceled"
    events = world.business.webhooks.events * 2
    random.Random(seed).shuffle(events)
    for event in events:
        await world.business.webhooks.send(event)
        await world.work()
    row = await world.row()
    assert (row["status"], row["subscription_id"]) == (None, None)
    assert await world.plan() == "free"
    assert await world.pool.fetchval("select count(*) from invoice") == len(world.business.all("invoice"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "t=1,v1=abc"},
        {"Stripe-Signature": "\u00e9"},
        signed(b"{}"),
        signed(b"another body"),
    ],
)
async def test_what_is_forged_is_refused(world: World, headers: dict[str, str]) -> None:
    event = {"id": "evt_forged", "object": "event", "type": "customer.subscription.updated", "created": 1,
             "data": {"object": {"object": "subscription", "customer": "cus_0001"}}}  # fmt: skip
    assert await world.post(body(event), headers) == 400
    assert await world.post(body(event), signed(body(event), secret="whsec_another")) == 400
    assert await count(world) == 0


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b'{"id": 1}', b'{"object": "event"}', b"\xff\xfe"])
async def test_what_is_signed_and_no_event_is_refused(world: World, text: bytes) -> None:
    assert await world.post(text, signed(text)) == 400


async def test_the_signature_is_on_the_body_as_it_came(world: World) -> None:
    await world.subscribe()
    text = body(world.business.webhooks.waiting[0])
    assert await world.post(text.replace(b"  ", b""), signed(text)) == 400
    assert await world.post(text, signed(text)) == 204


async def test_what_is_stale_is_refused(world: World) -> None:
    await world.subscribe()
    text = body(world.business.webhooks.waiting[0])
    now = world.business.now
    assert await world.post(text, signed(text, at=now - 400)) == 400
    assert await world.post(text, signed(text, at=now - 200)) == 204


async def test_two_secrets_hold_while_one_replaces_the_other(world: World) -> None:
    await world.subscribe()
    object.__setattr__(world.settings, "stripe_webhook_secret", ("whsec_new", "whsec_only_for_tests"))
    first, second, *_ = world.business.webhooks.waiting
    assert await world.post(body(first), signed(body(first), secret="whsec_new")) == 204
    assert await world.post(body(second), signed(body(second))) == 204


async def test_what_was_lost_is_found_at_night(world: World) -> None:
    subscription = await world.subscribe()
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    world.business.webhooks.waiting.clear()
    assert await world.plan() == "starter"
    assert await billing_events.claim_comparison(world.jobs)
    assert not await billing_events.claim_comparison(world.jobs)
    assert await billing.compare(world.jobs, world.client) == {"changed": 1}
    assert await world.plan() == "growth"
    assert await billing.compare(world.jobs, world.client) == {"same": 1}
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await billing_events.claim_comparison(world.jobs, tomorrow)


async def test_who_was_forgotten_as_after_a_restore_is_found_at_night(world: World) -> None:
    await world.subscribe()
    await world.pool.execute("delete from subscription; delete from customer_subscription; delete from entitlement")
    assert await world.plan() == "free"
    assert await billing.compare(world.jobs, world.client) == {"changed": 1}
    assert await world.plan() == "starter"


async def test_customers_of_another_business_are_left_alone(world: World) -> None:
    await world.subscribe()
    other = world.business.create("cus", "customer", invoice_settings={"default_payment_method": None})
    session = world.business.create(
        "cs", "checkout.session", status="open", customer=other["id"], subscription_data=None,
        line_items=[{"price": "price_gm"}],
    )  # fmt: skip
    world.business.pay(session["id"], "4242424242424242")
    assert set(await world.sync()) == {"same", "unknown"}
    assert await world.pool.fetchval("select count(*) from subscription") == 1


async def test_the_wrong_key_takes_nothing_from_anybody(world: World) -> None:
    await world.subscribe()
    world.business.objects.clear()
    assert await billing.compare(world.jobs, world.client) == {"unknown": 1}
    assert await world.plan() == "starter"


async def test_lost_events_are_fetched_and_all_replayed(world: World) -> None:
    await world.subscribe()
    events = [e async for e in stripe_client.events(world.client, datetime.now(UTC) - timedelta(days=1))]
    assert {e.id for e in events} == {e["id"] for e in world.business.webhooks.events}
    for event in events:
        await billing_events.add_billing_event(world.pool, event.id, event.type, event.customer_id, event.created_at)
    assert len(await world.work()) == len(events)
    assert await billing_events.replay_billing_events(world.pool, [events[0].id]) == 1
    world.weather.requests.clear()
    assert await world.work() == ["same"]
    assert world.weather.requests  # it was asked anew
    again = await billing_events.replay_billing_events(world.pool, [], datetime.now(UTC) - timedelta(hours=1))
    assert again == await world.pool.fetchval("select count(*) from billing_event")


async def test_several_workers_do_each_event_once(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    for n in range(20):
        await billing_events.add_billing_event(world.pool, f"evt_x{n}", "x", None, CREATED_AT)
    total = await count(world)
    outcomes = await asyncio.gather(*(world.work() for _ in range(4)))
    assert sum(map(len, outcomes)) == total
    assert await world.pool.fetchval("select max(attempts) from billing_event where id like 'evt%'") == 1


async def test_an_answer_asked_for_earlier_does_not_win(world: World) -> None:
    subscription = await world.subscribe()
    customer = subscription["customer"]
    early, old = await billing_events.clock(world.pool), await stripe_client.customer_snapshot(world.client, customer)
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    late, new = await billing_events.clock(world.pool), await stripe_client.customer_snapshot(world.client, customer)
    assert old
    assert new
    update = billing_events.update_subscription
    assert await update(world.jobs, customer, None, new.as_json(), late) == "changed"
    assert await update(world.jobs, customer, None, old.as_json(), early) == "stale"
    assert await world.plan() == "growth"


async def test_a_killed_worker_s_event_is_taken_over(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    first = await billing_events.claim_billing_event(world.jobs)
    assert first
    await world.work()
    later = datetime.now(UTC) + timedelta(seconds=30)
    again = await billing_events.claim_billing_event(world.jobs, later)
    assert again
    assert (again.id, again.attempt) == (first.id, 2)


async def test_events_are_forgotten_when_stripe_has_forgotten_them(world: World) -> None:
    await world.subscribe()
    await world.sync()
    sql = "select fn.delete_old_billing_events($1)"
    assert await world.pool.fetchval(sql, datetime.now(UTC) + timedelta(days=59)) == 1  # the panel's own
    assert await world.pool.fetchval(sql, datetime.now(UTC) + timedelta(days=61)) >= 3


@pytest.mark.parametrize(("size", "status"), [(10, 400), (1_100_000, 413)])
async def test_stripe_reads_errors_as_json(world: World, size: int, status: int) -> None:
    response = await world.app.test_client().post("/billing/events", data=b"x" * size, headers=signed(b"y"))
    assert (response.status_code, response.mimetype) == (status, "application/json")
    assert (await response.get_json())["message"]
