"""Who is signed in: the session's cookie, its token, and the actor it stands for."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import cast
from urllib.parse import quote
from uuid import UUID

from quart import Blueprint, Response, g, request

from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.queries import accounts
from app.queries.accounts import Membership

SESSION_SECONDS = 30 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, and all the accounts that they are a member of."""

    person_id: UUID
    email: str
    is_confirmed: bool
    memberships: tuple[Membership, ...]

    @property
    def account_id(self) -> UUID | None:
        """The account that they act in: the one that they switched to, else the oldest; None where they are in none."""
        return self.memberships[0].account_id

    @property
    def membership(self) -> Membership:
        """What they are in that account."""
        return self.memberships[0]


def require_actor(blueprint: Blueprint, *, in_account: bool = True) -> None:
    """Lets only signed-in people see the pages of a blueprint; others are led to sign in and come back.

    With `in_account` its pages are an account's: who is in none is led to make one, and a form is taken only for the
    account that its page was of, whatever another tab has switched to since.
    """
    blueprint.before_request(_ask)
    if in_account:
        blueprint.before_request(_ask_account)


async def _ask() -> Response | None:
    g.actor = await find_actor()
    if g.actor is not None:
        return None
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": "/sign-in"})
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return see_other(f"/sign-in?next={quote(back)}")


async def _ask_account() -> Response | None:
    if actor().account_id is None:
        if request.headers.get("HX-Request"):
            return Response("", 403, {"HX-Redirect": "/accounts/new"})
        return see_other("/accounts/new")
    if getattr(g, "form_account", "") not in ("", cast(UUID, actor().account_id).hex):
        raise FeelbackError(
            409, "You have switched to another account since you opened this page.", hint="Open it again, then send it."
        )
    return None


def require_confirmation(blueprint: Blueprint, *, back: str = "/me", in_account: bool = False) -> None:
    """Lets only people see the pages of a blueprint who proved within 10 minutes who they are; others do so first.

    `back` is where they go on whose form was not taken. For `in_account` see `require_actor`.
    """
    require_actor(blueprint, in_account=in_account)

    async def confirm() -> Response | None:
        if actor().is_confirmed:
            return None
        to = request.path if request.method == "GET" else back
        return see_other(f"/confirmation?next={quote(to)}")

    blueprint.before_request(confirm)


def tenant() -> TenantPool:
    """The pool, for the actor in their account: what every query of theirs is asked through."""
    return TenantPool(pool(), actor().account_id, actor().person_id)


def actor() -> Actor:
    """The actor, in a blueprint that requires one."""
    return cast(Actor, g.actor)


async def find_actor() -> Actor | None:
    """Who the request's cookie says is signed in, if anybody."""
    digest = token_hash()
    rows = await accounts.session_actor(pool(), digest) if digest else []
    return Actor(rows[0].person_id, rows[0].email, rows[0].is_confirmed, tuple(rows)) if rows else None


def token_hash() -> bytes | None:
    """What the database knows of the cookie's token: its SHA-256. None where there is no cookie."""
    token = request.cookies.get(cookie_name())
    return digest(token) if token else None


def make_token() -> str:
    """A new secret for a session or a link: 32 random bytes."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What the database knows of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()


def signed_in(token: str, after: str) -> Response:
    """Leads on somebody who was just signed in under a new token, with the cookie that holds it."""
    response = see_other(after)
    _set_cookie(response, token, SESSION_SECONDS)
    return response


async def sign_out(response: Response) -> None:
    """Ends the session and takes the cookie back."""
    digest = token_hash()
    if digest:
        await accounts.delete_session(pool(), digest)
    _set_cookie(response, "", 0)


def cookie_name() -> str:
    """The cookie's name; over https one that no other host may set."""
    return "__Host-feelback" if _is_https() else "feelback"


def _set_cookie(response: Response, token: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(), token, max_age=seconds, path="/", secure=_is_https(), httponly=True, samesite="Lax"
    )


def _is_https() -> bool:
    return settings().base_url.startswith("https://")
