"""What an account may use, from all its subscriptions, and that nothing is deleted that was promised."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.worker import billing
from tests.support import factories
from tests.support.billing_world import World
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD

LONG_RETRIES = (3 * DAY, 20 * DAY, 40 * DAY)


async def retention(world: World) -> int | None:
    sql = "select fn.plan_retention($1, $2)"
    return await world.pool.fetchval(sql, world.account_id, world.now)  # type: ignore[no-any-return]


async def mails(world: World) -> list[tuple[str, dict[str, Any]]]:
    rows = await world.pool.fetch("delete from mail where template <> 'usage_notice' returning id, template, context")
    return [(row["template"], json.loads(row["context"])) for row in sorted(rows, key=lambda row: row["id"])]


async def open_issues(world: World) -> list[tuple[str, str]]:
    rows = await world.pool.fetch("select kind, subject from billing_issue where resolved_at is null order by id")
    return [tuple(row) for row in rows]


async def second_subscription(world: World, price: str, card: str = GOOD) -> Any:
    """A further subscription of the same customer, as an operator makes it in the dashboard."""
    customer = world.business.all("customer")[0]
    return world.business.subscribe(customer["id"], price, card)


@pytest.mark.parametrize("end", ["unpaid", "canceled"])
async def test_dunning_longer_than_the_grace_deletes_nothing_for_30_days(world: World, end: str) -> None:
    await world.pool.execute("update billing set on_since = now() - interval '1 year'")
    world.business.retries, world.business.after_retries = LONG_RETRIES, end
    await world.subscribe("growth", card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    failed_at = world.now
    world.business.advance(15 * DAY)
    await world.sync()
    assert (await world.plan(world.now), await retention(world)) == ("free", None)
    world.business.advance(25 * DAY)  # Stripe gives up
    await world.sync()
    assert await world.plan(world.now) == "free"
    assert await retention(world) is None
    while world.now < failed_at + timedelta(days=14 + 30) - timedelta(hours=1):
        assert await retention(world) is None
        world.business.advance(6 * 3600)
        await world.sync()
    world.business.advance(2 * DAY)
    assert await retention(world) == 180


async def test_a_plan_learnt_to_be_over_late_is_kept_to_for_30_days_from_then(world: World) -> None:
    await world.pool.execute("update billing set on_since = now() - interval '1 year'")
    subscription = await world.subscribe("growth")
    world.business.advance(90 * DAY)
    world.business.end(subscription)
    world.business.advance(60 * DAY)  # nobody has noticed
    await world.business.webhooks.send()
    await world.work(world.now)
    assert await world.plan(world.now) == "free"
    world.business.advance(29 * DAY)
    assert await retention(world) is None
    world.business.advance(2 * DAY)
    assert await retention(world) == 180


async def test_a_grace_period_is_kept_when_stripe_gives_up_earlier(world: World) -> None:
    world.business.retries = (DAY, 2 * DAY, 3 * DAY)
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    world.business.advance(5 * DAY)
    await world.sync()
    assert (await world.row())["status"] is None
    assert await world.plan(world.now) == "starter"
    world.business.advance(10 * DAY)
    assert await world.plan(world.now) == "free"


async def test_an_old_unpaid_invoice_does_not_shorten_the_grace_of_another_subscription(world: World) -> None:
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(60 * DAY)
    await world.sync()  # cancelled after dunning, its invoice stays open
    assert world.business.all("invoice")[0]["status"] == "open"
    world.business.advance(200 * DAY)
    subscription = await world.subscribe()
    world.business.advance(20 * DAY)
    world.business.card(subscription["customer"], FAILS_LATER)
    await mails(world)
    world.business.advance(10 * DAY + 60)
    await world.sync()
    assert await world.plan(world.now) == "starter"
    ((template, context),) = await mails(world)
    assert template == "payment_failed"
    assert context["until"] == (world.now - timedelta(seconds=60) + timedelta(days=14)).strftime("%-d %b %Y, %H:%M UTC")


async def test_of_two_subscriptions_the_better_counts_and_both_are_shown(world: World) -> None:
    first = await world.subscribe("growth")
    second = await second_subscription(world, "price_sm")
    await world.sync()
    assert await world.plan() == "growth"
    assert await open_issues(world) == [("double", second["id"])]
    await world.owner.get("/billing")
    assert "You have 2 subscriptions" in world.owner.text
    assert "$49" in world.owner.text
    world.business.end(first)
    await world.sync()
    assert await world.plan() == "starter"
    assert await open_issues(world) == []


async def test_whoever_pays_an_unknown_price_is_not_on_free(world: World) -> None:
    world.business.price("price_deal", 2000, "month", "A deal")
    await world.owner.get("/billing")
    form = {"plan": "starter", "unit": "month", "once": "o" * 20}
    await world.owner.post("/billing/checkouts", form)
    subscription = await second_subscription(world, "price_deal")
    await world.sync()
    assert await world.plan() == "starter"  # the largest that costs no more
    assert await open_issues(world) == [("unknown_price", subscription["id"])]
    await world.owner.get("/billing")
    assert "You pay $20 per month." in world.owner.text


async def test_an_unknown_price_says_itself_which_plan_it_is(world: World) -> None:
    world.business.price("price_deal", 2000, "month", "A deal")["metadata"] = {"plan": "growth"}
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    await second_subscription(world, "price_deal")
    await world.sync()
    assert await world.plan() == "growth"


async def test_a_changed_price_that_is_unknown_keeps_the_plan(world: World) -> None:
    subscription = await world.subscribe("growth")
    world.business.price("price_deal", 500, "month", "A deal")
    world.business.change_price(subscription, "price_deal", world.business.now, "create_prorations")
    await world.sync()
    assert await world.plan() == "growth"
    assert await open_issues(world) == [("unknown_price", subscription["id"])]


async def test_all_subscriptions_are_read_however_many(world: World) -> None:
    subscription = await world.subscribe("growth")
    for _ in range(120):
        dead = await second_subscription(world, "price_sm")
        dead["status"] = "incomplete_expired"
    await billing.compare(world.jobs, world.client)
    assert await world.plan() == "growth"
    assert (await world.row())["subscription_id"] == subscription["id"]


async def test_a_subscriber_sees_their_own_price_and_discount(world: World) -> None:
    subscription = await world.subscribe()
    world.business.price("price_old", 500, "month", "Starter, 2024")
    world.business.change_price(subscription, "price_old", world.business.now, "create_prorations")
    subscription["discounts"] = [{"source": {"coupon": {"percent_off": 20.0}}}]
    await world.pool.execute("insert into plan_price values ('price_old', 'starter', 'month', false)")
    await billing.compare(world.jobs, world.client)
    await world.owner.get("/billing")
    assert "You pay $4 per month (20% off)." in world.owner.text


async def test_when_grace_ends_unpaid_a_mail_says_so_once(world: World) -> None:
    world.business.retries = LONG_RETRIES
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    await mails(world)
    world.business.advance(15 * DAY)
    for wanted in (["plan_ended"], []):
        await world.pool.execute("call fn.run_by_account('{announce grace ends}', $1)", world.now)
        assert [template for template, _ in await mails(world)] == wanted


async def test_retention_refuses_what_was_promised_since_it_began(world: World) -> None:
    await world.pool.execute("update billing set on_since = now() - interval '1 year'")
    await factories.entitle(world.pool, world.account_id, "free")
    world.business.advance(31 * DAY)
    project = await world.pool.fetchrow("select * from fn.start_retention($1, $2)", world.account_id, world.now)
    assert project
    await world.pool.execute("update project set retained_from = current_date - 10")
    count = await world.pool.fetchval("select count(*) from response")
    await factories.entitle(world.pool, world.account_id, "growth")  # an upgrade, while the job runs
    sql = "select deleted from fn.delete_expired_batch($1, $2, $3, $4, 1000000, $5)"
    deleted = await world.pool.fetchval(
        sql, project["account_id"], project["project_id"], project["after_id"], "f" * 32, datetime.now(UTC)
    )
    assert (deleted, await world.pool.fetchval("select count(*) from response")) == (0, count)


async def test_what_the_previous_version_wrote_is_fetched_anew(world: World) -> None:
    await world.subscribe("growth")
    await world.pool.execute("update subscription set requested_at = now()")
    await world.pool.execute("delete from entitlement; delete from customer_subscription")
    assert await world.plan() == "free"
    assert await world.jobs.fetchval("select fn.enqueue_unlisted()") == 1
    assert await world.work() == ["changed"]
    assert await world.plan() == "growth"
    assert await world.jobs.fetchval("select fn.enqueue_unlisted()") == 0
