"""The application for tests of ingestion. At the end of each test the tallies must equal the rows."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import hypothesis
import pytest

from tests.support.serving import Api, MakeApi, check_tallies, running, settings


@pytest.fixture
async def make_api(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[MakeApi]:
    """Start applications with other settings on the test's database."""
    async with AsyncExitStack() as stack:

        async def make(**overrides: Any) -> Api:
            return await stack.enter_async_context(running(settings(database, **overrides), pool))

        yield make
    await check_tallies(pool)


@pytest.fixture
async def api(make_api: MakeApi) -> Api:
    """The application as it is by default."""
    return await make_api()


hypothesis.settings.register_profile("ingest", deadline=None, max_examples=150)
hypothesis.settings.load_profile("ingest")
