"""Deleting an account. Requires a fresh confirmation and the account's name."""

from quart import Blueprint, Response, render_template, request

from app.http.context import settings
from app.http.redirects import see_other
from app.panel.accounts.ownership import require_owner
from app.panel.shared import auth, read
from app.queries import account_deletion, accounts, billing

blueprint = Blueprint("account_deletion", __name__, url_prefix="/account/delete")
auth.require_confirmation(blueprint, back="/account", in_account=True)


@blueprint.get("")
async def get_delete() -> str:
    return await _page("")


@blueprint.post("")
async def post_delete() -> Response:
    """Schedule the deletion in 14 days if the account's name was typed."""
    account = await accounts.account(auth.tenant())
    if account.role == "owner" and read.text(await request.form, "name", 200) != account.name:
        return Response(await _page("Type the account’s name exactly as it is shown."), 422)
    has_subscription = bool((await billing.account_billing(auth.tenant(), "owner")).live_subscriptions)
    await account_deletion.request_account_deletion(auth.tenant(), auth.token_hash())
    # On the billing page the owner sees what became of the subscription.
    return see_other("/billing" if has_subscription and settings().stripe_secret_key else "/account")


async def _page(wrong: str) -> str:
    require_owner()
    account = await accounts.account(auth.tenant())
    rows = (await billing.account_billing(auth.tenant(), "owner")).live_subscriptions
    return await render_template("accounts/delete.html", account=account, wrong=wrong, subscriptions=rows)
