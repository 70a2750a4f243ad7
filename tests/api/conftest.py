"""The whole application with two projects of one account and one of another, each with keys and responses."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest

from tests.support import citus
from tests.support.api_tenants import Tenant, tenant
from tests.support.serving import Api, check_tallies, running, settings

Pool = asyncpg.Pool


@pytest.fixture
async def api(database: str, pool: "Pool[asyncpg.Record]") -> AsyncIterator[Api]:
    """The application as it is by default."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(running(settings(database), pool))
    await check_tallies(pool)


@pytest.fixture
async def tenants(api: Api, server: str) -> AsyncIterator[list[Tenant]]:
    """Two projects of one account, and one of another."""
    first = await tenant(api)
    all_three = [first, await tenant(api, first), await tenant(api)]
    with citus.row_security(server):
        yield all_three
