"""A database with one connection for each test."""

from collections.abc import Iterator

import pytest

from tests.support.sql_world import World


@pytest.fixture
def world(database: str) -> Iterator[World]:
    """Projects, widgets and responses in a new database."""
    world = World(database)
    yield world
    world.close_connection()
