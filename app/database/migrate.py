"""Bring a database to this version's schema: migrations/ by yoyo, then sql/. Several processes may start at once.

The version before serves meanwhile and afterwards: migrations only add, and each version has functions of its own.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from app.config import ROOT, Settings
from app.database import (
    cluster_settings,
    distributed_functions,
    distribution,
    functions,
    jobs,
    locks,
    migrations,
    partition_indexes,
    plans,
    role_creation,
    roles,
    schemas,
    secrets,
    versions,
)  # fmt: skip
from app.database.migrations import FOLDER as MIGRATIONS
from app.database.recreate import digest, folder_digest
from app.errors import ConfigError

SQL = ROOT / "sql"
LOCK = 0x6665656C  # "feel"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Applied:
    """Result of `apply`: the number of migrations run, whether functions were made current, whether SECRET_KEY is new.

    `functions` is their schema.
    """

    migrations: int
    recreated: bool
    has_new_key: bool = False
    functions: str = field(default=functions.DEFAULT, compare=False)


@dataclass(frozen=True)
class Usable:
    """A database that this version can use: the schema of its functions, and the migrations of newer versions."""

    functions: str
    newer: list[str]


def of_settings(
    settings: Settings, dsn: str, *, is_key_lost: bool = False, distribute: Callable[[str], None] | None = None
) -> Applied:
    """As `apply`, with the secret keys and the roles' prefix of the settings. This process then calls its functions."""
    applied = apply(
        dsn, secret=settings.secret_key, previous=settings.secret_key_previous, prefix=settings.database_role_prefix,
        is_key_lost=is_key_lost, distribute=distribute,
    )  # fmt: skip
    functions.use(applied.functions)
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        plans.check(connection, settings.stripe_prices)
    return applied


def apply(
    dsn: str,
    folder: Path = MIGRATIONS,
    sql: Path = SQL,
    *,
    secret: str,
    previous: Sequence[str] = (),
    prefix: str = roles.PREFIX,
    is_key_lost: bool = False,
    distribute: Callable[[str], None] | None = None,
) -> Applied:
    """Apply what is missing, one process at a time. `dsn` must not lead through a pooler.

    Creates missing roles with passwords derived from `secret`, the secret key. What the database holds encrypted by one
    of the `previous` ones is encrypted by `secret` from then on; with `is_key_lost` it may be of another key, and is
    given up. With `distribute`, which takes lines about the progress, it distributes the tables over the nodes of a
    Citus cluster; where they are already, new ones follow without it.

    Raises:
        ConfigError: a file has an error, a migration was edited after it was applied, the database is newer than this
            version can use, or of another secret key.
    """
    with connected(dsn) as connection:
        versions.prepare(connection)
        current, applied = migrations.digests(folder), versions.read(connection, "migrations/")
        _refuse_edited(current, applied)
        _newer(current, applied)
        missing = [name for name in current if name not in applied]
        if missing:
            migrations.run(dsn, folder)
            for name in missing:
                versions.remember(connection, name, current[name], migrations.breaks_before(folder, name))
        has_roles, has_new_key = (sql / "roles.sql").exists(), False
        recreated = bool(missing) or not schemas.are_current(connection, sql, prefix)
        if connection.execute("select to_regclass('public.encrypted_key')").fetchone() != (None,):
            has_new_key = secrets.encrypt_again(connection, [secret, *previous], is_lost=is_key_lost)
        if (recreated or has_new_key) and has_roles:
            has_new_key |= locks.retried(dsn, "roles", lambda: role_creation.ensure(connection, dsn, secret, prefix))
        if distribute is not None or distribution.is_distributed(connection):
            recreated |= _distribute(connection, secret, prefix, distribute, has_new_passwords=has_new_key)
        schema = None if recreated else schemas.of_digest(connection, folder_digest(sql, prefix))
        schema = schema or schemas.make_current(dsn, connection, sql, prefix)
        if distribution.is_distributed(connection):
            distributed_functions.adapt(connection, schema, prefix)
        if has_roles:
            locks.retried(dsn, "roles", lambda: role_creation.revoke_temporary(connection, prefix))
        schemas.create_partitions(dsn, connection, schema)
        partition_indexes.create_missing(dsn, connection)
        jobs.hand_over(connection, schema)
        return Applied(len(missing), recreated, has_new_key, schema)


