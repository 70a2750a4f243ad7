"""What a command works on: the database at this version's schema."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from app.config import Settings
from app.database import db, migrate
from app.database.embedded import cluster
from app.errors import ConfigError

T = TypeVar("T")


def in_database(settings: Settings, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """What `action` returns, given a pool on the database at this version's schema."""
    with database(settings) as dsn:
        return asyncio.run(with_pool(dsn, action))


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """How to connect to it as its owner; the embedded one is migrated first, another one must have been.

    Raises:
        ConfigError: it has not been.
    """
    with cluster.use(settings) as dsn:
        if not settings.database_url:
            migrate.apply(dsn, secret=settings.secret_key)
        elif not migrate.is_current(dsn):
            raise ConfigError("DATABASE_URL: the database is not at this version's schema: run `feelback migrate`.")
        yield dsn


async def with_pool(dsn: str, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """What `action` returns, given a pool on `dsn`."""
    pool = await db.connect(dsn)
    try:
        return await action(pool)
    finally:
        await pool.close()
