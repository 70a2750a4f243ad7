"""The files of migrations/, run and rolled back by yoyo, each under a lock timeout."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from app.config import ROOT
from app.database import locks
from app.database.recreate import digest
from app.errors import ConfigError

FOLDER = ROOT / "migrations"
ALTERED = re.compile(r"^\s*alter table (?:if exists )?(?:only )?(?:public\.)?(\w+)", re.M | re.I)
BREAKS = re.compile(r"^-- Breaks versions before (\d{4})\b", re.M)


def digests(folder: Path) -> dict[str, str]:
    """The digests of the migrations by name, in order."""
    files = sorted(path for path in folder.glob("*.sql") if not path.name.endswith(".rollback.sql"))
    return {f"migrations/{path.name}": digest(path.read_bytes()) for path in files}


def number(name: str) -> str:
    """The number of the migration `name`."""
    return name.removeprefix("migrations/").partition(".")[0]


def breaks_before(folder: Path, name: str) -> str | None:
    """The number of the migration that a version must have to run with this one; None if every version can."""
    line = BREAKS.search((folder / name.removeprefix("migrations/")).read_text())
    return line[1] if line else None


def drop_policies(connection: psycopg.Connection, folder: Path, names: list[str]) -> None:
    """Drop the policies of the tables that the roll-backs of `names` change: they may read columns that go.

    Without them nobody sees a row there, until `migrate` of the version before creates its own.
    """
    files = [folder / name.removeprefix("migrations/").replace(".sql", ".rollback.sql") for name in names]
    tables = sorted({table for file in files for table in ALTERED.findall(file.read_text())})
    drop = (
        "select format('drop policy %%I on public.%%I', p.polname, c.relname) from pg_policy as p"
        " join pg_class as c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace"
        " and c.relname = any(%s) and p.polname ~ '^tenant_' and p.polname <> 'tenant_owner'"
    )
    for (statement,) in connection.execute(drop, [tables]).fetchall():
        connection.execute(statement.encode())


def run(dsn: str, folder: Path) -> None:
    """Run the migrations that the database lacks.

    Raises:
        ConfigError: one failed, or a lock could not be had.
    """
    import yoyo  # not needed at most starts, and slow to import

    with _backend(dsn) as backend:
        for migration in backend.to_apply(yoyo.read_migrations(str(folder))):
            _step(dsn, migration, lambda each=migration: backend.apply_one(each))


def roll_back(dsn: str, folder: Path, names: list[str]) -> Iterator[str]:
    """Roll back the migrations `names`, the newest first; yields each when it is done.

    Raises:
        ConfigError: one failed, or a lock could not be had.
    """
    import yoyo

    with _backend(dsn) as backend:
        for migration in backend.to_rollback(yoyo.read_migrations(str(folder))):
            name = f"migrations/{migration.id}.sql"
            if name in names:
                _step(dsn, migration, lambda each=migration: backend.rollback_one(each))
                yield name


def _step(dsn: str, migration: Any, step: Any) -> None:
    name = f"migrations/{migration.id}.sql"
    try:
        locks.retried(dsn, name, step)
    except psycopg.Error as error:
        message = error.diag.message_primary or " ".join(str(error).split())
        raise ConfigError(f"{name}: {message}") from error


@contextmanager
def _backend(dsn: str) -> Iterator[Any]:
    import yoyo
    from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
    from yoyo.connections import parse_uri

    class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo has no types
        """Waits only briefly for locks. It is called for each new connection, of which a migration has its own."""

        def init_connection(self, connection: Any) -> None:
            super().init_connection(connection)
            connection.execute(f"set lock_timeout = '{locks.LOCK_TIMEOUT}'")

    uri = parse_uri(_one_host(dsn).replace("postgres://", "postgresql://", 1).replace("://", "+psycopg://", 1))
    backend = Backend(uri, yoyo.default_migration_table)
    backend.init_database()
    with closing(backend.connection):
        backend.break_lock()  # left by a migrator that was killed: whoever migrates holds our own lock
        with backend.lock():
            yield backend


def _one_host(dsn: str) -> str:
    # yoyo knows no more than one: that which takes writes now.
    parts = urlsplit(dsn)
    user, at, place = parts.netloc.rpartition("@")
    if "," not in place:
        return dsn
    with closing(psycopg.connect(dsn)) as connection:
        netloc = f"{user}{at}{connection.info.host}:{connection.info.port}"
    return urlunsplit(parts._replace(netloc=netloc, query=parts.query.replace("target_session_attrs=read-write", "")))
