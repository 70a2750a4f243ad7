"""Free trials: once per account, person and card, and announced before they are charged."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from app.worker import billing
from tests.support.billing_world import World
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD


@pytest.fixture
def more() -> dict[str, str]:
    return {"STRIPE_TRIAL_DAYS": "14"}


async def mails(world: World) -> list[tuple[str, dict[str, object]]]:
    rows = await world.pool.fetch("delete from mail where template <> 'usage_notice' returning id, template, context")
    return [(row["template"], json.loads(row["context"])) for row in sorted(rows, key=lambda row: row["id"])]


async def test_an_account_has_one_trial_however_often_it_cancels(world: World) -> None:
    for number in range(3):
        subscription = await world.subscribe()
        assert (subscription["status"] == "trialing") == (number == 0)
        world.business.end(subscription)
        await world.sync()
        await world.owner.get("/billing")
        assert "free days" not in world.owner.text


async def test_it_has_one_even_if_nothing_of_it_arrived_here(world: World) -> None:
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    world.business.end(world.business.pay(world.business.all("checkout.session")[0]["id"], GOOD))
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "p" * 20})
    assert world.business.pay(world.business.all("checkout.session")[0]["id"], GOOD)["status"] == "active"


async def test_a_person_has_one_trial_in_all_accounts(world: World) -> None:
    await world.subscribe()
    await world.owner.post("/accounts", {"name": "Another"})
    await world.owner.get("/billing")
    assert "free days" not in world.owner.text
    assert (await world.subscribe())["status"] == "active"


async def test_a_card_has_one_trial_and_the_next_is_charged_at_once(world: World) -> None:
    await world.subscribe()
    await world.pool.execute("delete from trial where kind <> 'card'")  # somebody else, with another account
    await world.pool.execute("update subscription set subscription_id = null, status = null")
    await world.pool.execute("delete from customer_subscription; delete from entitlement")
    await world.pool.execute("delete from subscription")
    world.business.objects = {
        id: o for id, o in world.business.objects.items() if o["object"] not in ("subscription", "invoice")
    }
    subscription = await world.subscribe()
    assert subscription["status"] == "active"
    assert [i["total"] for i in world.business.all("invoice")] == [900, 0]
    assert await world.plan() == "starter"


async def test_a_second_trial_gives_nothing_even_if_its_payment_fails(world: World) -> None:
    await world.pool.execute(
        "insert into trial values ('card', sha256(convert_to($1, 'UTF8')), 'sub_earlier', now())", f"fp_{FAILS_LATER}"
    )
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    customer = world.business.all("customer")[0]
    # The card has paid once, and fails from then on.
    world.business.create("in", "invoice", customer=customer["id"], number="1", status="paid", total=1, currency="usd")
    await world.subscribe(card=FAILS_LATER)
    assert (await world.row())["status"] == "past_due"
    assert await world.plan() == "free"


async def test_a_card_that_is_replaced_at_once_had_its_trial(world: World) -> None:
    await world.owner.get("/billing")
    await world.owner.post("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "o" * 20})
    subscription = world.business.pay(world.business.all("checkout.session")[0]["id"], GOOD)
    world.business.card(subscription["customer"], FAILS_LATER)  # before anything of it has arrived here
    await world.sync()
    cards = "select count(*) from trial where kind = 'card' and hash = any (array[$1, $2]::bytea[])"
    hashes = [sha256(f"fp_{number}".encode()).digest() for number in (GOOD, FAILS_LATER)]
    assert await world.pool.fetchval(cards, *hashes) == 2


async def test_a_card_that_is_added_later_ends_no_trial(world: World) -> None:
    subscription = await world.subscribe()
    await world.pool.execute(
        "insert into trial values ('card', sha256(convert_to($1, 'UTF8')), 'sub_earlier', now())", f"fp_{FAILS_LATER}"
    )
    world.business.card(subscription["customer"], FAILS_LATER)
    await billing.compare(world.jobs, world.client)
    assert subscription["status"] == "trialing"


async def test_a_mail_comes_three_days_before_the_charge_once(world: World) -> None:
    subscription = await world.subscribe()
    await mails(world)
    ends_at = (await world.row())["trial_ends_at"]
    for days, wanted in ((4, []), (3, ["trial_ending"]), (2, [])):
        await world.pool.execute("call fn.run_by_account('{announce payments}', $1)", ends_at - timedelta(days=days))
        rows = await mails(world)
        assert [template for template, _ in rows] == wanted
        assert all((context["amount"], context["currency"]) == (900, "usd") for _, context in rows)
    assert subscription["status"] == "trialing"


async def test_whoever_cancelled_gets_no_such_mail(world: World) -> None:
    await world.subscribe()
    await world.owner.post("/billing/cancel", {"once": "o" * 20})
    await world.work()
    await mails(world)
    ends_at = (await world.row())["trial_ends_at"]
    await world.pool.execute("call fn.run_by_account('{announce payments}', $1)", ends_at - timedelta(days=1))
    assert await mails(world) == []


class TestYear:
    @pytest.fixture
    def more(self) -> dict[str, str]:
        return {}

    async def test_a_renewal_is_announced_once(self, world: World) -> None:
        await world.subscribe("growth", "year")
        await mails(world)
        at = (await world.row())["period_ends_at"]
        for days, wanted in ((15, []), (14, ["plan_renewal"]), (13, [])):
            await world.pool.execute("call fn.run_by_account('{announce payments}', $1)", at - timedelta(days=days))
            assert [template for template, _ in await mails(world)] == wanted
        world.business.advance(366 * DAY)
        await world.sync()
        at = (await world.row())["period_ends_at"]
        await world.pool.execute("call fn.run_by_account('{announce payments}', $1)", at - timedelta(days=14))
        assert [template for template, _ in await mails(world)] == ["plan_renewal"]
