"""From the free plan to a paid one, to a larger one, and back, as the owner goes."""

import json
import re

import pytest

from app.billing.money import money
from tests.support.billing_world import World, value
from tests.support.browser import Browser
from tests.support.fake_stripe.business import DAY, GOOD, StripeError


async def test_it_subscribes(world: World) -> None:
    await world.owner.get("/billing")
    assert "Your plan" in world.owner.text.partition("Starter")[0]
    assert "$9" in world.owner.text
    await world.subscribe()
    row = await world.row()
    assert (row["plan"], row["unit"], row["status"]) == ("starter", "month", "active")
    assert row["payment_method"] == "Visa ending in 4242"
    assert await world.plan() == "starter"
    await world.owner.get("/billing")
    assert "50,000" in world.owner.text
    assert "Visa ending in 4242" in world.owner.text
    assert re.search(r"ACORN-\d+", world.owner.text)


async def test_it_shows_that_it_waits_for_stripe_and_then_what_stripe_said(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing/return")
    waiting = await world.owner.get("/billing")
    assert waiting.headers["Refresh"] == "2"
    assert "Confirming your payment with Stripe" in world.owner.text
    await world.work()
    assert "Refresh" not in (await world.owner.get("/billing")).headers


async def test_a_form_sent_twice_is_one_checkout_and_another_closes_it(world: World) -> None:
    await world.owner.get("/billing")
    form = {"plan": "starter", "unit": "month", "once": value(world.owner.text, "once")}
    first, second = [await world.owner.post("/billing/checkouts", form) for _ in range(2)]
    assert first.headers["Refresh"] == second.headers["Refresh"]
    assert len(world.business.all("customer")) == 1
    await world.owner.get("/billing")
    form["once"] = value(world.owner.text, "once")
    third = await world.owner.post("/billing/checkouts", form)
    assert third.headers["Refresh"] != first.headers["Refresh"]
    assert [s["status"] for s in world.business.all("checkout.session")] == ["open", "expired"]
    with pytest.raises(StripeError):
        world.business.pay(first.headers["Refresh"].rpartition("/")[2], GOOD)


async def test_who_subscribed_cannot_do_so_again(world: World) -> None:
    await world.owner.get("/billing")
    form = {"plan": "growth", "unit": "year", "once": value(world.owner.text, "once")}
    await world.subscribe()
    response = await world.owner.post("/billing/checkouts", form)
    assert response.status_code == 409
    assert len(world.business.all("subscription")) == 1


async def test_it_previews_what_a_larger_plan_costs_and_charges_that(world: World) -> None:
    await world.subscribe()
    world.business.advance(0)
    await world.owner.get("/billing/plan?plan=growth&unit=month")
    assert "Unused time on Starter" in world.owner.text
    due = re.search(r"\$([\d.]+) <span class=\"muted\">due now", world.owner.text)
    assert due
    assert 39.9 < float(due[1]) <= 40
    form = {name: value(world.owner.text, name) for name in ("plan", "unit", "at", "once")}
    for _ in range(2):  # sent twice, paid once
        assert (await world.owner.post("/billing/plan", form)).status_code == 303
    await world.work()
    assert await world.plan() == "growth"
    assert [money(i["total"], "usd") for i in world.business.all("invoice")] == [f"${due[1]}".removesuffix(".00"), "$9"]


async def test_a_smaller_plan_is_a_credit(world: World) -> None:
    await world.subscribe("growth")
    await world.owner.get("/billing/plan?plan=starter&unit=month")
    assert "due now" in world.owner.text
    assert "$0 <" in world.owner.text
    assert "will be credited to your next invoices" in world.owner.text
    form = {name: value(world.owner.text, name) for name in ("plan", "unit", "at", "once")}
    await world.owner.post("/billing/plan", form)
    await world.work()
    assert await world.plan() == "starter"
    world.business.advance(31 * DAY)
    assert world.business.all("invoice")[0]["total"] < 900
    assert len(world.business.all("invoice")) == 2


@pytest.mark.parametrize("at", ["0", "x", "1000000000", "9999999999"])
async def test_an_old_price_is_not_taken(world: World, at: str) -> None:
    await world.subscribe()
    form = {"plan": "growth", "unit": "month", "at": at, "once": "o" * 20}
    assert (await world.owner.post("/billing/plan", form)).status_code == 409
    assert await world.plan() == "starter"


async def test_it_cancels_at_the_end_of_the_period_and_comes_back(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing")
    form = {"once": value(world.owner.text, "once")}
    assert (await world.owner.post("/billing/cancel", form)).status_code == 303
    await world.work()
    await world.owner.get("/billing")
    assert "Your plan ends on" in world.owner.text
    assert await world.plan() == "starter"
    form = {"once": value(world.owner.text, "once")}
    await world.owner.post("/billing/resume", form)
    await world.work()
    assert (await world.row())["cancel_at"] is None
    await world.owner.get("/billing")
    assert "Your plan ends on" not in world.owner.text


async def test_tax_ids_are_added_and_removed(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing")
    form = {"type": "eu_vat", "value": "DE123456789", "once": value(world.owner.text, "once")}
    assert (await world.owner.post("/billing/tax-ids", form)).status_code == 303
    await world.work()
    await world.owner.get("/billing")
    assert "DE123456789" in world.owner.text
    bad = await world.owner.post("/billing/tax-ids", {**form, "value": "nonsense", "once": "n" * 20})
    assert bad.status_code == 422
    assert "Invalid value for eu_vat" in world.owner.text
    id = json.loads((await world.row())["tax_ids"])[0]["id"]
    await world.owner.post(f"/billing/tax-ids/{id}/delete", {})
    await world.work()
    assert (await world.row())["tax_ids"] == "[]"
    assert (await world.owner.post("/billing/tax-ids/txi_x/delete", {})).status_code == 404


async def test_invoices_lead_to_their_pdfs_and_to_nobody_else_s(world: World, stranger: Browser) -> None:
    await world.subscribe()
    id = world.business.all("invoice")[0]["id"]
    response = await world.owner.get(f"/billing/invoices/{id}")
    assert (response.status_code, response.headers["Location"]) == (303, f"{world.business.url}/invoices/{id}.pdf")
    assert (await stranger.get(f"/billing/invoices/{id}")).status_code == 404
    assert (await world.owner.get("/billing/invoices/in_x")).status_code == 404


async def test_the_portal_leads_back(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing")
    response = await world.owner.post("/billing/portal", {})
    assert response.headers["Refresh"].startswith(f"0; url={world.business.url}/portal/")
    assert world.business.all("billing_portal.session")[0]["return_url"] == "http://localhost:8000/billing/return"


async def test_changes_are_in_the_audit_log(world: World) -> None:
    await world.subscribe()
    rows = await world.pool.fetch("select actor, what, about from audit where what like 'subscription.%' order by id")
    assert [tuple(row) for row in rows] == [
        ("demo@feelback.example", "subscription.checkout_opened", "Starter"),
        ("Feelback", "subscription.updated", "Starter"),
    ]


async def test_every_change_carries_a_key_of_its_own(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing/plan?plan=growth&unit=month")
    form = {name: value(world.owner.text, name) for name in ("plan", "unit", "at", "once")}
    await world.owner.post("/billing/plan", form)
    await world.owner.post("/billing/cancel", form)
    keys = [key for method, path, _, key in world.weather.requests if method == "POST" and "preview" not in path]
    assert all(keys)
    assert len(keys) == len(set(keys)) == 5


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/billing/checkouts", {"plan": "x", "unit": "month"}, 422),
        ("/billing/checkouts", {"plan": "free", "unit": "month"}, 422),
        ("/billing/checkouts", {"plan": "starter", "unit": "day"}, 422),
        ("/billing/checkouts", {"plan": "starter", "unit": "month"}, 422),
        ("/billing/checkouts", {"plan": "starter", "unit": "month", "once": "<>"}, 422),
        ("/billing/plan", {"plan": "starter", "unit": "month", "at": "x"}, 409),
        ("/billing/cancel", {}, 409),
        ("/billing/portal", {}, 409),
        ("/billing/tax-ids", {"type": "eu_vat", "value": "DE123456789"}, 409),
    ],
)
async def test_invalid_requests_are_refused(world: World, path: str, form: dict[str, str], status: int) -> None:
    await world.owner.get("/billing")
    assert (await world.owner.post(path, form)).status_code == status
    assert [r for r in world.weather.requests if "sessions" in r[1] and r[0] == "POST"] == []


def test_it_writes_money() -> None:
    assert [money(3500, "kwd"), money(35000, "bhd"), money(500, "ugx")] == ["KWD 3.500", "BHD 35", "UGX 5"]
    assert [money(900, "usd"), money(950, "usd"), money(-123456, "eur"), money(900, "jpy"), money(900, "chf")] == [
        "$9", "$9.50", "−€1,234.56", "JPY 900", "CHF 9",
    ]  # fmt: skip
