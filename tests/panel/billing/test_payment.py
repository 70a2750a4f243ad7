"""Paying what is due: on Stripe's page, with a confirmation of the bank, after a decline; and what invoices say."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import stripe

from app.billing import stripe_subscriptions
from app.billing.money import discounted
from app.errors import FeelbackError
from app.worker import billing
from tests.support.billing_world import World, value
from tests.support.browser import Browser
from tests.support.fake_stripe.business import ASKS, DAY, DECLINED, FAILS_LATER, GOOD


async def mails(world: World) -> list[tuple[str, str]]:
    rows = await world.pool.fetch("delete from mail where template <> 'usage_notice' returning recipient, template, id")
    return [(row["recipient"], row["template"]) for row in sorted(rows, key=lambda row: row["id"])]


async def upgrade(world: World) -> Any:
    await world.owner.get("/billing/plan?plan=growth&unit=month")
    form = {name: value(world.owner.text, name) for name in ("plan", "unit", "at", "once")}
    return await world.owner.post("/billing/plan", form)


@pytest.mark.parametrize("card", [ASKS, DECLINED])
async def test_an_upgrade_that_cannot_be_charged_is_finished_at_stripe(world: World, card: str) -> None:
    await world.subscribe()
    customer = world.business.all("customer")[0]
    world.business.card(customer["id"], GOOD)["number"] = card
    response = await upgrade(world)
    assert response.status_code == 200
    assert "Nothing changes until it is paid" in world.owner.text
    invoice = world.business.all("invoice")[0]
    assert response.headers["Refresh"].endswith(f"{world.business.url}/hosted/{invoice['id']}")
    await world.work()
    assert await world.plan() == "starter"
    world.business.pay_invoice(invoice["id"], GOOD)
    await world.sync()
    assert await world.plan() == "growth"


async def test_after_a_decline_the_same_form_is_tried_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    subscription = await world.subscribe()
    item = subscription["items"]["data"][0]["id"]
    method = world.business.card(subscription["customer"], GOOD)
    method["number"] = DECLINED

    real = world.client.v1.subscriptions.update_async

    async def strict(id: str, parameters: Any, options: Any) -> Any:
        return await real(id, {**parameters, "payment_behavior": "error_if_incomplete"}, options)

    monkeypatch.setattr(type(world.client.v1.subscriptions), "update_async", staticmethod(strict))

    async def send() -> None:
        await stripe_subscriptions.update_plan(
            world.client, subscription["id"], item, "price_gm", world.business.now, "o" * 20, "growth", is_more=True
        )

    for _ in range(2):
        with pytest.raises(FeelbackError) as error:
            await send()
        assert error.value.status == 402
    method["number"] = GOOD
    await send()
    assert subscription["items"]["data"][0]["price"]["id"] == "price_gm"
    assert stripe.CardError


async def test_what_is_due_is_paid_by_a_link(world: World, stranger: Browser) -> None:
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    invoice = world.business.all("invoice")[0]
    await world.owner.get("/billing")
    assert "Pay now" in world.owner.text
    url = f"/billing/invoices/{invoice['id']}/pay"
    assert (await world.owner.get(url)).headers["Location"] == invoice["hosted_invoice_url"]
    assert (await stranger.get(url)).status_code == 404
    world.business.pay_invoice(invoice["id"], GOOD)
    await world.sync()
    assert (await world.row())["status"] == "active"
    assert (await world.owner.get(url)).status_code == 409


async def test_each_step_has_a_mail(world: World) -> None:
    world.business.retries = (3 * DAY, 8 * DAY, 40 * DAY)
    await world.subscribe(card=FAILS_LATER)
    world.business.advance(30 * DAY + 60)
    await world.sync()
    assert [template for _, template in await mails(world)] == ["payment_failed"]
    for _ in range(2):
        world.business.advance(4 * DAY)
        await world.sync()
        assert [template for _, template in await mails(world)] == ["payment_retry_failed"]
    world.business.advance(10 * DAY)
    await world.pool.execute("call fn.run_by_account('{announce grace ends}', $1)", world.now)
    assert [template for _, template in await mails(world)] == ["plan_ended"]


async def test_a_cancelled_plan_is_confirmed_by_mail(world: World) -> None:
    await world.subscribe()
    await mails(world)
    await world.owner.get("/billing")
    await world.owner.post("/billing/cancel", {"once": value(world.owner.text, "once")})
    await world.work()
    assert [template for _, template in await mails(world)] == ["plan_cancelled"]


async def test_invoices_and_mails_go_to_an_address_of_their_own(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing")
    form = {
        "name": "Acorn GmbH", "email": "bills@example.com", "line1": "Weg 1", "postal_code": "10115", "city": "Berlin",
        "country": "de", "once": value(world.owner.text, "once"),
    }  # fmt: skip
    assert (await world.owner.post("/billing/details", form)).status_code == 303
    await world.work()
    customer = world.business.all("customer")[0]
    assert (customer["email"], customer["address"]["country"]) == ("bills@example.com", "DE")
    await world.owner.get("/billing")
    assert "Acorn GmbH" in world.owner.text
    await mails(world)
    await world.owner.post("/billing/cancel", {"once": value(world.owner.text, "once")})
    await world.work()
    assert {recipient for recipient, _ in await mails(world)} == {"demo@feelback.example", "bills@example.com"}
    for wrong in ({"email": "x"}, {"country": "Germany"}):
        assert (await world.owner.post("/billing/details", {**form, **wrong})).status_code == 422


async def test_credit_notes_are_shown(world: World) -> None:
    await world.subscribe()
    invoice = world.business.all("invoice")[0]
    invoice["post_payment_credit_notes_amount"] = 400
    world.business.create("cn", "credit_note", invoice=invoice["id"], pdf=f"{world.business.url}/cn.pdf")
    await billing.compare(world.jobs, world.client)
    await world.owner.get("/billing")
    assert "$4 credited" in world.owner.text
    response = await world.owner.get(f"/billing/invoices/{invoice['id']}/credit-note")
    assert response.headers["Location"].endswith("/cn.pdf")


async def test_refunds_without_a_credit_note_are_shown(world: World) -> None:
    await world.subscribe()
    invoice = world.business.all("invoice")[0]
    world.business.refund(invoice["id"], 400)
    await world.sync()
    await world.owner.get("/billing")
    assert "$4 refunded" in world.owner.text
    assert "paid</span>" in world.owner.text
    world.business.refund(invoice["id"], 500)
    await world.sync()
    await world.owner.get("/billing")
    assert "refunded</span>" in world.owner.text
    assert "paid</span>" not in world.owner.text


async def test_a_key_that_may_not_read_charges_still_reads_all_else(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(*_: object) -> None:
        raise stripe.PermissionError("The provided key does not have the required permissions.")

    monkeypatch.setattr("stripe.ChargeService.list_async", refuse)
    await world.subscribe()
    assert await world.plan() == "starter"
    assert "STRIPE_SECRET_KEY may not read charges" in caplog.text


async def test_a_change_to_yearly_shows_all_that_is_charged(world: World) -> None:
    await world.subscribe()
    await world.owner.get("/billing/plan?plan=starter&unit=year")
    assert "Unused time on Starter" in world.owner.text
    assert "$90</td>" in re.sub(r"\s+", "", world.owner.text)


async def test_before_stripe_has_said_a_price_none_is_shown(world: World) -> None:
    await world.pool.execute("update plan_price set amount = null, currency = null")
    await world.owner.get("/billing")
    assert "$9" not in world.owner.text
    assert "payment page shows the price" in world.owner.text


async def test_free_costs_nothing_in_the_currency_of_the_others(world: World) -> None:
    await world.pool.execute("update plan_price set currency = 'kwd', amount = 3500")
    await world.owner.get("/billing")
    assert "KWD 0" in world.owner.text
    assert "KWD 3.500" in world.owner.text


@pytest.mark.parametrize(
    ("discounts", "wanted"),
    [
        ([], (1000, "")),
        (["di_1"], (1000, "")),
        ([{"source": {"coupon": {"percent_off": 12.5}}}], (875, "12.5% off")),
        ([{"coupon": {"amount_off": 300, "currency": "usd"}}], (700, "$3 off")),
        ([{"coupon": {"amount_off": 300, "currency": "eur"}}], (1000, "")),
        ([{"coupon": {"amount_off": 3000, "currency": "usd"}}], (0, "$30 off")),
    ],
)
def test_discounts_are_deducted(discounts: list[Any], wanted: tuple[int, str]) -> None:
    assert discounted(1000, "usd", discounts) == wanted


async def test_a_promised_date_is_in_the_mail_about_the_end(world: World) -> None:
    subscription = await world.subscribe()
    world.business.end(subscription)
    await world.sync()
    context = json.loads(await world.pool.fetchval("select context from mail where template = 'plan_ended'"))
    until = await world.pool.fetchval("select max(ends_at) from entitlement where reason = 'retention'")
    assert context["until"] == until.strftime("%-d %b %Y, %H:%M UTC")
    assert until > world.now + timedelta(days=29)
    await world.owner.get("/billing")
    assert "Nothing is deleted until" in world.owner.text
