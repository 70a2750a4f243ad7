"""Emailed invitations: show and accept them, signing up if needed."""

from quart import Blueprint, Response, render_template, request

from app.http import limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, browsers
from app.panel.sign_in import passwords
from app.queries import invitations
from app.queries.invitations import Invitation

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")


@blueprint.get("/<token>")
async def get_invitation(token: str) -> Response | str:
    """The invitation with a button to accept it; 404 if it is no longer valid."""
    await limits.take_address()
    invitation = await invitations.invitation(pool(), auth.digest(token))
    return await _expired_page() if invitation is None else await _page(invitation, "")


@blueprint.post("/<token>")
async def post_invitation(token: str) -> Response:
    """Join the account, signing up first if there is no such person."""
    await limits.take_address()
    invitation = await invitations.invitation(pool(), auth.digest(token))
    if invitation is None:
        return await _expired_page()
    if invitation.is_person:
        await invitations.accept_invitation(pool(), auth.token_hash(), auth.digest(token))
        return see_other("/")
    return await _sign_up(invitation, token, (await request.form).get("password", ""))


async def _sign_up(invitation: Invitation, token: str, password: str) -> Response:
    wrong = passwords.fault(password, invitation.email) if password else ""
    if wrong:
        return Response(await _page(invitation, wrong), 422)
    session, password_hash = auth.make_token(), await passwords.hash_password(password) if password else None
    await invitations.sign_up_by_invitation(
        pool(),
        auth.digest(token),
        password_hash,
        settings().signup,
        auth.digest(session),
        auth.token_hash(),
        browsers.current(),
    )
    return await auth.start_session(session, "/")


async def _page(invitation: Invitation, wrong: str) -> str:
    actor = await auth.find_actor()
    return await render_template(
        "invitations/page.html", invitation=invitation, email=actor.email if actor else "", path=request.path,
        wrong=wrong, may_sign_up=settings().signup != "closed",
    )  # fmt: skip


async def _expired_page() -> Response:
    return Response(await render_template("invitations/gone.html"), 404)
