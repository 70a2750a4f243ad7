"""Connects commands to the database, at this version's schema."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from app.config import Settings
from app.database import db, migrate
from app.database.embedded import cluster

T = TypeVar("T")
WAIT_SECONDS = 5
log = logging.getLogger(__name__)


def in_database(settings: Settings, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """Run `action` with a pool on the database; returns its result."""
    with database(settings) as dsn:
        return asyncio.run(with_pool(dsn, action))


@contextlib.contextmanager
def database(settings: Settings, *, waits: bool = False) -> Iterator[str]:
    """Yield the DSN of the database's owner. Migrates the embedded database; another must be migrated already.

    With `waits` it waits for a database that cannot be reached or is starting.

    Raises:
        ConfigError: the database at DATABASE_URL is not migrated, or by another SECRET_KEY.
    """
    with cluster.use(settings) as dsn:
        prepare(settings, dsn, waits=waits)
        yield dsn


def prepare(settings: Settings, dsn: str, *, waits: bool = False) -> None:
    """Migrate the embedded database, or check that another one is migrated.

    Raises:
        ConfigError: as `database`.
    """
    if not settings.database_url:
        migrate.of_settings(settings, dsn)
        return
    while waits and (reason := asyncio.run(db.unreachable(dsn))):
        log.warning("Waiting for the database at DATABASE_URL: %s", reason)
        time.sleep(WAIT_SECONDS)
    migrate.check(settings, dsn)


async def with_pool(dsn: str, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """Run `action` with a pool on `dsn`; returns its result."""
    pool = await db.connect(dsn)
    try:
        return await action(pool)
    finally:
        await pool.close()
