"""Deleting one's profile. Requires a fresh confirmation."""

from quart import Blueprint, Response, render_template

from app.errors import FeelbackError
from app.http.context import pool
from app.http.redirects import see_other
from app.panel.shared import auth
from app.queries import person_deletion

blueprint = Blueprint("person_deletion", __name__, url_prefix="/me/delete")
auth.require_confirmation(blueprint)


@blueprint.get("")
async def get_delete() -> str:
    return await _page("")


@blueprint.post("")
async def post_delete() -> Response:
    """Schedule the deletion in 14 days."""
    try:
        await person_deletion.request_person_deletion(pool(), auth.token_hash())
    except FeelbackError as error:
        if error.status != 409:
            raise
        return Response(await _page(error.message), 409)
    return see_other("/me")


async def _page(wrong: str) -> str:
    owned = [each.account_name for each in auth.actor().memberships if each.role == "owner"]
    return await render_template("profile/delete.html", owned=owned, wrong=wrong)
