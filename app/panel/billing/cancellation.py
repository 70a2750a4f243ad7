"""Cancelling a subscription at the end of the paid period, and keeping it after all."""

from quart import Blueprint, Response, request

from app.billing import stripe_subscriptions
from app.errors import FeelbackError
from app.panel.billing.shared import once, stripe, subscription, sync
from app.panel.shared import auth
from app.queries import billing

blueprint = Blueprint("cancellation", __name__, url_prefix="/billing")
auth.require_actor(blueprint)


@blueprint.post("/cancel")
async def post_cancel() -> Response:
    """Cancel the subscription at the end of the paid period."""
    return await _update_cancellation(True, "cancelled")


@blueprint.post("/subscriptions/<id>/cancel")
async def post_cancel_subscription(id: str) -> Response:
    """Cancel one of several subscriptions at the end of its paid period."""
    account = await billing.account_billing(auth.tenant(), "owner")
    title = next((each["title"] for each in account.live_subscriptions if each["id"] == id), None)
    if title is None:
        raise FeelbackError(404, "There is no such subscription.", hint="See the list under Billing.")
    await stripe_subscriptions.update_cancellation(stripe(), id, True, once(await request.form))
    return await sync("cancelled", title)


@blueprint.post("/resume")
async def post_resume() -> Response:
    """Keep a subscription that was cancelled."""
    account = await billing.account_billing(auth.tenant(), "owner")
    if account.deletion_at is not None:
        raise FeelbackError(409, "This account is about to be deleted.", hint="Cancel its deletion first.")
    return await _update_cancellation(False, "resumed")


async def _update_cancellation(is_cancelled: bool, action: str) -> Response:
    account = await billing.account_billing(auth.tenant(), "owner")
    _, subscription_id, _ = subscription(account)
    await stripe_subscriptions.update_cancellation(stripe(), subscription_id, is_cancelled, once(await request.form))
    return await sync(action, account.plan_title or "")
