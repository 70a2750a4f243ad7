"""The profile: ways to sign in and sessions."""

from uuid import UUID

from quart import Blueprint, Response, render_template

from app.http import devices
from app.http.context import pool
from app.http.redirects import see_other
from app.panel.shared import auth
from app.queries import person_deletion, profile

blueprint = Blueprint("profile", __name__, url_prefix="/me")
auth.require_actor(blueprint, in_account=False)


@blueprint.get("")
async def get_profile() -> str:
    me = await profile.person_sign_in(pool(), auth.token_hash())
    sessions = await profile.person_sessions(pool(), auth.token_hash())
    known = await profile.person_devices(pool(), auth.token_hash(), devices.hash())
    return await render_template("profile/page.html", me=me, sessions=sessions, devices=known)


@blueprint.post("/sessions/<uuid:id>/revoke")
async def post_session_revoke(id: UUID) -> Response:
    await profile.revoke_session(pool(), auth.token_hash(), id)
    return see_other("/me")


@blueprint.post("/sessions/revoke")
async def post_sessions_revoke() -> Response:
    """Revoke all sessions but this one."""
    await profile.revoke_other_sessions(pool(), auth.token_hash())
    return see_other("/me")


@blueprint.post("/devices/<uuid:id>/remove")
async def post_device_remove(id: UUID) -> Response:
    await profile.remove_device(pool(), auth.token_hash(), id)
    return see_other("/me#devices")


@blueprint.post("/delete/cancel")
async def post_cancel_deletion() -> Response:
    await person_deletion.cancel_person_deletion(pool(), auth.token_hash())
    return see_other("/me")
