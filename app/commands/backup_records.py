"""Records the results of backups and drills in the database that they are of."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.backups.manifests import Manifest
from app.commands.database import with_pool
from app.config import Settings
from app.database import db, functions, migrate
from app.errors import ConfigError, FeelbackError
from app.queries import backups

log = logging.getLogger(__name__)
UNAVAILABLE: tuple[type[BaseException], ...] = (ConfigError, FeelbackError, db.RowError, *db.UNAVAILABLE)


def backup(settings: Settings, dsn: str, manifest: Manifest) -> None:
    """Record a verified backup."""
    rows = sum(manifest.rows.values())
    _record(
        settings, dsn,
        lambda pool: backups.record_backup(pool, manifest.created_at, manifest.name, manifest.bytes, rows),
    )  # fmt: skip


def failure(settings: Settings, dsn: str, error: str) -> None:
    """Record why a backup failed."""
    _record(settings, dsn, lambda pool: backups.record_backup_failure(pool, error))


def drill(
    settings: Settings, dsn: str, name: str | None, seconds: float, rows: int | None, differed: int, error: str | None
) -> None:
    """Record the result of a restore drill."""
    _record(settings, dsn, lambda pool: backups.record_drill(pool, name, seconds, rows, differed, error))


def _record(settings: Settings, dsn: str, action: Callable[[db.Pool], Awaitable[None]]) -> None:
    # A failure to record must not fail the backup: it was made. That none is recorded will be noticed.
    try:
        database = migrate.usable(dsn, prefix=settings.database_role_prefix)
        if database is None:
            log.warning("The result is not recorded: the database has another version's schema.")
            return
        functions.use(database.functions)
        asyncio.run(with_pool(dsn, action))
    except UNAVAILABLE as error:
        log.warning("The result could not be recorded in the database: %s", (str(error).splitlines() or ["?"])[0])
