"""Signing in, by password or by a mailed link, in one step or two, and out; and asking for a new password."""

import time
from urllib.parse import quote

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import limits
from app.http.context import client_address, pool, settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.sign_in import browsers, mailed, passwords, totp
from app.queries import accounts, sign_in

blueprint = Blueprint("sign_in", __name__)
WRONG = "The e-mail address or the password is wrong."
WRONG_CODE = "The code is wrong, or it was used before."


@blueprint.get("/sign-in")
async def get_sign_in() -> Response | str:
    """The form; those who are signed in already go on."""
    after = read.after(request.args)
    if await auth.find_actor() is not None:
        return see_other(after)
    return await _page("", after, "")


@blueprint.post("/sign-in")
async def post_sign_in() -> Response | str:
    """Signs in and goes on to `next`, or shows the form again with one same message for whatever was wrong."""
    form = await request.form
    email, password, after = read.email(form), form.get("password", ""), read.after(form)
    await limits.take_password(email)
    person = await accounts.person_by_email(pool(), email)
    if not await passwords.matches(password, person.password_hash if person else None) or person is None:
        return Response(await _page(email, after, WRONG), 422)
    token = auth.make_token()
    done = await sign_in.sign_in(pool(), person.id, auth.digest(token), auth.token_hash(), browsers.current())
    return auth.signed_in(token, after) if done else await ask_code(token, after)


@blueprint.post("/sign-in/link")
async def post_link() -> Response | str:
    """Mails a link to sign in with."""
    return await _mail("magic_link", "sign_in/page.html")


@blueprint.post("/sign-in/code")
async def post_code() -> Response | str:
    """The second step: a code of the authenticator app, or a recovery code."""
    form = await request.form
    step_token, given, after = form.get("step", ""), form.get("code", ""), read.after(form)
    await limits.take("address", client_address())
    person = await sign_in.second_step(pool(), auth.digest(step_token))
    if person is None:
        return Response(await _page("", after, "That took too long. Sign in again."), 422)
    await limits.take("code", person.person_id.bytes)
    step, recovery = factor(settings().secret_key, person, given)
    token = auth.make_token()
    done = await sign_in.finish_sign_in(
        pool(), auth.digest(step_token), step, recovery, auth.digest(token), auth.token_hash(), browsers.current()
    )
    return auth.signed_in(token, after) if done else Response(await ask_code(step_token, after, WRONG_CODE), 422)


@blueprint.get("/reset")
async def get_reset() -> str:
    """The form to ask for a new password."""
    return await render_template("sign_in/reset.html", email="", wrong="")


@blueprint.post("/reset")
async def post_reset() -> Response | str:
    """Mails a link to set a new password with."""
    return await _mail("reset", "sign_in/reset.html")


@blueprint.post("/sign-out")
async def post_sign_out() -> Response:
    """Signs out; who signs in next goes on to `next`."""
    after = read.after(await request.form)
    response = see_other("/sign-in" if after == "/" else f"/sign-in?next={quote(after)}")
    await auth.sign_out(response)
    return response


async def ask_code(token: str, after: str, wrong: str = "") -> str:
    """The form of the second step."""
    return await render_template("sign_in/code.html", step=token, next=after, wrong=wrong)


def factor(key: str, person: sign_in.SecondStep, given: str) -> tuple[int | None, bytes | None]:
    """What the database is asked about a code: the time step that it is of, or else a recovery code's hash."""
    secret = totp.secret(key, person.person_id, person.totp_salt)
    step = totp.matching_step(secret, totp.plain(given), time.time())
    return step, None if step is not None else totp.recovery_hash(given)


async def _page(email: str, after: str, wrong: str) -> str:
    may_sign_up = await sign_in.may_sign_up(pool(), settings().signup)
    return await render_template("sign_in/page.html", email=email, next=after, wrong=wrong, may_sign_up=may_sign_up)


async def _mail(purpose: str, template: str) -> Response | str:
    form, token = await request.form, auth.make_token()
    email = read.email(form)
    await limits.take_mail(email)
    url = f"{settings().base_url}/links/{token}"
    try:
        return await mailed.answer(sign_in.request_link(pool(), email, purpose, auth.digest(token), url), email)
    except FeelbackError as error:
        page = await render_template(
            template, email=email, next=read.after(form), wrong=error.message, may_sign_up=False
        )
        return Response(page, error.status)
