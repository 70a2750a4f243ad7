"""A server, and a website on another origin that its project allows, under a strict CSP."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support import factories
from tests.support.sdk_pages import Pages
from tests.support.sdk_website import Pool, Website
from tests.support.serving import Server, check_tallies
from tests.support.serving_thread import serving_in_thread


@pytest.fixture
async def site(pool: "Pool[asyncpg.Record]", database: str) -> AsyncIterator[Server]:
    """A running server; at the end its tallies must equal its rows."""
    with serving_in_thread({"DATABASE_URL": database}) as running:
        yield running
    await check_tallies(pool)


@pytest.fixture
async def website(pool: "Pool[asyncpg.Record]", site: Server) -> AsyncIterator[Website]:
    """A website whose origin alone its project allows."""
    with Pages() as pages:
        pages.add("/favicon.ico", b"-", "image/x-icon")  # requested by browsers
        yield Website(pages, site, pool, await factories.project(pool, origins=(pages.origin,)))
