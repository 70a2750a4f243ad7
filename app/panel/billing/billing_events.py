"""Stripe's webhooks: verified and stored for the worker."""

from quart import Blueprint, request

from app.billing import stripe_client
from app.http.context import pool, settings
from app.queries import billing_events

blueprint = Blueprint("billing_events", __name__)


@blueprint.post("/billing/events")
async def post_event() -> tuple[str, int]:
    """Store an event whose signature matches the raw body; 400 for all others."""
    body = await request.get_data()
    assert isinstance(body, bytes)
    event = stripe_client.event(settings(), body, request.headers.get("Stripe-Signature", ""))
    if event.customer_id is None:  # not about a customer
        return "", 204
    await billing_events.add_billing_event(pool(), event.id, event.type, event.customer_id, event.created_at)
    return "", 204
