"""What the pages of billing share: Stripe's client, forms that are sent once, and pages at Stripe."""

import re

from quart import Response, render_template

from app.billing import stripe_client
from app.errors import FeelbackError
from app.http.context import services, settings
from app.http.redirects import see_other
from app.panel.shared import auth
from app.queries import billing
from app.queries.billing import AccountBilling


def stripe() -> stripe_client.Client:
    """This process's Stripe client, created on first use."""
    shared = services()
    if shared.stripe is None:
        shared.stripe = stripe_client.connect(settings())
    return shared.stripe


async def close() -> None:
    """Close the client."""
    shared = services()
    if shared.stripe is not None:
        await shared.stripe.close()
        shared.stripe = None


async def customer() -> AccountBilling:
    """The owner's account, which is a customer.

    Raises:
        FeelbackError: 403 for others than the owner, 409 for an account without a customer.
    """
    account = await billing.account_billing(auth.tenant(), "owner")
    if account.customer_id is None:
        raise FeelbackError(409, "This account has not paid for anything yet.", hint="Choose a plan under Billing.")
    return account


def subscription(account: AccountBilling) -> tuple[str, str, str]:
    """Ids of the customer, the subscription and its item.

    Raises:
        FeelbackError: 409 without a subscription.
    """
    if not (account.is_live and account.customer_id and account.subscription_id and account.item_id):
        raise FeelbackError(409, "There is no subscription to change.", hint="Choose a plan under Billing.")
    return account.customer_id, account.subscription_id, account.item_id


async def sync(action: str, about: str, details: str = "{}") -> Response:
    """Record a change that was made at Stripe, have its result fetched, and go back to the billing page."""
    await billing.request_billing_sync(auth.tenant(), action, about, details)
    return see_other("/billing")


def once(form: dict[str, str]) -> str:
    """What a form has so that it has no further effect when it is sent twice.

    Raises:
        FeelbackError: 422 without it.
    """
    text = form.get("once", "")
    if not re.fullmatch(r"[\w-]{16,64}", text):
        raise FeelbackError(422, "This page has expired. Reload it and try again.")
    return text


async def leave(url: str, where: str, reason: str = "") -> Response:
    """A page that goes on to one of Stripe's, after `reason` has been read if there is one."""
    # The policy's form-action forbids a redirect to another site; a page that refreshes there is allowed.
    text = await render_template("billing/leave.html", url=url, where=where, reason=reason)
    return Response(text, headers={"Refresh": f"{8 if reason else 0}; url={url}"})
