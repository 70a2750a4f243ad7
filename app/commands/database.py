"""Connects commands to the database, at this version's schema."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from app.config import Settings
from app.database import db, migrate
from app.database.embedded import cluster

T = TypeVar("T")


def in_database(settings: Settings, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """Run `action` with a pool on the database; returns its result."""
    with database(settings) as dsn:
        return asyncio.run(with_pool(dsn, action))


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the DSN of the database's owner. Migrates the embedded database; another must be migrated already.

    Raises:
        ConfigError: the database at DATABASE_URL is not migrated, or by another SECRET_KEY.
    """
    with cluster.use(settings) as dsn:
        if not settings.database_url:
            migrate.of_settings(settings, dsn)
        else:
            migrate.check(settings, dsn)
        yield dsn


async def with_pool(dsn: str, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """Run `action` with a pool on `dsn`; returns its result."""
    pool = await db.connect(dsn)
    try:
        return await action(pool)
    finally:
        await pool.close()
