"""Signing up with an email address, which an emailed link verifies."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import limits
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.sign_in import mailed
from app.queries import sign_in

blueprint = Blueprint("sign_up", __name__)


@blueprint.get("/sign-up")
async def get_sign_up() -> Response | str:
    """The form, or that sign-ups are closed; redirects people who are signed in."""
    if await auth.find_actor() is not None:
        return see_other("/")
    return await _page("", "")


@blueprint.post("/sign-up")
async def post_sign_up() -> Response | str:
    """Email a link. The response is the same if the address is in use."""
    email, token = read.email(await request.form), auth.make_token()
    await limits.take_mail("sign_up", email)
    url = f"{settings().base_url}/links/{token}"
    try:
        return await mailed.respond(
            sign_in.sign_up(pool(), email, auth.digest(token), url, settings().signup), email, " --create"
        )
    except FeelbackError as error:
        if error.status != 422:
            raise
        return Response(await _page(email, error.message), 422)


async def _page(email: str, wrong: str) -> str:
    may = await sign_in.may_sign_up(pool(), settings().signup)
    return await render_template("sign_in/sign_up.html", email=email, wrong=wrong, may=may, signup=settings().signup)
