"""What a request is served with: settings, the database's pools and the connections that an application shares."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from quart import Quart, current_app, request

from app.config import Settings
from app.database import db
from app.http.client_address import Addresses
from app.http.live import Live

if TYPE_CHECKING:  # Stripe's library takes a while to load, and few installations use it
    from app.billing.stripe_client import Client

_KEY = "feelback"
# A page's address in the spelling under which ingestion counts it, from the address and the key rules as stored.
Canonical = Callable[[str, dict[str, Any]], str]


@dataclass(slots=True)
class Services:
    """What one application shares among its requests; None until whoever runs it has connected it."""

    settings: Settings
    pool: db.Pool | None = None
    ingest_pool: db.Pool | None = None
    live: Live | None = None
    stripe: "Client | None" = None
    canonical: Canonical = lambda address, _: address


def install(app: Quart, settings: Settings) -> None:
    """Give an application its services."""
    app.extensions[_KEY] = Services(settings)


def services(app: Quart | None = None) -> Services:
    """The services of `app`, by default of the one that serves the request."""
    return cast(Services, (app or current_app).extensions[_KEY])


def pool() -> db.Pool:
    """The database's pool.

    Raises:
        FeelbackError: 503 where the database has not been reached yet.
    """
    pool = services().pool
    if pool is None:
        raise db.unavailable()
    return pool


def settings() -> Settings:
    """The settings that the application was made with."""
    return services().settings


def client_address() -> bytes:
    """The visitor's address behind trusted proxies, for limits; it is kept nowhere."""
    forwarded, fly = (request.headers.get(name) for name in ("X-Forwarded-For", "Fly-Client-IP"))
    return Addresses(settings(), on_fly="FLY_APP_NAME" in os.environ).of(
        request.remote_addr or "", forwarded.encode() if forwarded else None, fly.encode() if fly else None
    )
