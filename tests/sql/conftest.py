"""A database of its own for each test, with one connection to it."""

from collections.abc import Iterator

import asyncpg
import pytest

from tests.support import people
from tests.support.sql_world import World


@pytest.fixture
def world(database: str) -> Iterator[World]:
    """Projects, widgets and responses in a new database."""
    world = World(database)
    yield world
    world.close_connection()


@pytest.fixture
async def team(pool: "asyncpg.Pool[asyncpg.Record]", app_pool: "asyncpg.Pool[asyncpg.Record]") -> people.Team:
    """An account with somebody of each role."""
    return await people.team(pool, app_pool)
