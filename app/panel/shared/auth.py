"""The session's cookie and token, and the actor who is signed in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import cast
from urllib.parse import quote
from uuid import UUID

from quart import Blueprint, Response, g, request

from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http import devices
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.panel.shared import browsers, signed_out
from app.queries import accounts, projects, sign_in
from app.queries.accounts import Membership
from app.queries.projects import Project

SESSION_SECONDS = 30 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with their memberships, the one that they act in first."""

    person_id: UUID
    email: str
    is_confirmed: bool
    is_operator: bool
    memberships: tuple[Membership, ...]

    @property
    def account_id(self) -> UUID | None:
        """The account that they act in: the one they switched to, else the oldest; None without any."""
        return self.memberships[0].account_id

    @property
    def membership(self) -> Membership:
        """Their membership of that account."""
        return self.memberships[0]


def require_actor(blueprint: Blueprint, *, in_account: bool = True) -> None:
    """Redirect requests to a blueprint to the sign-in page unless somebody is signed in.

    With `in_account`, people without an account are redirected to create one, and a form is accepted only for the
    account of its page, even if another tab has switched accounts since.
    """
    blueprint.before_request(_require_sign_in)
    if in_account:
        blueprint.before_request(_require_account)


async def _require_sign_in() -> Response | None:
    g.actor = await find_actor()
    if g.actor is not None:
        return None
    return await signed_out.answer(had_session=token_hash() is not None)


async def _require_account() -> Response | None:
    if actor().account_id is None:
        if request.headers.get("HX-Request"):
            return Response("", 403, {"HX-Redirect": "/accounts/new"})
        return see_other("/accounts/new")
    if getattr(g, "form_account", "") not in ("", cast(UUID, actor().account_id).hex):
        raise FeelbackError(
            409, "You have switched to another account since you opened this page.", hint="Reload it and try again."
        )
    return None


def require_confirmation(blueprint: Blueprint, *, back: str = "/me", in_account: bool = False) -> None:
    """Redirect requests to a blueprint to the confirmation page unless confirmed in the last 10 minutes.

    After confirming, a GET continues to its own path, a form to `back`. For `in_account` see `require_actor`.
    """
    require_actor(blueprint, in_account=in_account)

    async def confirm() -> Response | None:
        if actor().is_confirmed:
            return None
        to = request.path if request.method == "GET" else back
        return see_other(f"/confirmation?next={quote(to)}")

    blueprint.before_request(confirm)


def tenant() -> TenantPool:
    """Pool whose queries run as the actor in their account."""
    return TenantPool(pool(), actor().account_id, actor().person_id)


async def project(slug: str) -> Project:
    """A project of the account in which the actor is.

    Raises:
        FeelbackError: 404.
    """
    return await projects.project(tenant(), slug)


def actor() -> Actor:
    """The actor, in a blueprint that requires one."""
    return cast(Actor, g.actor)


async def find_actor() -> Actor | None:
    """The actor of the request's session cookie, if any."""
    digest = token_hash()
    rows = await accounts.session_actor(pool(), digest, idle_time()) if digest else []
    if not rows:
        return None
    return Actor(rows[0].person_id, rows[0].email, rows[0].is_confirmed, rows[0].is_operator, tuple(rows))


def idle_time() -> timedelta:
    """How long a session may be unused before it ends."""
    return timedelta(minutes=settings().session_idle_minutes)


def token_hash() -> bytes | None:
    """SHA-256 of the session cookie's token, as the database stores it; None without a cookie."""
    token = request.cookies.get(cookie_name())
    return digest(token) if token else None


def make_token() -> str:
    """A new secret of 32 random bytes, for a session or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """SHA-256 of a token, as the database stores it."""
    return sha256(token.encode("utf-8", "replace")).digest()


async def start_session(token: str, url: str) -> Response:
    """Redirect to `url` with the cookies of a new session and of the person's known device."""
    response = see_other(url)
    _set_cookie(response, token, SESSION_SECONDS)
    await sign_in.remember_device(pool(), digest(token), devices.issue(response), browsers.current())
    return response


async def sign_out(response: Response) -> None:
    """End the session and delete its cookie."""
    digest = token_hash()
    if digest:
        await accounts.delete_session(pool(), digest)
    _set_cookie(response, "", 0)


def cookie_name() -> str:
    """The session cookie's name; over HTTPS one that no other host may set."""
    return "__Host-feelback" if _is_https() else "feelback"


def _set_cookie(response: Response, token: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(), token, max_age=seconds, path="/", secure=_is_https(), httponly=True, samesite="Lax"
    )


def _is_https() -> bool:
    return settings().base_url.startswith("https://")
