"""What a request is served with: the settings and the database's pool."""

import os
from typing import cast

from quart import current_app, request

from app.config import Settings
from app.database import db
from app.http.client_address import Addresses


def pool() -> db.Pool:
    """The database's pool.

    Raises:
        FeelbackError: 503 where the database has not been reached yet.
    """
    if "pool" not in current_app.extensions:
        raise db.unavailable()
    return cast(db.Pool, current_app.extensions["pool"])


def settings() -> Settings:
    """The settings that the application was made with."""
    return cast(Settings, current_app.extensions["settings"])


def client_address() -> bytes:
    """The visitor's address behind trusted proxies, for limits; it is kept nowhere."""
    forwarded, fly = (request.headers.get(name) for name in ("X-Forwarded-For", "Fly-Client-IP"))
    return Addresses(settings(), on_fly="FLY_APP_NAME" in os.environ).of(
        request.remote_addr or "", forwarded.encode() if forwarded else None, fly.encode() if fly else None
    )
