"""Transferring the ownership of an account. Requires a fresh confirmation."""

from uuid import UUID

from quart import Blueprint, Response, render_template

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.accounts.members import find_member
from app.panel.shared import auth
from app.queries import accounts, members

blueprint = Blueprint("ownership", __name__, url_prefix="/members/<uuid:id>/transfer")
auth.require_confirmation(blueprint, back="/account", in_account=True)


@blueprint.get("")
async def get_transfer(id: UUID) -> str:
    """The effects of transferring ownership to this member, with the button."""
    require_owner()
    account = await accounts.account(auth.tenant())
    return await render_template("members/transfer.html", account=account, member=await find_member(id))


@blueprint.post("")
async def post_transfer(id: UUID) -> Response:
    await members.transfer_account(auth.tenant(), id, auth.token_hash())
    return see_other("/members")


def require_owner() -> None:
    """Raise unless the actor owns the account.

    Raises:
        FeelbackError: 403 for all other members.
    """
    if auth.actor().membership.role != "owner":
        raise FeelbackError(403, "Only the owner of the account can do this.", hint="Ask them.")
