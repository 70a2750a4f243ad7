"""Signing in and out."""

import re
from typing import cast

from quart import Blueprint, Response, current_app, redirect, render_template, request

from app import passwords
from app.queries import accounts
from app.web import auth, read
from app.web.attempts import Attempts
from app.web.context import client_address, pool

blueprint = Blueprint("sign_in", __name__)
WRONG = "The e-mail address or the password is wrong."


@blueprint.get("/sign-in")
async def get_sign_in() -> Response | str:
    """The form; those who are signed in already go on."""
    after = _after(request.args.get("next", ""))
    if await auth.find_actor() is not None:
        return cast(Response, redirect(after, 303))
    return await render_template("sign_in/page.html", email="", next=after, wrong="")


@blueprint.post("/sign-in")
async def post_sign_in() -> Response:
    """Signs in and goes on to `next`, or shows the form again with one same message for whatever was wrong."""
    form = await request.form
    email, password = read.text(form, "email", 254).lower(), form.get("password", "")
    attempts, address = cast(Attempts, current_app.extensions["attempts"]), client_address()
    attempts.count(address, email)
    person = await accounts.person_by_email(pool(), email)
    after = _after(form.get("next", ""))
    if not await passwords.matches(password, person.password_hash if person else None) or person is None:
        return Response(await render_template("sign_in/page.html", email=email, next=after, wrong=WRONG), 422)
    attempts.forget(address, email)
    response = cast(Response, redirect(after, 303))
    await auth.sign_in(person.id, response)
    return response


@blueprint.post("/sign-out")
async def post_sign_out() -> Response:
    """Signs out."""
    response = cast(Response, redirect("/sign-in", 303))
    await auth.sign_out(response)
    return response


def _after(address: str) -> str:
    """Where to go on: an address of this site, or the start."""
    return address if re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", address) else "/"
