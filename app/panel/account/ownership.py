"""What cannot be taken back lightly, once they have confirmed that it is them: handing an account over, deleting it."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.account.members import find
from app.panel.shared import auth, read
from app.queries import accounts, deletions, members

blueprint = Blueprint("danger", __name__)
auth.require_confirmation(blueprint, back="/account", in_account=True)


@blueprint.get("/account/delete")
async def get_delete() -> str:
    """What deleting the account does, and the form that asks for it."""
    return await _page("")


@blueprint.post("/account/delete")
async def post_delete() -> Response:
    """The account is to be deleted in 14 days, where its name was typed."""
    account = await accounts.account(auth.tenant())
    if account.role == "owner" and read.text(await request.form, "name", 200) != account.name:
        return Response(await _page("That is not the name of the account."), 422)
    await deletions.request_account_deletion(auth.tenant(), auth.token_hash())
    return see_other("/account")


@blueprint.get("/members/<uuid:id>/transfer")
async def get_ownership(id: UUID) -> str:
    """What handing over to that member does, and the button."""
    _require_owner()
    account = await accounts.account(auth.tenant())
    return await render_template("members/transfer.html", account=account, member=await find(id))


@blueprint.post("/members/<uuid:id>/transfer")
async def post_ownership(id: UUID) -> Response:
    """Hands the account over to that member."""
    await members.transfer_account(auth.tenant(), id, auth.token_hash())
    return see_other("/members")


async def _page(wrong: str) -> str:
    _require_owner()
    account = await accounts.account(auth.tenant())
    return await render_template("account/delete.html", account=account, wrong=wrong)


def _require_owner() -> None:
    if auth.actor().membership.role != "owner":
        raise FeelbackError(403, "Only the owner of the account may do this.", hint="Ask them.")
