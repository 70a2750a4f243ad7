"""A new address or password for the person who is signed in, once they have confirmed that it is them."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.sign_in import mailed, passwords
from app.queries import profile

blueprint = Blueprint("security", __name__, url_prefix="/me")
auth.require_confirmation(blueprint)


@blueprint.get("/email")
async def get_email() -> str:
    """The form for another address."""
    return await render_template("profile/email.html", email="", wrong="")


@blueprint.post("/email")
async def post_email() -> Response | str:
    """Mails a link to the new address; it says the same where somebody has it."""
    email, token = read.email(await request.form), auth.make_token()
    await limits.take_mail(email)
    url = f"{settings().base_url}/links/{token}"
    try:
        return await mailed.answer(
            profile.request_email_change(pool(), auth.token_hash(), email, auth.digest(token), url), email
        )
    except FeelbackError as error:
        return Response(await render_template("profile/email.html", email=email, wrong=error.message), error.status)


@blueprint.get("/password")
async def get_password() -> str:
    """The form for a new password."""
    return await render_template("profile/password.html", wrong="")


@blueprint.post("/password")
async def post_password() -> Response:
    """Sets a new password; all other sessions end."""
    password = (await request.form).get("password", "")
    wrong = passwords.fault(password, auth.actor().email)
    if wrong:
        return Response(await render_template("profile/password.html", wrong=wrong), 422)
    await profile.update_password(pool(), auth.token_hash(), await passwords.hashed(password))
    return see_other("/me")
