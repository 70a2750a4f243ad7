"""Two-factor authentication: set up an app, turn it off, recovery codes. Requires a fresh confirmation."""

import base64
import binascii
import secrets
import time

from quart import Blueprint, Response, render_template, request

from app.database.secrets import SALT_BYTES, totp_secret
from app.http import limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth
from app.panel.sign_in import totp
from app.queries import profile

blueprint = Blueprint("two_factor", __name__, url_prefix="/me")
auth.require_confirmation(blueprint)


@blueprint.get("/totp")
async def get_totp() -> str:
    """The QR code to set up an app, or the page of the one that is on."""
    me = await profile.person_sign_in(pool(), auth.token_hash())
    if me.totp_salt is not None:
        return await render_template("profile/totp_on.html", me=me)
    return await _page(secrets.token_bytes(SALT_BYTES), "")


@blueprint.post("/totp")
async def post_totp() -> Response | str:
    """Turn codes on if the first one is right, and show the recovery codes once."""
    form = await request.form
    await limits.take_code(auth.actor().person_id)
    salt = _salt(form.get("salt", ""))
    secret = totp_secret(settings().secret_key, auth.actor().person_id, salt)
    step = totp.matching_step(secret, totp.plain(form.get("code", "")), time.time())
    if step is None:
        return Response(
            await _page(salt, "The code is wrong. Check that your device’s clock is right and enter a new code."), 422
        )
    codes = totp.recovery_codes()
    hashes = [totp.recovery_hash(code) for code in codes]
    await profile.enable_totp(pool(), auth.token_hash(), salt, step, hashes)
    return await render_template("profile/recovery_codes.html", codes=codes)


@blueprint.post("/totp/delete")
async def post_delete_totp() -> Response:
    await profile.disable_totp(pool(), auth.token_hash())
    return see_other("/me")


@blueprint.post("/recovery-codes")
async def post_recovery_codes() -> str:
    """Replace the recovery codes and show them once."""
    codes = totp.recovery_codes()
    hashes = [totp.recovery_hash(code) for code in codes]
    await profile.replace_recovery_codes(pool(), auth.token_hash(), hashes)
    return await render_template("profile/recovery_codes.html", codes=codes)


async def _page(salt: bytes, wrong: str) -> str:
    secret = totp_secret(settings().secret_key, auth.actor().person_id, salt)
    return await render_template(
        "profile/totp.html",
        salt=base64.urlsafe_b64encode(salt).decode(),
        secret=" ".join(totp.text(secret)[at : at + 4] for at in range(0, 32, 4)),
        qr=totp.qr_svg(secret, auth.actor().email),
        wrong=wrong,
    )


def _salt(text: str) -> bytes:
    # A chosen salt reveals nothing: the secret is derived with the installation's key.
    try:
        salt = base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, UnicodeEncodeError):
        salt = b""
    return salt if len(salt) == SALT_BYTES else secrets.token_bytes(SALT_BYTES)
