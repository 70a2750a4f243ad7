"""Creates a backup with pg_dump and row counts in one snapshot, verifies it, and thins out older ones."""

import contextlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from app import __version__
from app.backups import ladder, manifests, pipes, programs, space
from app.backups.encryption import encrypt_commands
from app.backups.manifests import Manifest, Sum
from app.backups.pipes import STALE_SECONDS
from app.backups.stores import Store
from app.config.parse import Encryption, Ladder
from app.errors import FeelbackError

LOCK = 0x62616B75  # "baku"
# `feelback migrate` recreates the first three from sql/; the last belongs to pg_cron.
EXCLUDED_SCHEMAS = ("fn", "fn_*", "mv", "insights", "cron")
# Stored mails contain links to sign in with; salts and counts tell apart the addresses of one day.
EXCLUDED_DATA = ("mail_body", "visitor_salt", "address_visit", "network_day")
EXTENSIONS = "select extname from pg_extension where extname not in ('pg_cron', 'plpgsql_check')"
TABLES = """
    select c.relname from pg_class as c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e') order by 1
"""


def create(dsn: str, pgbin: str, store: Store, encryption: Encryption, now: datetime | None = None) -> Manifest:
    """Back up the database at `dsn` into `store`, and read the file back to verify it.

    Raises:
        FeelbackError: a program or the storage failed, or there is too little space; nothing is stored then. 409 if
            another backup is running.
    """
    name = manifests.name(now or datetime.now(UTC), encryption.program)
    stored = Sum()
    with _snapshot(dsn) as (connection, snapshot):
        server = connection.info.server_version // 10_000
        program, major = programs.find("pg_dump", pgbin, server)
        space.require("The backup", "the folder of backups", store.free_bytes(), _expected_bytes(connection, store))
        extensions = [row[0] for row in connection.execute(EXTENSIONS)]
        place, environ = programs.connection(dsn)
        dump = [
            program, "--format=custom", "--no-owner", "--no-privileges", "--enable-row-security",
            "--lock-wait-timeout=60s", f"--snapshot={snapshot}", f"--dbname={place}",
            *(f"--exclude-schema={schema}" for schema in EXCLUDED_SCHEMAS),
            *(f"--exclude-table-data=public.{table}" for table in EXCLUDED_DATA),
            *(f"--extension={extension}" for extension in extensions),
        ]  # fmt: skip
        store.write(name, stored.over(pipes.read([dump, *encrypt_commands(encryption)], environ)))
        rows = counts(connection)
    manifest = Manifest(
        name,
        now or datetime.now(UTC),
        __version__,
        server,
        major,
        encryption.program,
        stored.bytes,
        stored.sha256,
        rows,
    )
    try:
        for _ in manifests.verified(store.read(name), manifest):
            pass
    except FeelbackError:
        store.delete(name)
        raise
    store.write(f"{name}.json", iter([manifests.encode(manifest)]))
    return manifest


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """The number of rows of each table whose data are in backups."""
    rows = {}
    for (table,) in connection.execute(TABLES).fetchall():
        if table in EXCLUDED_DATA:
            continue
        row = connection.execute(sql.SQL("select count(*) from public.{}").format(sql.Identifier(table))).fetchone()
        rows[table] = row[0] if row else 0
    return rows


def thin_out(store: Store, rungs: Ladder, now: datetime | None = None) -> list[str]:
    """Delete the backups that `rungs` do not keep, and leftovers of interrupted ones. Returns the deleted names."""
    files = store.names()
    complete = {
        name: time for name in files if (time := manifests.time_of(name)) is not None and f"{name}.json" in files
    }
    stay = ladder.times_to_keep(complete.values(), rungs)
    stale = (now or datetime.now(UTC)).timestamp() - STALE_SECONDS
    names = [name for name, time in complete.items() if time not in stay]
    names += [name for name in files if manifests.time_of(name) and name not in complete and files[name] < stale]
    for name in names:
        store.delete(f"{name}.json")  # first: a backup without it counts as interrupted
        store.delete(name)
    store.tidy()
    return sorted(names)


def _expected_bytes(connection: psycopg.Connection, store: Store) -> int:
    """About the size of the next backup: a quarter more than the last, else a quarter of the database."""
    names = [name for name in store.names() if manifests.time_of(name)]
    if names:
        with contextlib.suppress(FeelbackError):
            return manifests.decode(b"".join(store.read(f"{max(names)}.json")), max(names)).bytes * 5 // 4
    row = connection.execute("select pg_database_size(current_database()) / 4").fetchone()
    return row[0] if row else 0


@contextmanager
def _snapshot(dsn: str) -> Iterator[tuple[psycopg.Connection, str]]:
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback backup")) as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            raise FeelbackError(409, "Another backup of this database is running.")
        connection.execute("set idle_in_transaction_session_timeout = 0")
        connection.execute("begin transaction isolation level repeatable read read only")
        row = connection.execute("select pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]
