"""Confirming one's identity before a sensitive change: by authenticator app, else by password or an emailed code."""

import secrets

from quart import Blueprint, Response, render_template, request

from app.http import limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.sign_in import passwords
from app.panel.sign_in.sign_in import WRONG_CODE, factor
from app.queries import profile
from app.queries.profile import PersonSignIn
from app.queries.sign_in import SecondStep

blueprint = Blueprint("confirmation", __name__, url_prefix="/confirmation")
auth.require_actor(blueprint, in_account=False)


@blueprint.get("")
async def get_confirmation() -> str:
    return await _page(read.after(request.args), "")


@blueprint.post("")
async def post_confirmation() -> Response:
    """Confirm the session for 10 minutes and go on to `next`, or show the form with what is wrong."""
    form, hash = await request.form, auth.token_hash()
    await limits.take_code(auth.actor().person_id)
    me = await profile.person_sign_in(pool(), hash)
    code, password = form.get("code", ""), form.get("password", "")
    if me.totp_salt is not None:
        wrong, pair = WRONG_CODE, factor(SecondStep(me.id, me.totp_salt), code)
        is_confirmed = await profile.confirm_by_factor(pool(), hash, *pair)
    elif code:
        wrong, is_confirmed = WRONG_CODE, await profile.confirm_by_mail(pool(), hash, _code_hash(code))
    else:
        wrong, is_confirmed = "The password is wrong.", await _confirm_by_password(me, password)
    if not is_confirmed:
        return Response(await _page(read.after(form), wrong), 422)
    return see_other(read.after(form))


@blueprint.post("/code")
async def post_code() -> str:
    await limits.take_mail("confirmation", auth.actor().email, auth.actor().person_id)
    code = f"{secrets.randbelow(10**8):08d}"
    await profile.request_confirmation_code(pool(), auth.token_hash(), _code_hash(code), f"{code[:4]} {code[4:]}")
    return await _page(read.after(await request.form), "")


async def _confirm_by_password(me: PersonSignIn, password: str) -> bool:
    if not await passwords.matches(password, me.password_hash):
        return False
    await profile.confirm_session(pool(), auth.token_hash())
    return True


def _code_hash(code: str) -> bytes:
    # Hashed with the session's token, which is not in the database, so that eight digits cannot be guessed from there.
    token = request.cookies.get(auth.cookie_name(), "")
    return auth.digest(f"{token} {''.join(code.split())}")


async def _page(after: str, wrong: str) -> str:
    me = await profile.person_sign_in(pool(), auth.token_hash())
    sends = bool(settings().mail_url)
    return await render_template("profile/confirmation.html", me=me, next=after, wrong=wrong, sends=sends)
