"""Changing one's email address or password. Requires a fresh confirmation."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import devices, limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, browsers, read
from app.panel.sign_in import mailed, passwords
from app.queries import profile, sign_in

blueprint = Blueprint("security", __name__, url_prefix="/me")
auth.require_confirmation(blueprint)


@blueprint.get("/email")
async def get_email() -> str:
    return await render_template("profile/email.html", email="", wrong="")


@blueprint.post("/email")
async def post_email() -> Response | str:
    """Email a link to the new address. The response is the same if the address is in use."""
    email, token = read.email(await request.form), auth.make_token()
    await limits.take_mail("email_change", email, auth.actor().person_id)
    url = f"{settings().base_url}/links/{token}"
    try:
        return await mailed.respond(
            profile.request_email_change(pool(), auth.token_hash(), email, auth.digest(token), url), email
        )
    except FeelbackError as error:
        return Response(await render_template("profile/email.html", email=email, wrong=error.message), error.status)


@blueprint.get("/password")
async def get_password() -> str:
    return await render_template("profile/password.html", wrong="")


@blueprint.post("/password")
async def post_password() -> Response:
    """Set a new password and end all other sessions."""
    password = (await request.form).get("password", "")
    wrong = passwords.fault(password, auth.actor().email)
    if wrong:
        return Response(await render_template("profile/password.html", wrong=wrong), 422)
    await profile.update_password(pool(), auth.token_hash(), await passwords.hash_password(password))
    response = see_other("/me")
    await sign_in.remember_device(pool(), auth.token_hash(), devices.issue(response), browsers.current())
    return response
