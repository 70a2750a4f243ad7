"""Subscriptions at Stripe: checkout, changing the plan, and cancelling."""

import contextlib
from typing import Any
from uuid import UUID

import stripe
from stripe.params import SubscriptionUpdateParams
from stripe.params.checkout import SessionCreateParams
from stripe.params.checkout import SessionCreateParamsSubscriptionData as SubscriptionData

from app.billing import snapshot
from app.billing.snapshot import Preview
from app.billing.stripe_client import Client, idempotency, stripe_errors
from app.config import Settings

TRIES = 5  # of one form, after declines
TRIAL_TEXT = "A free trial is given once per card. If yours has had one, you are charged today."


async def checkout(
    client: Client,
    settings: Settings,
    customer_id: str,
    account_id: UUID,
    person_id: UUID,
    plan: str,
    price_id: str,
    once: str,
    *,
    has_trial: bool,
) -> str:
    """Create the checkout page of a first subscription; returns its URL. Earlier checkout pages expire."""
    # What it is sold as, and who may have no further trial; the price may change its meaning later.
    metadata = {"account_id": str(account_id), "person_id": str(person_id), "plan": plan}
    subscription: SubscriptionData = {"metadata": metadata}
    if has_trial and settings.stripe_trial_days:
        subscription["trial_period_days"] = settings.stripe_trial_days
    parameters: SessionCreateParams = {
        "mode": "subscription",
        "customer": customer_id,
        "client_reference_id": str(account_id),
        "line_items": [{"price": price_id, "quantity": 1}],
        "subscription_data": subscription,
        "customer_update": {"name": "auto", "address": "auto"},
        "tax_id_collection": {"enabled": True},
        "allow_promotion_codes": True,
        "automatic_tax": {"enabled": settings.stripe_tax},
        "success_url": f"{settings.base_url}/billing/return",
        "cancel_url": f"{settings.base_url}/billing",
    }
    if "trial_period_days" in subscription:
        parameters["custom_text"] = {"submit": {"message": TRIAL_TEXT}}
    with stripe_errors():
        session = await client.v1.checkout.sessions.create_async(
            parameters,
            idempotency("checkout", account_id, price_id, once),
        )
        await expire_checkouts(client, customer_id, but=session.id)
    return str(session.url)


async def expire_checkouts(client: Client, customer_id: str, but: str = "") -> None:
    """Close the checkout pages of a customer except `but`, since an open one could create a second subscription."""
    with stripe_errors():
        sessions = await client.v1.checkout.sessions.list_async(
            {"customer": customer_id, "status": "open", "limit": 20}
        )
        for session in sessions.data:
            if session.id != but:
                with contextlib.suppress(stripe.InvalidRequestError):  # it was paid or closed since
                    await client.v1.checkout.sessions.expire_async(session.id, {}, idempotency("expire", session.id))


async def preview(
    client: Client, customer_id: str, subscription_id: str, item_id: str, price_id: str, at: int, *, is_more: bool
) -> Preview:
    """The cost of changing to a price at the Unix time `at`."""
    with stripe_errors():
        invoice = await client.v1.invoices.create_preview_async(
            {
                "customer": customer_id,
                "subscription": subscription_id,
                "subscription_details": {
                    "items": [{"id": item_id, "price": price_id}],
                    "proration_behavior": "always_invoice" if is_more else "create_prorations",
                    "proration_date": at,
                },
            }
        )
    return snapshot.preview(invoice.to_dict(), is_more=is_more)


async def update_plan(
    client: Client, subscription_id: str, item_id: str, price_id: str, at: int, once: str, plan: str, *, is_more: bool
) -> str | None:
    """Change a subscription to another price, as previewed. With `is_more` the difference is charged at once.

    Returns where to pay if the card was declined or its bank asks for a confirmation: nothing changes until then.
    """
    # What waits for a payment may change nothing but prices.
    behaviour: SubscriptionUpdateParams = {
        "items": [{"id": item_id, "price": price_id}],
        "proration_behavior": "always_invoice" if is_more else "create_prorations",
        "proration_date": at,
        "payment_behavior": "pending_if_incomplete" if is_more else "allow_incomplete",
        "expand": ["latest_invoice"],
    }
    with stripe_errors():
        subscription = await _update(client, subscription_id, behaviour, ("plan", subscription_id, price_id, at, once))
        if subscription.get("pending_update"):
            return str((subscription.get("latest_invoice") or {}).get("hosted_invoice_url") or "") or None
        await client.v1.subscriptions.update_async(
            subscription_id,
            {"cancel_at_period_end": False, "metadata": {"plan": plan}},
            idempotency("sold", subscription_id, price_id, at, once),
        )
    return None


async def _update(
    client: Client, subscription_id: str, parameters: SubscriptionUpdateParams, key: tuple[object, ...]
) -> dict[str, Any]:
    """Update a subscription. Stripe repeats the answer to a key: after a decline the next request has another one."""
    for number in range(TRIES):
        try:
            updated = await client.v1.subscriptions.update_async(subscription_id, parameters, idempotency(*key, number))
            return updated.to_dict()
        except stripe.CardError as error:
            is_repeated = str((error.headers or {}).get("idempotent-replayed", "")).lower() == "true"
            if not is_repeated or number == TRIES - 1:
                raise
    raise AssertionError


async def update_cancellation(client: Client, subscription_id: str, is_cancelled: bool, once: str) -> None:
    """Cancel a subscription at the end of the paid period, or resume it."""
    with stripe_errors():
        await client.v1.subscriptions.update_async(
            subscription_id,
            {"cancel_at_period_end": is_cancelled},
            idempotency("end", subscription_id, is_cancelled, once),
        )


async def end_trial(client: Client, subscription_id: str) -> None:
    """End a trial now: the first payment is due at once."""
    with stripe_errors():
        await client.v1.subscriptions.update_async(
            subscription_id, {"trial_end": "now"}, idempotency("trial", subscription_id)
        )


async def cancel_now(client: Client, subscription_id: str) -> None:
    """Cancel the subscription of a deleted account at once."""
    with stripe_errors(), contextlib.suppress(stripe.InvalidRequestError):  # it has ended already
        await client.v1.subscriptions.cancel_async(subscription_id, {}, idempotency("cancel", subscription_id))
