"""What happens as months pass: trial, renewal, a failed payment, grace, recovery, the end."""

from datetime import timedelta
from typing import Any

import pytest

from app.worker import billing
from tests.support.billing_world import World
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD


async def mails(world: World) -> list[tuple[str, str]]:
    rows = await world.pool.fetch("delete from mail where template <> 'usage_notice' returning recipient, template, id")
    return [(row[0], row[1]) for row in sorted(rows, key=lambda row: row["id"])]


class TestTrial:
    @pytest.fixture
    def more(self) -> dict[str, str]:
        return {"STRIPE_TRIAL_DAYS": "14"}

    async def test_it_begins_without_a_payment_and_goes_over_into_one(self, world: World) -> None:
        await world.owner.get("/billing")
        assert "14 free days" in world.owner.text
        await world.subscribe()
        row = await world.row()
        assert (row["status"], await world.plan()) == ("trialing", "starter")
        assert row["trial_ends_at"] == world.now + timedelta(days=14)
        await world.owner.get("/billing")
        assert "Your trial of Starter ends on" in world.owner.text
        world.business.advance(15 * DAY)
        await world.sync()
        row = await world.row()
        assert (row["status"], row["plan"]) == ("active", "starter")
        assert [i["total"] for i in world.business.all("invoice")] == [900, 0]

    async def test_nobody_has_two(self, world: World) -> None:
        subscription = await world.subscribe()
        world.business.end(subscription)
        await world.sync()
        await world.pool.execute("update subscription set status = 'canceled'")
        second = await world.subscribe()
        assert second["trial_end"] is None


async def test_it_renews(world: World) -> None:
    await world.subscribe()
    before = (await world.row())["period_ends_at"]
    world.business.advance(31 * DAY)
    await world.sync()
    row = await world.row()
    assert row["period_ends_at"] == before + timedelta(days=30)
    assert await world.pool.fetchval("select count(*) from invoice where status = 'paid'") == 2
    assert await mails(world) == []


async def failed(world: World) -> Any:
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    return await world.row()


async def test_a_failed_payment_sends_a_mail_and_the_plan_continues_for_14_days(world: World) -> None:
    row = await failed(world)
    assert row["status"] == "past_due"
    assert await mails(world) == [("demo@feelback.example", "payment_failed")]
    await world.sync()
    assert await mails(world) == []
    since = row["past_due_at"]
    assert await world.plan(since + timedelta(days=13, hours=23)) == "starter"
    assert await world.plan(since + timedelta(days=14, seconds=1)) == "free"
    await world.owner.get("/billing")
    assert "The last payment failed" in world.owner.text
    assert "due" in world.owner.text


async def test_it_recovers_when_the_card_is_changed(world: World) -> None:
    row = await failed(world)
    world.business.advance(2 * DAY)
    world.business.change_card(world.business.all("customer")[0]["id"], GOOD)
    await world.sync()
    row = await world.row()
    assert (row["status"], row["past_due_at"]) == ("active", None)
    assert await world.plan(world.now + timedelta(days=20)) == "starter"
    assert await world.pool.fetchval("select count(*) from invoice where status = 'open'") == 0


async def test_grace_does_not_begin_anew_with_each_attempt(world: World) -> None:
    since = (await failed(world))["past_due_at"]
    world.business.advance(9 * DAY)
    await world.sync()
    await billing.compare(world.jobs, world.client)
    assert (await world.row())["past_due_at"] == since


async def test_after_the_last_attempt_it_is_over(world: World) -> None:
    await failed(world)
    await mails(world)
    world.business.advance(20 * DAY)
    await world.sync()
    assert await world.plan(world.now) == "free"
    await world.pool.execute("call fn.run_by_account('{announce grace ends}', $1)", world.now)
    assert [template for _, template in await mails(world)] == ["payment_retry_failed", "plan_ended"]


async def test_a_cancelled_plan_lasts_until_its_period_ends(world: World) -> None:
    subscription = await world.subscribe()
    subscription["cancel_at_period_end"] = True
    world.business.advance(29 * DAY)
    await world.sync()
    assert await world.plan() == "starter"
    world.business.advance(2 * DAY)
    await world.sync()
    assert await world.plan() == "free"
    assert [template for _, template in await mails(world)] == ["plan_cancelled", "plan_ended"]
    await world.owner.get("/billing")
    assert "Choose" in world.owner.text
    await world.subscribe("growth", "year")
    assert await world.plan() == "growth"


async def test_half_a_month_is_prorated_to_the_cent(world: World) -> None:
    subscription = await world.subscribe()
    world.business.advance(15 * DAY)
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    assert world.business.all("invoice")[0]["total"] == 2450 - 450


async def test_a_price_offered_no_more_keeps_its_plan(world: World) -> None:
    await world.subscribe()
    object.__setattr__(world.settings, "stripe_prices", (("starter", "month", "price_new"),))
    world.business.price("price_new", 1200, "month", "Starter")
    await billing.sync_plan_prices(world.jobs, world.client, world.settings)
    world.business.advance(31 * DAY)
    await world.sync()
    assert await world.plan() == "starter"
    await world.owner.get("/billing")
    assert "$12" in world.owner.text
    assert await world.pool.fetchval("select monthly from plan where name = 'starter'") == 1200


async def test_an_account_that_is_deleted_pays_no_more(world: World) -> None:
    subscription = await world.subscribe()
    await world.pool.execute("select fn.delete_account($1)", world.account_id)
    assert "changed" in await world.work()
    assert subscription["status"] == "canceled"
