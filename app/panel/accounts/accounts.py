"""The accounts of a person: create another one, switch between them."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import accounts

blueprint = Blueprint("accounts", __name__)
auth.require_actor(blueprint, in_account=False)


@blueprint.get("/accounts/new")
async def get_new() -> str:
    return await _page("", "")


@blueprint.post("/accounts")
async def post_account() -> Response:
    """Create an account and switch to it."""
    name = read.text(await request.form, "name", 200)
    try:
        await accounts.make_account(pool(), auth.token_hash(), name, settings().signup)
    except FeelbackError as error:
        return Response(await _page(name, error.text), error.status)
    return see_other("/")


@blueprint.post("/accounts/switch")
async def post_switch() -> Response:
    await accounts.switch_account(pool(), auth.token_hash(), read.id(await request.form, "account"))
    return see_other("/")


async def _page(name: str, wrong: str) -> str:
    return await render_template("accounts/new.html", name=name, wrong=wrong)
