"""Bring a database to this version's schema: migrations/ by yoyo, then sql/. Several processes may start at once."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from app.config import ROOT, Settings
from app.database import jobs, roles, secrets
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
    """Result of `apply`: the number of migrations run, whether sql/ was recreated, whether SECRET_KEY is new."""

    migrations: int
    recreated: bool
    has_new_key: bool = False


def of_settings(settings: Settings, dsn: str, *, is_key_lost: bool = False) -> Applied:
    """As `apply`, with the secret keys and the roles' prefix of the settings."""
    return apply(
        dsn, secret=settings.secret_key, previous=settings.secret_key_previous, prefix=settings.database_role_prefix,
        is_key_lost=is_key_lost,
    )  # fmt: skip


def apply(
    dsn: str,
    migrations: Path = MIGRATIONS,
    sql: Path = SQL,
    *,
    secret: str = "",
    previous: Sequence[str] = (),
    prefix: str = roles.PREFIX,
    is_key_lost: bool = False,
) -> Applied:
    """Apply what is missing, one process at a time. `dsn` must not lead through a pooler.

    Creates missing roles with passwords derived from `secret`, the secret key. What the database holds encrypted by one
    of the `previous` ones is encrypted by `secret` from then on; with `is_key_lost` it may be of another key, and is
    given up.

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
            recreated = applied.get("sql") != _folder_digest(sql, prefix) or bool(missing)
            has_new_key = False
            if connection.execute("select to_regclass('public.encrypted_key')").fetchone() != (None,):
                has_new_key = secrets.encrypt_again(connection, [secret, *previous], is_lost=is_key_lost)
            if (recreated or has_new_key) and (sql / "roles.sql").exists():
                has_new_key |= roles.ensure(connection, dsn, secret, prefix)
            if recreated:
                _recreate(connection, sql, prefix)
            if (sql / "roles.sql").exists():
                roles.revoke_temporary(connection, prefix)
            if connection.execute("select to_regproc('fn.create_partitions')").fetchone() != (None,):
                connection.execute("select fn.create_partitions()")
            jobs.hand_over(connection)
            return Applied(len(missing), recreated, has_new_key)
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def is_current(dsn: str, migrations: Path = MIGRATIONS, sql: Path = SQL, *, prefix: str = roles.PREFIX) -> bool:
    """Whether `apply` would find nothing to do.

    Raises:
        ConfigError: the database cannot be reached.
    """
    current = {**_migration_digests(migrations), "sql": _folder_digest(sql, prefix)}
    try:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            return current == {n: d for n, d in _digests(connection).items() if not n.startswith("matview/")}
    except psycopg.errors.UndefinedTable:
        return False
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def check(settings: Settings, dsn: str) -> None:
    """Refuse a database that `of_settings` would change.

    Raises:
        ConfigError: it has another version's schema or SECRET_KEY, or cannot be reached.
    """
    if not is_current(dsn, prefix=settings.database_role_prefix):
        raise ConfigError("DATABASE_URL: the database has another version's schema: run `feelback migrate`.")
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        if secrets.is_of_another(connection, settings.secret_keys):
            raise ConfigError("SECRET_KEY: it was replaced: run `feelback migrate` to encrypt by the new key.")


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


def _folder_digest(folder: Path, prefix: str = roles.PREFIX) -> str:
    files = sorted(folder.rglob("*.sql"))
    text = repr([(str(path.relative_to(folder)), digest(path.read_bytes())) for path in files])
    return digest((text if prefix == roles.PREFIX else text + prefix).encode())


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


def _recreate(connection: psycopg.Connection, folder: Path, prefix: str) -> None:
    for attempt in range(RETRIES):
        try:
            with connection.transaction():
                # Sessions that use our views wait behind this one, so it does not wait long for them.
                connection.execute("set local lock_timeout = '2s'")
                recreate(connection, folder, prefix)
                _remember(connection, "sql", _folder_digest(folder, prefix))
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == RETRIES - 1:
                raise
            time.sleep(0.1 * attempt)
