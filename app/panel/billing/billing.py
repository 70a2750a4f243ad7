"""The account's plan, usage, payment and invoices. Admins can view them, the owner can change them."""

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
from app.panel.billing.offers import Choice, find_choice, is_more, money, offers
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import billing
from app.queries.billing import AccountBilling, Plan

blueprint = Blueprint("billing", __name__, url_prefix="/billing")
auth.require_actor(blueprint)
blueprint.add_app_template_filter(money)
PREVIEW_SECONDS = 3600  # how long a previewed price is valid
INVOICES = 12
TAX_IDS = {
    "eu_vat": "EU VAT number", "gb_vat": "UK VAT number", "us_ein": "US EIN", "ch_vat": "Swiss VAT number",
    "no_vat": "Norwegian VAT number", "ca_bn": "Canadian BN", "au_abn": "Australian ABN",
    "nz_gst": "New Zealand GST number", "in_gst": "Indian GST number", "jp_trn": "Japanese registration number",
    "br_cnpj": "Brazilian CNPJ",
}  # fmt: skip


@blueprint.get("")
async def get_billing() -> Response:
    page = read.number(request.args, "page", 1, 1, 1_000_000)
    account = await billing.account_billing(auth.tenant())
    usage = await billing.account_usage(auth.tenant())
    plans = await billing.offered_plans(pool())
    invoices = await billing.account_invoices(auth.tenant(), INVOICES, (page - 1) * INVOICES)
    listing = Listing("/billing", {}, page, INVOICES, invoices[0].row_count if invoices else 0)
    text = await render_template(
        "billing/page.html", billing=account, usage=usage, months=_months(usage.months_json),
        offers=offers(account, plans), invoices=invoices, listing=listing, is_owner=account.role == "owner",
        tax_ids=json.loads(account.tax_ids), tax_types=TAX_IDS, once=secrets.token_urlsafe(16),
        trial_days=0 if account.status else settings().stripe_trial_days,
    )  # fmt: skip
    # Reload until the worker has Stripe's answer.
    return Response(text, headers={"Refresh": "2"} if account.is_waiting else {})


@blueprint.post("/checkouts")
async def post_checkout() -> Response:
    """Redirect to Stripe's payment page for a plan; 409 if there is a subscription already."""
    account, _, plan, choice, form = await _plan_request()
    if account.is_live:
        raise FeelbackError(409, "You already have a subscription.", hint="Change it under Billing.")
    account_id = cast(UUID, auth.actor().account_id)
    customer_id = account.customer_id
    if customer_id is None:
        new_id = await stripe_client.create_customer(stripe(), account_id, account.account_name, auth.actor().email)
        customer_id = await billing.update_customer(auth.tenant(), new_id)
    url = await stripe_subscriptions.checkout(
        stripe(), settings(), customer_id, account_id, choice.price_id, _once(form), has_trial=account.status is None
    )
    await billing.request_billing_sync(auth.tenant(), "checkout_opened", plan.title, _details(choice))
    return await _leave(url, "Stripe's payment page")


@blueprint.get("/plan")
async def get_plan() -> str:
    """What changing to a plan costs now and later, with the button to change."""
    account, plans, plan, choice, _ = await _plan_request()
    more, at = is_more(account, plans, choice), int(time.time())
    preview = await stripe_subscriptions.preview(stripe(), *_subscription(account), choice.price_id, at, is_more=more)
    usage = await billing.account_usage(auth.tenant())
    return await render_template(
        "billing/plan.html", billing=account, plan=plan, choice=choice, preview=preview, usage=usage, at=at,
        once=secrets.token_urlsafe(16),
    )  # fmt: skip


@blueprint.post("/plan")
async def post_plan() -> Response:
    """Change the plan at the previewed price."""
    account, plans, plan, choice, form = await _plan_request()
    at = int(form["at"]) if re.fullmatch(r"[0-9]{10}", form.get("at", "")) else 0
    if not 0 <= time.time() - at <= PREVIEW_SECONDS:
        raise FeelbackError(409, "This price is more than an hour old.", hint="Choose the plan again under Billing.")
    more, (_, subscription_id, item_id) = is_more(account, plans, choice), _subscription(account)
    await stripe_subscriptions.update_plan(
        stripe(), subscription_id, item_id, choice.price_id, at, _once(form), is_more=more
    )
    return await _sync("plan_chosen", plan.title, _details(choice))


@blueprint.post("/cancel")
async def post_cancel() -> Response:
    """Cancel the subscription at the end of the paid period."""
    return await _update_cancellation(True, "cancelled")


@blueprint.post("/resume")
async def post_resume() -> Response:
    """Keep a subscription that was cancelled."""
    return await _update_cancellation(False, "resumed")


