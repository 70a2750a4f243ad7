"""Subscriptions at Stripe: checkout, changing the plan, and cancelling."""

import contextlib
from uuid import UUID

import stripe
from stripe.params.checkout import SessionCreateParamsSubscriptionData as SubscriptionData

from app.billing import snapshot
from app.billing.snapshot import Preview
from app.billing.stripe_client import Client, idempotency, stripe_errors
from app.config import Settings


async def checkout(
    client: Client, settings: Settings, customer_id: str, account_id: UUID, price_id: str, once: str, *, has_trial: bool
) -> str:
    """Create the checkout page of a first subscription; returns its URL. Earlier checkout pages expire."""
    subscription: SubscriptionData = {"metadata": {"account_id": str(account_id)}}
    if has_trial and settings.stripe_trial_days:
        subscription["trial_period_days"] = settings.stripe_trial_days
    with stripe_errors():
        session = await client.v1.checkout.sessions.create_async(
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
    client: Client, subscription_id: str, item_id: str, price_id: str, at: int, once: str, *, is_more: bool
) -> None:
    """Change a subscription to another price, as previewed. With `is_more` the difference is charged at once.

    Raises:
        FeelbackError: 402 if the payment fails; nothing has changed then.
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
    """Cancel a subscription at the end of the paid period, or resume it."""
    with stripe_errors():
        await client.v1.subscriptions.update_async(
            subscription_id,
            {"cancel_at_period_end": is_cancelled},
            idempotency("end", subscription_id, is_cancelled, once),
        )


async def cancel_now(client: Client, subscription_id: str) -> None:
    """Cancel the subscription of a deleted account at once."""
    with stripe_errors(), contextlib.suppress(stripe.InvalidRequestError):  # it has ended already
        await client.v1.subscriptions.cancel_async(subscription_id, {}, idempotency("cancel", subscription_id))
