"""A database of its own for each test, with one connection to it."""

from collections.abc import Iterator

import pytest

from tests.sql.world import World


@pytest.fixture
def world(database: str) -> Iterator[World]:
    """Projects, sets and signals in a new database."""
    world = World(database)
    yield world
    world.close_connection()
