"""Claiming the installation: whoever shows its secret operates it. Until then little else is served."""

import hmac

from quart import Blueprint, Quart, Response, render_template, request

from app.config import claim_link
from app.errors import FeelbackError
from app.http import limits
from app.http.context import pool, services, settings
from app.http.redirects import see_other
from app.panel.shared import auth, browsers, read, signed_out
from app.panel.sign_in import passwords
from app.queries import claim

blueprint = Blueprint("claim", __name__)
# Served before the installation is claimed; the home page is not.
OPEN = ("claim", "demo", "health", "sdk", "site")
# The demo's owner may sign in; other people who do are led back to the claim page.
SIGN_IN = (
    "links.get_link",
    "links.post_link",
    "sign_in.get_sign_in",
    "sign_in.post_code",
    "sign_in.post_sign_in",
    "sign_in.post_sign_out",
)
WRONG_CODE = "This code is not valid. To see the right one, run “feelback claim” on the server."


def install(app: Quart) -> None:
    """Redirect to the claim page until the installation is claimed."""
    app.before_request(check)


async def check() -> Response | None:
    """Accept what is served before the installation is claimed: redirect all else to the claim page.

    Who was signed in to the demo is led to sign in again.
    """
    endpoint = request.endpoint or ""
    if services().is_claimed or not endpoint or endpoint == "static" or request.path.startswith(("/v0/", "/v1/")):
        return None
    if endpoint != "site.get_home" and endpoint.partition(".")[0] in OPEN:
        return None
    state = await claim.claim_state(pool(), auth.token_hash())
    services().is_claimed = state.is_claimed
    if state.is_claimed or state.is_demo_session or (state.has_demo and endpoint in SIGN_IN):
        return None
    is_signed_out = auth.token_hash() is not None and await auth.find_actor() is None
    if state.has_demo and is_signed_out and request.path.startswith("/projects"):
        return await signed_out.answer(had_session=True)
    return Response("", 401, {"HX-Redirect": "/claim"}) if request.headers.get("HX-Request") else see_other("/claim")


@blueprint.get("/claim")
async def get_claim() -> Response:
    """The form, with a field for the code."""
    return await _page("", "", "")


@blueprint.get("/claim/<token>")
async def get_claim_link(token: str) -> Response:
    """The form with the code of the link, or what is wrong with that."""
    await limits.take_address()
    return await (_page(token, "", "") if _is_right(token) else _page("", "", WRONG_CODE, 422))


@blueprint.post("/claim")
async def post_claim() -> Response:
    """Claim the installation and sign in, or show the form with what is wrong."""
    await limits.take_address()
    form = await request.form
    sent_code, email, password = form.get("code", "").strip(), read.email(form), form.get("password", "")
    if not _is_right(sent_code):
        return await _page("", email, WRONG_CODE, 422)
    if wrong := passwords.fault(password, email):
        return await _page(sent_code, email, wrong, 422)
    token, name = auth.make_token(), email.partition("@")[0]
    hash = await passwords.hash_password(password)
    try:
        await claim.claim_installation(
            pool(), email, name, hash, auth.digest(token), auth.token_hash(), browsers.current()
        )
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        return await _page(sent_code, email, error.text, error.status)
    return await auth.start_session(token, "/")


def _is_right(token: str) -> bool:
    return hmac.compare_digest(token.encode("utf-8", "replace"), claim_link.code(settings()).encode())


async def _page(code: str, email: str, wrong: str, status: int = 200) -> Response:
    state = await claim.claim_state(pool(), None)
    if state.is_claimed:
        return Response(await render_template("claim/claimed.html"))
    text = await render_template("claim/page.html", code=code, email=email, wrong=wrong, has_demo=state.has_demo)
    return Response(text, status)
