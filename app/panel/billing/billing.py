"""The account's plan: what is used of it and paid for it. Who is an admin looks, the owner changes."""

import json
import re
import secrets
import time
from datetime import date
from typing import cast
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.billing import stripe_client, stripe_subscriptions
from app.errors import FeelbackError
from app.http.context import pool, services, settings
from app.http.redirects import see_other
from app.panel.billing.offers import Choice, chosen, is_more, money, offers
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import billing
from app.queries.billing import AccountBilling, Plan

blueprint = Blueprint("billing", __name__, url_prefix="/billing")
auth.require_actor(blueprint)
blueprint.add_app_template_filter(money)
PREVIEW_SECONDS = 3600  # how long a previewed price is good for
INVOICES = 12
TAX_IDS = {
    "eu_vat": "EU VAT number", "gb_vat": "UK VAT number", "us_ein": "US EIN", "ch_vat": "Swiss VAT number",
    "no_vat": "Norwegian VAT number", "ca_bn": "Canadian BN", "au_abn": "Australian ABN",
    "nz_gst": "New Zealand GST number", "in_gst": "Indian GST number", "jp_trn": "Japanese registration number",
    "br_cnpj": "Brazilian CNPJ",
}  # fmt: skip


@blueprint.get("")
async def get_billing() -> Response:
    """The plan, how much of it is used, the other plans, invoices."""
    page = read.number(request.args, "page", 1, 1, 1_000_000)
    found = await billing.account_billing(auth.tenant())
    usage = await billing.account_usage(auth.tenant())
    plans = await billing.offered_plans(pool())
    invoices = await billing.account_invoices(auth.tenant(), INVOICES, (page - 1) * INVOICES)
    listing = Listing("/billing", {}, page, INVOICES, invoices[0].found if invoices else 0)
    text = await render_template(
        "billing/page.html", billing=found, usage=usage, months=_months(usage.months_json),
        offers=offers(found, plans), invoices=invoices, listing=listing, is_owner=found.role == "owner",
        tax_ids=json.loads(found.tax_ids), tax_types=TAX_IDS, once=secrets.token_urlsafe(16),
        trial_days=0 if found.status else settings().stripe_trial_days,
    )  # fmt: skip
    # Until the worker has heard from Stripe.
    return Response(text, headers={"Refresh": "2"} if found.is_waiting else {})


@blueprint.post("/checkouts")
async def post_checkout() -> Response:
    """Leads to Stripe's payment page for a plan; 409 where there is a subscription already."""
    found, _, plan, choice, form = await _asked()
    if found.is_live:
        raise FeelbackError(409, "There is a subscription already.", hint="Change it under Billing.")
    account_id = cast(UUID, auth.actor().account_id)
    customer_id = found.customer_id
    if customer_id is None:
        made = await stripe_client.create_customer(stripe(), account_id, found.account_name, auth.actor().email)
        customer_id = await billing.update_customer(auth.tenant(), made)
    url = await stripe_subscriptions.checkout(
        stripe(), settings(), customer_id, account_id, choice.price_id, _once(form), has_trial=found.status is None
    )
    await billing.request_billing_sync(auth.tenant(), "checkout_opened", plan.title, _details(choice))
    return await _leave(url, "Stripe's payment page")


@blueprint.get("/plan")
async def get_plan() -> str:
    """What changing to a plan costs now and later, with a button that does it."""
    found, plans, plan, choice, _ = await _asked()
    more, at = is_more(found, plans, choice), int(time.time())
    preview = await stripe_subscriptions.preview(stripe(), *_subscription(found), choice.price_id, at, is_more=more)
    usage = await billing.account_usage(auth.tenant())
    return await render_template(
        "billing/plan.html", billing=found, plan=plan, choice=choice, preview=preview, usage=usage, at=at,
        once=secrets.token_urlsafe(16),
    )  # fmt: skip


@blueprint.post("/plan")
async def post_plan() -> Response:
    """Changes the plan as it was previewed."""
    found, plans, plan, choice, form = await _asked()
    at = int(form["at"]) if re.fullmatch(r"[0-9]{10}", form.get("at", "")) else 0
    if not 0 <= time.time() - at <= PREVIEW_SECONDS:
        raise FeelbackError(409, "That price is more than an hour old.", hint="Choose the plan again under Billing.")
    more, (_, subscription_id, item_id) = is_more(found, plans, choice), _subscription(found)
    await stripe_subscriptions.update_plan(
        stripe(), subscription_id, item_id, choice.price_id, at, _once(form), is_more=more
    )
    return await _changed("plan_chosen", plan.title, _details(choice))


@blueprint.post("/cancel")
async def post_cancel() -> Response:
    """Lets the subscription end with the period that is paid for."""
    return await _update_cancellation(True, "cancelled")


@blueprint.post("/resume")
async def post_resume() -> Response:
    """Lets it go on after all."""
    return await _update_cancellation(False, "resumed")


