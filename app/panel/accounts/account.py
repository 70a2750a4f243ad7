"""The actor's account: settings, leaving, cancelling its deletion."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import account_deletion, accounts, members

blueprint = Blueprint("account", __name__, url_prefix="/account")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_account() -> str:
    return await _page("")


@blueprint.post("")
async def post_account() -> Response:
    form = await request.form
    name, days = read.text(form, "name", 200), read.number(form, "audit_days", 0, 0, 100_000)
    try:
        await accounts.update_account(auth.tenant(), name, days)
    except FeelbackError as error:
        if error.status != 422:
            raise
        return Response(await _page(error.message), 422)
    return see_other("/account?saved=1")


@blueprint.post("/leave")
async def post_leave() -> Response:
    await members.leave_account(auth.tenant())
    return see_other("/")


@blueprint.post("/delete/cancel")
async def post_cancel_deletion() -> Response:
    await account_deletion.cancel_account_deletion(auth.tenant())
    return see_other("/account")


async def _page(wrong: str) -> str:
    account = await accounts.account(auth.tenant())
    return await render_template("accounts/page.html", account=account, wrong=wrong, saved="saved" in request.args)
