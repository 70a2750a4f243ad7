"""Subscriptions at Stripe: paying for the first time, changing the plan, and ending."""

import contextlib
from uuid import UUID

import stripe
from stripe.params.checkout import SessionCreateParamsSubscriptionData as SubscriptionData

from app.billing import snapshot as tell
from app.billing.snapshot import Preview
from app.billing.stripe_client import Client, idempotency, stripe_errors
from app.config import Settings


async def checkout(
    client: Client, settings: Settings, customer_id: str, account_id: UUID, price_id: str, once: str, *, has_trial: bool
) -> str:
    """The address at which a customer pays for a plan for the first time; earlier ones lead nowhere from then on."""
    subscription: SubscriptionData = {"metadata": {"account_id": str(account_id)}}
    if has_trial and settings.stripe_trial_days:
        subscription["trial_period_days"] = settings.stripe_trial_days
    with stripe_errors():
        made = await client.v1.checkout.sessions.create_async(
            {
                "mode": "subscription",
                "customer": customer_id,
                "client_reference_id": str(account_id),
                "line_items": [{"price": price_id, "quantity": 1}],
                "subscription_data": subscription,
                "customer_update": {"name": "auto", "address": "auto"},
                "tax_id_collection": {"enabled": True},
                "automatic_tax": {"enabled": settings.stripe_tax},
                "success_url": f"{settings.base_url}/billing/return",
                "cancel_url": f"{settings.base_url}/billing",
            },
            idempotency("checkout", account_id, price_id, once),
        )
        await expire_checkouts(client, customer_id, but=made.id)
    return str(made.url)


async def expire_checkouts(client: Client, customer_id: str, but: str = "") -> None:
    """Closes the payment pages of a customer that are open in other tabs: nobody is to subscribe twice."""
    with stripe_errors():
        found = await client.v1.checkout.sessions.list_async({"customer": customer_id, "status": "open", "limit": 20})
        for session in found.data:
            if session.id != but:
                with contextlib.suppress(stripe.InvalidRequestError):  # it was paid or closed meanwhile
                    await client.v1.checkout.sessions.expire_async(session.id, {}, idempotency("expire", session.id))


async def preview(
    client: Client, customer_id: str, subscription_id: str, item_id: str, price_id: str, at: int, *, is_more: bool
) -> Preview:
    """What changing to a price costs at that second."""
    with stripe_errors():
        found = await client.v1.invoices.create_preview_async(
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
    return tell.preview(found.to_dict(), is_more=is_more)


async def change_plan(
    client: Client, subscription_id: str, item_id: str, price_id: str, at: int, once: str, *, is_more: bool
) -> None:
    """Changes a subscription to another price, as it was previewed; more is paid at once, or nothing is changed.

    Raises:
        FeelbackError: 402 where the payment fails.
    """
    with stripe_errors():
        await client.v1.subscriptions.update_async(
            subscription_id,
            {
                "items": [{"id": item_id, "price": price_id}],
                "proration_behavior": "always_invoice" if is_more else "create_prorations",
                "proration_date": at,
                "payment_behavior": "error_if_incomplete",
                "cancel_at_period_end": False,
            },
            idempotency("plan", subscription_id, price_id, at, once),
        )


async def update_cancellation(client: Client, subscription_id: str, is_cancelled: bool, once: str) -> None:
    """Lets a subscription end with the period that is paid for, or go on after all."""
    with stripe_errors():
        await client.v1.subscriptions.update_async(
            subscription_id,
            {"cancel_at_period_end": is_cancelled},
            idempotency("end", subscription_id, is_cancelled, once),
        )


async def cancel_now(client: Client, subscription_id: str) -> None:
    """Ends a subscription at once, of an account that is deleted."""
    with stripe_errors(), contextlib.suppress(stripe.InvalidRequestError):  # it has ended already
        await client.v1.subscriptions.cancel_async(subscription_id, {}, idempotency("cancel", subscription_id))
