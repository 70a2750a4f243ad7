"""The services of an application: settings, database pools and shared connections."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from quart import Quart, current_app, request

from app.config import Settings
from app.database import db
from app.database.bounded import Bounded
from app.http.client_address import Addresses
from app.http.live import Live

if TYPE_CHECKING:  # Stripe's library takes a while to load, and few installations use it
    from app.billing.stripe_client import Client

_KEY = "feelback"
# (address, stored key rules) -> the page key under which ingestion counts that address.
Canonical = Callable[[str, dict[str, Any]], str]


@dataclass(slots=True)
class Services:
    """What the requests of one application share; None until connected at start."""

    settings: Settings
    addresses: Addresses
    pool: db.Pool | None = None
    ingest_pool: db.Pool | None = None
    live: Live | None = None
    stripe: "Client | None" = None
    canonical: Canonical = lambda address, _: address
    is_claimed: bool = False  # asked of the database until it is
    ready: Bounded[list[str] | None] | None = None
    problems: dict[str, str] = field(default_factory=dict)  # what is wrong now, by name, in words for an operator


def install(app: Quart, settings: Settings) -> None:
    """Give an application its services."""
    app.extensions[_KEY] = Services(settings, Addresses(settings))


def services(app: Quart | None = None) -> Services:
    """Return the services of `app`, by default the current application."""
    return cast(Services, (app or current_app).extensions[_KEY])


def pool() -> db.Pool:
    """Return the database's pool.

    Raises:
        FeelbackError: 503 until the database has been reached.
    """
    pool = services().pool
    if pool is None:
        raise db.unavailable()
    return pool


def settings() -> Settings:
    """Return the application's settings."""
    return services().settings


def client_address() -> bytes:
    """Return the packed address behind trusted proxies, for limits; it is never stored."""
    return services().addresses.of_request(request.scope)
