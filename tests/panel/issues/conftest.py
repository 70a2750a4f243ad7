"""The panel where forges on loopback may be reached, and each of them."""

import dataclasses
import ipaddress
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from quart import Quart

from app import config
from app.config import Settings
from app.http.context import services
from app.server.quart_app import create_app
from tests.support.fake_forges import KINDS, Forge, serving_forge
from tests.support.settings import SECRET

Pool = asyncpg.Pool


@pytest.fixture
def settings(database: str) -> Settings:
    loaded = config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET})
    return dataclasses.replace(loaded, webhook_networks=(ipaddress.ip_network("127.0.0.0/8"),))


@pytest.fixture
def app(settings: Settings, app_pool: "Pool[asyncpg.Record]") -> Quart:
    app = create_app(settings)
    services(app).pool = app_pool
    return app


@pytest.fixture(params=KINDS)
async def forge(request: Any) -> AsyncIterator[Forge]:
    async with serving_forge(request.param) as forge:
        yield forge
