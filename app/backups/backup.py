"""Make a backup: pg_dump and the count of each table's rows in one snapshot, stored, read back; thin out older ones."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from app import __version__
from app.backups import ladder, manifests, pipes, programs
from app.backups.encryption import encrypting
from app.backups.manifests import Manifest, Sum
from app.backups.pipes import STALE_SECONDS
from app.backups.stores import Store
from app.config.parse import Encryption, Ladder
from app.errors import FeelbackError

LOCK = 0x62616B75  # "baku"
# What `feelback migrate` makes anew from sql/, and what belongs to the server and not to us.
LEFT_OUT = ("fn", "mv", "insights", "cron")
EXTENSIONS = "select extname from pg_extension where extname not in ('pg_cron', 'plpgsql_check')"
TABLES = """
    select c.relname from pg_class as c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e') order by 1
"""


def make(dsn: str, pgbin: str, store: Store, encryption: Encryption, now: datetime | None = None) -> Manifest:
    """Back up the database at `dsn` into `store`, and read it back to prove that it is there; what was made.

    Raises:
        FeelbackError: a program or the storage failed; nothing is kept then. 409 where another backup runs.
    """
    name = manifests.name(now or datetime.now(UTC), encryption.program)
    stored = Sum()
    with _snapshot(dsn) as (connection, snapshot):
        server = connection.info.server_version // 10_000
        program, major = programs.find("pg_dump", pgbin, server)
        extensions = [row[0] for row in connection.execute(EXTENSIONS)]
        place, environ = programs.connection(dsn)
        dump = [
            program, "--format=custom", "--no-owner", "--no-privileges", "--enable-row-security",
            "--lock-wait-timeout=60s", f"--snapshot={snapshot}", f"--dbname={place}",
            *(f"--exclude-schema={schema}" for schema in LEFT_OUT),
            *(f"--extension={extension}" for extension in extensions),
        ]  # fmt: skip
        store.write(name, stored.over(pipes.read([dump, *encrypting(encryption)], environ)))
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
        for _ in manifests.checked(store.read(name), manifest):
            pass
    except FeelbackError:
        store.delete(name)
        raise
    store.write(f"{name}.json", iter([manifests.encoded(manifest)]))
    return manifest


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        counted = connection.execute(sql.SQL("select count(*) from public.{}").format(sql.Identifier(table))).fetchone()
        found[table] = counted[0] if counted else 0
    return found


def thin_out(store: Store, rungs: Ladder, now: datetime | None = None) -> list[str]:
    """Delete the backups that `rungs` do not keep, and what backups that were broken off left; the names deleted."""
    there = store.names()
    whole = {name: time for name in there if (time := manifests.time_of(name)) is not None and f"{name}.json" in there}
    stay = ladder.kept(whole.values(), rungs)
    stale = (now or datetime.now(UTC)).timestamp() - STALE_SECONDS
    gone = [name for name, time in whole.items() if time not in stay]
    gone += [name for name in there if manifests.time_of(name) and name not in whole and there[name] < stale]
    for name in gone:
        store.delete(f"{name}.json")  # first: what has none counts as broken off
        store.delete(name)
    store.tidy()
    return sorted(gone)


@contextmanager
def _snapshot(dsn: str) -> Iterator[tuple[psycopg.Connection, str]]:
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback backup")) as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
            raise FeelbackError(409, "Another backup of this database runs now.")
        connection.execute("set idle_in_transaction_session_timeout = 0")
        connection.execute("begin transaction isolation level repeatable read read only")
        row = connection.execute("select pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]
