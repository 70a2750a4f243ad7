"""Emailed links. Opening one changes nothing, because mail scanners open links; the button on its page does."""

from collections.abc import Awaitable, Callable, Mapping

from quart import Blueprint, Response, render_template, request

from app.http import devices, limits
from app.http.context import pool, settings
from app.panel.shared import auth, browsers, read
from app.panel.sign_in import passwords
from app.panel.sign_in.sign_in import code_page
from app.queries import sign_in
from app.queries.sign_in import Link

blueprint = Blueprint("links", __name__)
Form = Mapping[str, str]


@blueprint.get("/links/<token>")
async def get_link(token: str) -> Response | str:
    """The link's page with a button; 404 if it was used or has expired."""
    await limits.take_address()
    link = await sign_in.link(pool(), auth.digest(token))
    return await _expired_page() if link is None else await _page(link, {}, "")


@blueprint.post("/links/<token>")
async def post_link(token: str) -> Response | str:
    """Do what the link is for. It works once."""
    await limits.take_address()
    link = await sign_in.link(pool(), auth.digest(token))
    return (
        await _expired_page()
        if link is None
        else await HANDLERS[link.purpose](link, auth.digest(token), await request.form)
    )


async def _verify(link: Link, digest: bytes, form: Form) -> Response:
    password = form.get("password", "")
    wrong = passwords.fault(password, link.email) if password else ""
    if wrong:
        return Response(await _page(link, form, wrong), 422)
    token, password_hash = auth.make_token(), await passwords.hash_password(password) if password else None
    name = read.text(form, "name", 200) or link.email.partition("@")[0]
    await sign_in.verify_person(
        pool(),
        digest,
        name,
        password_hash,
        settings().signup,
        auth.digest(token),
        auth.token_hash(),
        browsers.current(),
    )
    return await auth.start_session(token, "/")


async def _sign_in(link: Link, digest: bytes, form: Form) -> Response | str:
    token = auth.make_token()
    is_signed_in = await sign_in.use_magic_link(
        pool(), digest, auth.digest(token), auth.token_hash(), browsers.current()
    )
    return await auth.start_session(token, "/") if is_signed_in else await code_page(token, "/")


async def _reset(link: Link, digest: bytes, form: Form) -> Response | str:
    password = form.get("password", "")
    wrong = passwords.fault(password, link.email)
    if wrong:
        return Response(await _page(link, form, wrong), 422)
    password_hash = await passwords.hash_password(password)
    await sign_in.reset_password(pool(), digest, password_hash, devices.hash(), browsers.current())
    return await render_template("links/done.html", what="Your password was changed. Sign in with it.", to="/sign-in")


async def _change_email(link: Link, digest: bytes, form: Form) -> Response | str:
    await sign_in.use_email_change(pool(), digest)
    return await render_template("links/done.html", what=f"Your email address is now {link.email}.", to="/me")


async def _page(link: Link, form: Form, wrong: str) -> str:
    name = read.text(form, "name", 200) or link.email.partition("@")[0]
    return await render_template("links/page.html", link=link, path=request.path, name=name, wrong=wrong)


async def _expired_page() -> Response:
    return Response(await render_template("links/gone.html"), 404)


HANDLERS: dict[str, Callable[[Link, bytes, Form], Awaitable[Response | str]]] = {
    "verify": _verify,
    "magic_link": _sign_in,
    "reset": _reset,
    "email_change": _change_email,
}
