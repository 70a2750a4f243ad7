"""Signing in by password or emailed link, the second step, signing out, requesting a new password."""

import time
from urllib.parse import quote

from quart import Blueprint, Response, render_template, request

from app.database.secrets import totp_secrets
from app.errors import FeelbackError
from app.http import limits
from app.http.context import pool, services, settings
from app.http.redirects import see_other
from app.panel.shared import auth, browsers, read
from app.panel.sign_in import mailed, passwords, totp
from app.queries import accounts, sign_in

blueprint = Blueprint("sign_in", __name__)
WRONG = "The email address or the password is wrong."
WRONG_CODE = "The code is wrong or was used already."


@blueprint.get("/sign-in")
async def get_sign_in() -> Response | str:
    """The form; redirects people who are signed in."""
    after = read.after(request.args)
    if await auth.find_actor() is not None:
        return see_other(after)
    return await _page("", after, "")


@blueprint.post("/sign-in")
async def post_sign_in() -> Response | str:
    """Sign in and go on to `next`, or show the form with one message for every kind of failure."""
    form = await request.form
    email, password, after = read.email(form), form.get("password", ""), read.after(form)
    await limits.take_password(email)
    person = await accounts.person_by_email(pool(), email)
    if not await passwords.matches(password, person.password_hash if person else None) or person is None:
        await sign_in.record_failed_sign_in(pool(), email, browsers.current())
        return Response(await _page(email, after, WRONG), 422)
    token = auth.make_token()
    is_signed_in = await sign_in.sign_in(pool(), person.id, auth.digest(token), auth.token_hash(), browsers.current())
    return await auth.start_session(token, after) if is_signed_in else await code_page(token, after)


@blueprint.post("/sign-in/link")
async def post_link() -> Response | str:
    return await _mail("magic_link", "sign_in/page.html")


@blueprint.post("/sign-in/code")
async def post_code() -> Response | str:
    """The second step: a code of the authenticator app or a recovery code."""
    form = await request.form
    step_token, code, after = form.get("step", ""), form.get("code", ""), read.after(form)
    await limits.take_address()
    person = await sign_in.second_step(pool(), auth.digest(step_token))
    if person is None:
        return Response(await _page("", after, "This sign-in has expired. Sign in again."), 422)
    await limits.take_code(person.person_id)
    step, recovery = factor(person, code)
    token = auth.make_token()
    is_signed_in = await sign_in.finish_sign_in(
        pool(), auth.digest(step_token), step, recovery, auth.digest(token), auth.token_hash(), browsers.current()
    )
    if not is_signed_in:
        return Response(await code_page(step_token, after, WRONG_CODE), 422)
    return await auth.start_session(token, after)


@blueprint.get("/reset")
async def get_reset() -> str:
    return await render_template("sign_in/reset.html", email="", wrong="")


@blueprint.post("/reset")
async def post_reset() -> Response | str:
    return await _mail("reset", "sign_in/reset.html")


@blueprint.post("/sign-out")
async def post_sign_out() -> Response:
    """Sign out and redirect to the sign-in page, which continues to `next`."""
    after = read.after(await request.form)
    response = see_other("/sign-in" if after == "/" else f"/sign-in?next={quote(after)}")
    await auth.sign_out(response)
    return response


async def code_page(token: str, after: str, wrong: str = "") -> str:
    """The form of the second step."""
    return await render_template("sign_in/code.html", step=token, next=after, wrong=wrong)


def factor(person: sign_in.SecondStep, code: str) -> tuple[int | None, bytes | None]:
    """The time step of an app's code, or else the hash of a recovery code."""
    for secret in totp_secrets(settings().secret_keys, person.person_id, person.totp_salt):
        step = totp.matching_step(secret, totp.plain(code), time.time())
        if step is not None:
            return step, None
    return None, totp.recovery_hash(code)


async def _page(email: str, after: str, wrong: str) -> str:
    may_sign_up = await sign_in.may_sign_up(pool(), settings().signup)
    return await render_template(
        "sign_in/page.html", email=email, next=after, wrong=wrong, may_sign_up=may_sign_up,
        is_claimed=services().is_claimed,
    )  # fmt: skip


async def _mail(purpose: str, template: str) -> Response | str:
    form, token = await request.form, auth.make_token()
    email = read.email(form)
    await limits.take_mail(purpose, email)
    url = f"{settings().base_url}/links/{token}"
    try:
        return await mailed.respond(sign_in.request_link(pool(), email, purpose, auth.digest(token), url), email)
    except FeelbackError as error:
        page = await render_template(
            template, email=email, next=read.after(form), wrong=error.message, may_sign_up=False, is_claimed=True
        )
        return Response(page, error.status)
