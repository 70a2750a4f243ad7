"""A database with one connection for each test."""

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
    """An account with one person per role."""
    return await people.team(pool, app_pool)