@blueprint.post("/portal")
async def post_portal() -> Response:
    """Leads to Stripe's customer portal, where cards and addresses are changed."""
    customer_id = (await _customer()).customer_id
    url = await stripe_client.portal(stripe(), cast(str, customer_id), f"{settings().base_url}/billing/return")
    await billing.request_billing_sync(auth.tenant(), "portal_opened", "")
    return await _leave(url, "Stripe's customer portal")


@blueprint.post("/tax-ids")
async def post_tax_id() -> Response:
    """Puts a tax id on invoices to come."""
    found, form = await _customer(), await request.form
    type, value = form.get("type", ""), read.text(form, "value", 40)
    if type not in TAX_IDS or not value:
        raise FeelbackError(422, "Choose the kind of tax id and type its number.")
    await stripe_client.add_tax_id(stripe(), cast(str, found.customer_id), type, value, _once(form))
    return await _changed("tax_id_added", TAX_IDS[type])


@blueprint.post("/tax-ids/<id>/delete")
async def post_delete_tax_id(id: str) -> Response:
    """Takes a tax id off invoices to come."""
    found = await billing.account_billing(auth.tenant(), "owner")
    if id not in [each["id"] for each in json.loads(found.tax_ids)]:
        raise FeelbackError(404, "There is no such tax id.")
    await stripe_client.delete_tax_id(stripe(), cast(str, found.customer_id), id)
    return await _changed("tax_id_removed", "")


@blueprint.get("/invoices/<id>")
async def get_invoice(id: str) -> Response:
    """Leads to the PDF of an invoice, at Stripe."""
    found = await billing.account_invoice(auth.tenant(), id)
    return see_other(await stripe_client.invoice_pdf(stripe(), found))


@blueprint.get("/return")
async def get_return() -> Response:
    """Back from Stripe: has it asked what has come of it."""
    await billing.request_billing(auth.tenant())
    return see_other("/billing")


def stripe() -> stripe_client.Client:
    """This process's connection to Stripe."""
    shared = services()
    if shared.stripe is None:
        shared.stripe = stripe_client.connect(settings())
    return shared.stripe


@blueprint.after_app_serving
async def close() -> None:
    """Lets go of that connection."""
    shared = services()
    if shared.stripe is not None:
        await shared.stripe.close()
        shared.stripe = None


async def _asked() -> tuple[AccountBilling, list[Plan], Plan, Choice, dict[str, str]]:
    # Only the owner gets so far; what they chose is one of what is offered.
    found = await billing.account_billing(auth.tenant(), "owner")
    plans = await billing.offered_plans(pool())
    given = dict(request.args if request.method == "GET" else await request.form)
    choice = chosen(found, plans, given.get("plan", ""), given.get("unit", ""))
    if choice is None:
        raise FeelbackError(422, "There is no such plan.", hint="Choose one under Billing.")
    return found, plans, *choice, given


async def _customer() -> AccountBilling:
    found = await billing.account_billing(auth.tenant(), "owner")
    if found.customer_id is None:
        raise FeelbackError(409, "This account has not paid for anything yet.", hint="Choose a plan under Billing.")
    return found


def _subscription(found: AccountBilling) -> tuple[str, str, str]:
    if not (found.is_live and found.customer_id and found.subscription_id and found.item_id):
        raise FeelbackError(409, "There is no subscription to change.", hint="Choose a plan under Billing.")
    return found.customer_id, found.subscription_id, found.item_id


async def _update_cancellation(is_cancelled: bool, what: str) -> Response:
    found = await billing.account_billing(auth.tenant(), "owner")
    _, subscription_id, _ = _subscription(found)
    await stripe_subscriptions.update_cancellation(stripe(), subscription_id, is_cancelled, _once(await request.form))
    return await _changed(what, found.plan_title or "")


async def _changed(what: str, about: str, details: str = "{}") -> Response:
    await billing.request_billing_sync(auth.tenant(), what, about, details)
    return see_other("/billing")


def _months(told: str) -> list[dict[str, object]]:
    # As the columns of a distribution.
    return [
        {"label": f"{date.fromisoformat(each['month']):%b}", "icon": "", "count": each["responses"], "weight": 0}
        for each in json.loads(told)
    ]


def _details(choice: Choice) -> str:
    return json.dumps({"unit": choice.unit})


def _once(form: dict[str, str]) -> str:
    once = form.get("once", "")
    if not re.fullmatch(r"[\w-]{16,64}", once):
        raise FeelbackError(422, "This form is not whole. Reload the page and send it again.")
    return once


async def _leave(url: str, where: str) -> Response:
    # A form may not lead to another site (form-action); a page that goes there by itself may.
    return Response(
        await render_template("billing/leave.html", url=url, where=where), headers={"Refresh": f"0; url={url}"}
    )
