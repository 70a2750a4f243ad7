"""Bring a database to this version's schema: migrations/ by yoyo, then sql/. Several processes may start at once."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from app.config import ROOT
from app.database import jobs, roles
from app.database.recreate import digest, recreate
from app.errors import ConfigError

MIGRATIONS = ROOT / "migrations"
SQL = ROOT / "sql"
LOCK = 0x6665656C  # "feel"
RETRIES = 10

DIGESTS = """
create table if not exists public.schema_digest (name text primary key, digest text not null);
comment on table public.schema_digest is 'What was applied, by the digest of its text: migrations, matviews, sql/.';
"""


@dataclass(frozen=True)
class Applied:
    """Result of `apply`: the number of migrations it ran, and whether it recreated sql/."""

    migrations: int
    recreated: bool


def apply(dsn: str, migrations: Path = MIGRATIONS, sql: Path = SQL, *, secret: str = "") -> Applied:
    """Apply what is missing, one process at a time. `dsn` must not lead through a pooler.

    Creates missing roles with passwords derived from `secret`, the secret key.

    Raises:
        ConfigError: a file has an error, a migration was edited after it was applied, or the database is newer than
            this version.
    """
    try:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection, _alone(connection):
            connection.execute("set client_min_messages = warning")
            connection.execute(DIGESTS.encode())
            current = _migration_digests(migrations)
            applied = _digests(connection)
            _refuse_changed(current, applied)
            missing = [name for name in current if name not in applied]
            if missing:
                _run_yoyo(dsn, migrations)
                for name in missing:
                    _remember(connection, name, current[name])
            recreated = applied.get("sql") != _folder_digest(sql) or bool(missing)
            if recreated:
                if (sql / "roles.sql").exists():
                    roles.ensure(connection, secret)
                _recreate(connection, sql)
            if connection.execute("select to_regproc('fn.create_partitions')").fetchone() != (None,):
                connection.execute("select fn.create_partitions()")
            jobs.hand_over(connection)
            return Applied(len(missing), recreated)
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def is_current(dsn: str, migrations: Path = MIGRATIONS, sql: Path = SQL) -> bool:
    """Whether `apply` would find nothing to do.

    Raises:
        ConfigError: the database cannot be reached.
    """
    current = {**_migration_digests(migrations), "sql": _folder_digest(sql)}
    try:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            return current == {n: d for n, d in _digests(connection).items() if not n.startswith("matview/")}
    except psycopg.errors.UndefinedTable:
        return False
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def schema_digest(migrations: Path = MIGRATIONS, sql: Path = SQL) -> str:
    """Digest of both folders."""
    return digest(repr((_migration_digests(migrations), _folder_digest(sql))).encode())


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    # Asked for again and again: a session that waits inside a statement would hold up `create index concurrently`.
    while connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
        time.sleep(0.05)
    yield  # the lock ends with the connection


def _digests(connection: psycopg.Connection) -> dict[str, str]:
    return dict(connection.execute("select name, digest from public.schema_digest").fetchall())


def _remember(connection: psycopg.Connection, name: str, text_digest: str) -> None:
    connection.execute(
        "insert into public.schema_digest (name, digest) values (%s, %s)"
        " on conflict (name) do update set digest = excluded.digest",
        [name, text_digest],
    )


def _migration_digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.glob("*.sql") if not path.name.endswith(".rollback.sql"))
    return {f"migrations/{path.name}": digest(path.read_bytes()) for path in files}


def _folder_digest(folder: Path) -> str:
    files = sorted(folder.rglob("*.sql"))
    return digest(repr([(str(path.relative_to(folder)), digest(path.read_bytes())) for path in files]).encode())


def _refuse_changed(current: dict[str, str], applied: dict[str, str]) -> None:
    faults = []
    for name, applied_digest in applied.items():
        if not name.startswith("migrations/"):
            continue
        if name not in current:
            faults.append(
                f"{name} was applied to this database, and this version does not have it: run a newer version."
            )
        elif current[name] != applied_digest:
            faults.append(f"{name} was edited after it was applied: restore it and write a new migration instead.")
    if faults:
        raise ConfigError("\n".join(faults))


def _run_yoyo(dsn: str, folder: Path) -> None:
    import yoyo  # not needed at most starts, and slow to import

    backend = yoyo.get_backend(
        _one_host(dsn).replace("postgres://", "postgresql://", 1).replace("://", "+psycopg://", 1)
    )
    with closing(backend.connection):
        backend.break_lock()  # left by a migrator that was killed: whoever migrates holds our own lock
        with backend.lock():
            for migration in backend.to_apply(yoyo.read_migrations(str(folder))):
                try:
                    backend.apply_one(migration)
                except psycopg.Error as error:
                    message = error.diag.message_primary or " ".join(str(error).split())
                    raise ConfigError(f"migrations/{migration.id}.sql: {message}") from error


def _one_host(dsn: str) -> str:
    # yoyo knows no more than one: that which takes writes now.
    parts = urlsplit(dsn)
    user, at, place = parts.netloc.rpartition("@")
    if "," not in place:
        return dsn
    with closing(psycopg.connect(dsn)) as connection:
        netloc = f"{user}{at}{connection.info.host}:{connection.info.port}"
    return urlunsplit(parts._replace(netloc=netloc, query=parts.query.replace("target_session_attrs=read-write", "")))


def _recreate(connection: psycopg.Connection, folder: Path) -> None:
    for attempt in range(RETRIES):
        try:
            with connection.transaction():
                # Sessions that use our views wait behind this one, so it does not wait long for them.
                connection.execute("set local lock_timeout = '2s'")
                recreate(connection, folder)
                _remember(connection, "sql", _folder_digest(folder))
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == RETRIES - 1:
                raise
            time.sleep(0.1 * attempt)
