"""Members of an account: list, invite, change a role, remove."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import limits
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import members
from app.queries.members import Member

blueprint = Blueprint("members", __name__, url_prefix="/members")
auth.require_actor(blueprint)
PAGE = 50
ADMINS = ("owner", "admin")


@blueprint.get("")
async def get_members() -> str:
    return await _page()


@blueprint.post("/invitations")
async def post_invitation() -> Response:
    """Email an invitation, or show the form with what is wrong."""
    form, token = await request.form, auth.make_token()
    email, role = read.email(form), read.text(form, "role", 10)
    await limits.take_invitation(auth.actor().account_id, email)
    try:
        await members.invite_member(auth.tenant(), email, role, auth.digest(token), _url(token))
    except FeelbackError as error:
        if error.status not in (402, 409, 422):
            raise
        return Response(await _page(email=email, role=role, wrong=error.text), error.status)
    return see_other("/members#invitations")


@blueprint.post("/invitations/<uuid:id>/resend")
async def post_resend(id: UUID) -> Response:
    """Email an invitation again, with a new link."""
    token = auth.make_token()
    await limits.take_invitation(auth.actor().account_id, str(id))
    await members.resend_invitation(auth.tenant(), id, auth.digest(token), _url(token))
    return see_other("/members#invitations")


@blueprint.post("/invitations/<uuid:id>/revoke")
async def post_revoke(id: UUID) -> Response:
    await members.revoke_invitation(auth.tenant(), id)
    return see_other("/members#invitations")


@blueprint.get("/<uuid:id>")
async def get_member(id: UUID) -> str:
    return await render_template("members/member.html", member=await find_member(id), role=auth.actor().membership.role)


@blueprint.post("/<uuid:id>/role")
async def post_role(id: UUID) -> Response:
    role = read.text(await request.form, "role", 10)
    await members.update_role(auth.tenant(), id, role)
    return see_other("/members")


@blueprint.post("/<uuid:id>/delete")
async def post_delete(id: UUID) -> Response:
    await members.delete_member(auth.tenant(), id)
    return see_other("/members")


async def find_member(id: UUID) -> Member:
    """A member of the actor's account.

    Raises:
        FeelbackError: 404 if there is no such member.
    """
    return await members.member(auth.tenant(), id)


async def _page(email: str = "", role: str = "editor", wrong: str = "") -> str:
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, 4000)
    may = auth.actor().membership.role in ADMINS
    rows = await members.members(auth.tenant(), search, PAGE, (page - 1) * PAGE)
    listing = Listing("/members", {"q": search}, page, PAGE, rows[0].row_count if rows else 0)
    invitations = await members.invitations(auth.tenant()) if may else []
    return await render_template(
        "members/page.html", members=rows, listing=listing, search=search, invitations=invitations, may=may,
        email=email, role=role, wrong=wrong, sends=bool(settings().mail_url),
    )  # fmt: skip


def _url(token: str) -> str:
    return f"{settings().base_url}/invitations/{token}"
