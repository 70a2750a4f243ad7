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
from app.billing.money import money
from app.errors import FeelbackError
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.billing.offers import Choice, find_choice, is_more, offers
from app.panel.billing.payment import ADDRESS, TAX_IDS
from app.panel.billing.shared import close, leave, once, stripe, subscription, sync
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import billing
from app.queries.billing import AccountBilling, Plan

blueprint = Blueprint("billing", __name__, url_prefix="/billing")
auth.require_actor(blueprint)
blueprint.add_app_template_filter(money)
blueprint.after_app_serving(close)
PREVIEW_SECONDS = 3600  # how long a previewed price is valid
INVOICES = 12


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
        subscriptions=account.live_subscriptions, tax_ids=json.loads(account.tax_ids), tax_types=TAX_IDS,
        address=json.loads(account.billing_address), address_parts=ADDRESS,
        once=secrets.token_urlsafe(16),
        trial_days=settings().stripe_trial_days if account.has_trial else 0,
    )  # fmt: skip
    # Reload until the worker has Stripe's answer.
    return Response(text, headers={"Refresh": "2"} if account.is_waiting else {})


@blueprint.post("/checkouts")
async def post_checkout() -> Response:
    """Redirect to Stripe's payment page for a plan; 409 if there is a subscription already."""
    account, plan, choice, form = await _plan_request()
    if account.deletion_at is not None:
        raise FeelbackError(409, "This account is about to be deleted.", hint="Cancel its deletion first.")
    # Stripe is asked, since a subscription of a minute ago may not have arrived here.
    known = await stripe_client.customer_snapshot(stripe(), account.customer_id) if account.customer_id else None
    if account.is_live or (known is not None and known.has_subscription):
        await billing.request_billing(auth.tenant())
        raise FeelbackError(409, "You already have a subscription.", hint="Change it under Billing.")
    customer_id = account.customer_id
    if customer_id is None or known is None or known.is_deleted:
        customer_id = await _create_customer(account)
    account_id = cast(UUID, auth.actor().account_id)
    url = await stripe_subscriptions.checkout(
        stripe(), settings(), customer_id, account_id, auth.actor().person_id, plan.name, choice.price_id, once(form),
        has_trial=account.has_trial and not (known is not None and known.has_subscribed),
    )  # fmt: skip
    await billing.request_billing_sync(auth.tenant(), "checkout_opened", plan.title, _details(choice))
    return await leave(url, "Stripe's payment page")


async def _create_customer(account: AccountBilling) -> str:
    """A customer for an account that has none, or whose customer was deleted at Stripe; returns its id."""
    account_id, email = cast(UUID, auth.actor().account_id), auth.actor().email
    new_id = await stripe_client.create_customer(
        stripe(), account_id, account.account_name, email, account.customer_id or ""
    )
    return await billing.update_customer(auth.tenant(), new_id, account.customer_id)


@blueprint.get("/plan")
async def get_plan() -> str:
    """What changing to a plan costs now and later, with the button to change."""
    account, plan, choice, _ = await _plan_request()
    more, at = is_more(account, choice, plan.currency), int(time.time())
    preview = await stripe_subscriptions.preview(stripe(), *subscription(account), choice.price_id, at, is_more=more)
    usage = await billing.account_usage(auth.tenant())
    return await render_template(
        "billing/plan.html", billing=account, plan=plan, choice=choice, preview=preview, usage=usage, at=at,
        once=secrets.token_urlsafe(16),
    )  # fmt: skip


@blueprint.post("/plan")
async def post_plan() -> Response:
    """Change the plan at the previewed price."""
    account, plan, choice, form = await _plan_request()
    at = int(form["at"]) if re.fullmatch(r"[0-9]{10}", form.get("at", "")) else 0
    if not 0 <= time.time() - at <= PREVIEW_SECONDS:
        raise FeelbackError(409, "This price is more than an hour old.", hint="Choose the plan again under Billing.")
    more, (_, subscription_id, item_id) = is_more(account, choice, plan.currency), subscription(account)
    url = await stripe_subscriptions.update_plan(
        stripe(), subscription_id, item_id, choice.price_id, at, once(form), plan.name, is_more=more
    )
    if url:
        await billing.request_billing_sync(auth.tenant(), "payment_opened", plan.title, _details(choice))
        text = "Your card was declined, or your bank asks you to confirm the payment. Nothing changes until it is paid."
        return await leave(url, "Stripe's payment page", text)
    return await sync("plan_chosen", plan.title, _details(choice))


@blueprint.get("/return")
async def get_return() -> Response:
    """Where Stripe's pages lead back to: have the worker ask Stripe for changes."""
    await billing.request_billing(auth.tenant())
    return see_other("/billing")


async def _plan_request() -> tuple[AccountBilling, Plan, Choice, dict[str, str]]:
    """The owner's account, the requested plan and price, and the form or query string.

    Raises:
        FeelbackError: 403 for others than the owner, 422 if the plan is not offered.
    """
    account = await billing.account_billing(auth.tenant(), "owner")
    plans = await billing.offered_plans(pool())
    form = dict(request.args if request.method == "GET" else await request.form)
    choice = find_choice(account, plans, form.get("plan", ""), form.get("unit", ""))
    if choice is None:
        raise FeelbackError(422, "There is no such plan.", hint="Choose one under Billing.")
    return account, *choice, form


def _months(text: str) -> list[dict[str, object]]:
    # In the shape of a distribution's columns.
    return [
        {"label": f"{date.fromisoformat(each['month']):%b}", "icon": "", "count": each["responses"], "weight": 0}
        for each in json.loads(text)
    ]


def _details(choice: Choice) -> str:
    return json.dumps({"unit": choice.unit})
