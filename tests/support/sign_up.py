"""Signing up under settings of the installation."""

import dataclasses

import asyncpg

from app.config import Settings
from app.http.context import services
from app.server.quart_app import create_app
from tests.support.browser import Browser

Pool = asyncpg.Pool


def under(settings: Settings, pool: "Pool[asyncpg.Record]", signup: str) -> Browser:
    app = create_app(dataclasses.replace(settings, signup=signup))
    services(app).pool = pool
    return Browser(app)