def _distribute(
    connection: psycopg.Connection,
    secret: str,
    prefix: str,
    report: Callable[[str], None] | None,
    *,
    has_new_passwords: bool,
) -> bool:
    """Whether tables were distributed."""
    distribution.check(connection)
    if not distribution.pending(connection) and not distribution.is_interrupted(connection):
        if has_new_passwords or not cluster_settings.are_current(
            connection
        ):  # nodes connect to each other by passwords
            for line in cluster_settings.set_up(connection, secret, prefix):
                log.info(line)
        return False
    if report is not None:
        for schema, _ in versions.functions(connection):
            with connection.transaction():
                schemas.forget(connection, schema)
        schemas.forget_views(connection)
    for line in itertools.chain(cluster_settings.set_up(connection, secret, prefix), distribution.tables(connection)):
        (report or log.info)(line)
    return True


def usable(dsn: str, folder: Path = MIGRATIONS, sql: Path = SQL, *, prefix: str = roles.PREFIX) -> Usable | None:
    """How this version can use the database; None if it must be migrated first.

    Raises:
        ConfigError: the database cannot be reached, or is newer than this version can use.
    """
    current = migrations.digests(folder)
    try:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            applied = versions.read(connection, "migrations/")
            newer = _newer(current, applied)
            if any(name not in applied or applied[name].digest != text for name, text in current.items()):
                return None
            schema = schemas.of_digest(connection, folder_digest(sql, prefix))
            return Usable(schema, newer) if schema else None
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def is_current(dsn: str, folder: Path = MIGRATIONS, sql: Path = SQL, *, prefix: str = roles.PREFIX) -> bool:
    """Whether the database has this version's schema and no newer one.

    Raises:
        ConfigError: the database cannot be reached, or is newer than this version can use.
    """
    database = usable(dsn, folder, sql, prefix=prefix)
    return database is not None and not database.newer


def check(settings: Settings, dsn: str) -> None:
    """Make this process call this version's functions in a database that it can use.

    Raises:
        ConfigError: the database must be migrated first, is of another SECRET_KEY, or cannot be reached or used, or
            STRIPE_PRICES names a plan that it does not have.
    """
    database = usable(dsn, prefix=settings.database_role_prefix)
    if database is None:
        raise ConfigError("DATABASE_URL: the database has another version's schema: run `feelback migrate`.")
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        if secrets.is_of_another(connection, settings.secret_keys):
            raise ConfigError("SECRET_KEY: it was replaced: run `feelback migrate` to encrypt by the new key.")
        plans.check(connection, settings.stripe_prices)
    if database.newer:
        log.warning("The database's schema is newer than this version, which can use it: %s", ", ".join(database.newer))
    functions.use(database.functions)


def schema_digest(folder: Path = MIGRATIONS, sql: Path = SQL) -> str:
    """Digest of both folders."""
    return digest(repr((migrations.digests(folder), folder_digest(sql))).encode())


@contextmanager
def connected(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection of the only process that migrates now; others wait.

    Raises:
        ConfigError: the database cannot be reached.
    """
    try:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            # Asked for again and again: a session that waits inside a statement would hold up `create index
            # concurrently`. The lock ends with the connection.
            while connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
                time.sleep(0.05)
            connection.execute("set client_min_messages = warning")
            yield connection
    except psycopg.OperationalError as error:
        raise ConfigError(f"The database cannot be used: {' '.join(str(error).split())}") from error


def _refuse_edited(current: dict[str, str], applied: dict[str, versions.Applied]) -> None:
    faults = [
        f"{name} was edited after it was applied: restore it and write a new migration instead."
        for name, row in applied.items()
        if current.get(name, row.digest) != row.digest
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def _newer(current: dict[str, str], applied: dict[str, versions.Applied]) -> list[str]:
    """The migrations that only newer versions have, which this one can run with."""
    newer = [row for name, row in applied.items() if name not in current]
    last = max(map(migrations.number, current), default="")
    if breaking := [row.name for row in newer if row.breaks_before is not None and row.breaks_before > last]:
        raise ConfigError(
            f"This version cannot use the database since {breaking[-1]} was applied: run a newer version."
        )
    return [row.name for row in newer]
