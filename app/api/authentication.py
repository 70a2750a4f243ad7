"""Authentication by API key: the key in the request, its limit, and its tenant connection."""

from datetime import timedelta
from hashlib import sha256
from typing import cast

from quart import Blueprint, Response, g, request

from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http import limits
from app.http.context import client_address, pool, settings
from app.queries import api_keys
from app.queries.api_keys import KeyActor

# Counted in Postgres for all machines and processes, so that the headers are right on each of them. A key has few calls
# compared with the responses of pages, and each costs one small write to an unlogged table.
REQUESTS, PERIOD = 600, timedelta(minutes=1)


def require_key(blueprint: Blueprint) -> None:
    """Accept only calls with an API key."""
    blueprint.before_request(_ask)
    blueprint.after_request(_rate_limit_headers)


async def _ask() -> None:
    if request.method == "OPTIONS":  # a preflight carries no key
        return
    secret = _secret()
    actor = await api_keys.key_actor(
        pool(), sha256(secret.encode("utf-8", "replace")).digest(), REQUESTS if settings().limits else None, PERIOD
    )
    if actor is None:
        await limits.take("key", client_address())  # against guessing
        raise FeelbackError(401, "The API key is unknown, expired or revoked.", headers=CHALLENGE)
    g.key = actor
    if actor.is_over:
        wait = actor.reset_seconds or 1
        raise FeelbackError(
            429,
            f"Too many requests: an API key can send {REQUESTS} a minute.",
            headers={"retry-after": str(wait)},
            limit=REQUESTS,
            retryAfter=wait,
        )


CHALLENGE = {"www-authenticate": 'Bearer realm="Feelback"'}


def _secret() -> str:
    secret = request.headers.get("API-KEY") if request.path.startswith("/v0/") else None
    if secret:
        return secret.strip()
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        name = "API-KEY: fbk_…" if request.path.startswith("/v0/") else "Authorization: Bearer fbk_…"
        raise FeelbackError(401, f"Send an API key of the project, as {name}.", headers=CHALLENGE)
    return secret.strip()


async def _rate_limit_headers(response: Response) -> Response:
    actor = getattr(g, "key", None)
    if actor is not None and actor.remaining is not None:
        response.headers["RateLimit-Limit"] = str(REQUESTS)
        response.headers["RateLimit-Remaining"] = str(actor.remaining)
        response.headers["RateLimit-Reset"] = str(actor.reset_seconds)
    return response


def key() -> KeyActor:
    """The key that calls."""
    return cast(KeyActor, g.key)


def tenant() -> TenantPool:
    """The pool, for the key that calls: row security holds it to its project."""
    return TenantPool(pool(), key().account_id, None, key().api_key_id, key().project_id)