@blueprint.post("/portal")
async def post_portal() -> Response:
    """Redirect to Stripe's customer portal to change cards and addresses."""
    customer_id = (await _customer()).customer_id
    url = await stripe_client.portal(stripe(), cast(str, customer_id), f"{settings().base_url}/billing/return")
    await billing.request_billing_sync(auth.tenant(), "portal_opened", "")
    return await _leave(url, "Stripe's customer portal")


@blueprint.post("/tax-ids")
async def post_tax_id() -> Response:
    """Add a tax ID to future invoices."""
    account, form = await _customer(), await request.form
    type, value = form.get("type", ""), read.text(form, "value", 40)
    if type not in TAX_IDS or not value:
        raise FeelbackError(422, "Choose the kind of tax ID and enter its number.")
    await stripe_client.add_tax_id(stripe(), cast(str, account.customer_id), type, value, _once(form))
    return await _sync("tax_id_added", TAX_IDS[type])


@blueprint.post("/tax-ids/<id>/delete")
async def post_delete_tax_id(id: str) -> Response:
    """Remove a tax ID from future invoices."""
    account = await billing.account_billing(auth.tenant(), "owner")
    if id not in [each["id"] for each in json.loads(account.tax_ids)]:
        raise FeelbackError(404, "There is no such tax ID.")
    await stripe_client.delete_tax_id(stripe(), cast(str, account.customer_id), id)
    return await _sync("tax_id_removed", "")


@blueprint.get("/invoices/<id>")
async def get_invoice(id: str) -> Response:
    """Redirect to an invoice's PDF at Stripe."""
    invoice_id = await billing.account_invoice(auth.tenant(), id)
    return see_other(await stripe_client.invoice_pdf(stripe(), invoice_id))


@blueprint.get("/return")
async def get_return() -> Response:
    """Where Stripe's pages lead back to: have the worker ask Stripe for changes."""
    await billing.request_billing(auth.tenant())
    return see_other("/billing")


def stripe() -> stripe_client.Client:
    """This process's Stripe client, created on first use."""
    shared = services()
    if shared.stripe is None:
        shared.stripe = stripe_client.connect(settings())
    return shared.stripe


@blueprint.after_app_serving
async def close() -> None:
    shared = services()
    if shared.stripe is not None:
        await shared.stripe.close()
        shared.stripe = None


async def _plan_request() -> tuple[AccountBilling, list[Plan], Plan, Choice, dict[str, str]]:
    """The owner's account, the offered plans, the requested plan and price, and the form or query string.

    Raises:
        FeelbackError: 403 for others than the owner, 422 if the plan is not offered.
    """
    account = await billing.account_billing(auth.tenant(), "owner")
    plans = await billing.offered_plans(pool())
    form = dict(request.args if request.method == "GET" else await request.form)
    choice = find_choice(account, plans, form.get("plan", ""), form.get("unit", ""))
    if choice is None:
        raise FeelbackError(422, "There is no such plan.", hint="Choose one under Billing.")
    return account, plans, *choice, form


async def _customer() -> AccountBilling:
    account = await billing.account_billing(auth.tenant(), "owner")
    if account.customer_id is None:
        raise FeelbackError(409, "This account has not paid for anything yet.", hint="Choose a plan under Billing.")
    return account


def _subscription(account: AccountBilling) -> tuple[str, str, str]:
    """Ids of the customer, the subscription and its item.

    Raises:
        FeelbackError: 409 without a subscription.
    """
    if not (account.is_live and account.customer_id and account.subscription_id and account.item_id):
        raise FeelbackError(409, "There is no subscription to change.", hint="Choose a plan under Billing.")
    return account.customer_id, account.subscription_id, account.item_id


async def _update_cancellation(is_cancelled: bool, action: str) -> Response:
    account = await billing.account_billing(auth.tenant(), "owner")
    _, subscription_id, _ = _subscription(account)
    await stripe_subscriptions.update_cancellation(stripe(), subscription_id, is_cancelled, _once(await request.form))
    return await _sync(action, account.plan_title or "")


async def _sync(action: str, about: str, details: str = "{}") -> Response:
    await billing.request_billing_sync(auth.tenant(), action, about, details)
    return see_other("/billing")


def _months(text: str) -> list[dict[str, object]]:
    # In the shape of a distribution's columns.
    return [
        {"label": f"{date.fromisoformat(each['month']):%b}", "icon": "", "count": each["responses"], "weight": 0}
        for each in json.loads(text)
    ]


def _details(choice: Choice) -> str:
    return json.dumps({"unit": choice.unit})


def _once(form: dict[str, str]) -> str:
    once = form.get("once", "")
    if not re.fullmatch(r"[\w-]{16,64}", once):
        raise FeelbackError(422, "This page has expired. Reload it and try again.")
    return once


async def _leave(url: str, where: str) -> Response:
    # The policy's form-action forbids a redirect to another site; a page that refreshes there is allowed.
    return Response(
        await render_template("billing/leave.html", url=url, where=where), headers={"Refresh": f"0; url={url}"}
    )
