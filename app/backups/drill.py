"""The restore drill: restores the newest backup into a scratch database, compares it, and drops it."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from app.backups import restore, space
from app.backups.encryption import can_decrypt
from app.backups.stores import Store
from app.config import Settings
from app.errors import FeelbackError

LOCK = 0x6472696C  # "dril"
COMMENT = "A scratch database of feelback backup drill"  # nothing else is ever dropped


@dataclass(frozen=True)
class Drill:
    """A drill. `rows` is None if the backup is encrypted and was only verified; `differed` counts tables and counts."""

    name: str
    seconds: float
    rows: int | None
    differed: int


def run(settings: Settings, dsn: str, store: Store, name: str, identity: Path | None) -> Drill:
    """Restore the backup `name` into a scratch database on the server at `dsn`, which is dropped afterwards.

    Without its key, which for age is `identity`, an encrypted backup is only read and compared with its manifest.

    Raises:
        FeelbackError: 409 if another drill runs, 422 if the backup is broken, 500 if a program fails or the disk is too
            full, 403 if the database's user may not create databases.
    """
    started = time.monotonic()
    manifest = restore.read_manifest(store, name)
    if not can_decrypt(manifest.encryption, identity):
        restore.verify(store, name)
        return Drill(name, time.monotonic() - started, None, 0)
    size, free = space.of_database(dsn)
    space.require("The drill", "the database's disk", free, size)
    with _scratch(dsn) as scratch:
        result = restore.restore(settings, scratch, store, name, identity)
    differed = len(result.differences) + result.reconciled.differed + result.reconciled.failed
    return Drill(name, time.monotonic() - started, result.rows, differed)


@contextmanager
def _scratch(dsn: str) -> Iterator[str]:
    """The DSN of a new database beside the one at `dsn`. One that a killed drill left behind is dropped first."""
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback drill")) as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            raise FeelbackError(409, "Another drill is running.")
        name = f"{connection.info.dbname[:50]}_drill"
        _drop(connection, name)
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise FeelbackError(
                403, "The database's user may not create the scratch database of the drill.",
                hint=f'Run `alter role "{connection.info.user}" createdb`, or set BACKUP_DRILL=off.',
            ) from error  # fmt: skip
        try:
            connection.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), COMMENT))
            connection.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(name)))
            yield urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
        finally:
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    query = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
    row = connection.execute(query, [name]).fetchone()
    if row is None:
        return
    if row[0] != COMMENT:
        raise FeelbackError(409, f"There is a database {name} that no drill has made.", hint="Rename it.")
    connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
