"""What was applied to a database: migrations, schemas of functions, materialized views, insights. In schema_version.

Versions before 0100 kept it in schema_digest. That table stays as they left it, since they refuse to start where it
differs from their files.
"""

from typing import NamedTuple

import psycopg
from psycopg import sql

from app.database.locks import LOCK_TIMEOUT

TABLE = """
create table if not exists public.schema_version (
    name text primary key,
    digest text not null,
    applied_at timestamptz not null default clock_timestamp(),
    breaks_before text
);
comment on table public.schema_version is 'What was applied, by the digest of its text: migrations/, functions/ (a
schema of them a version; the one applied last is current), matviews/, insights.';
comment on column public.schema_version.breaks_before is
'The number of the migration that a version must have to run with this one; null: the version before can.';
"""
IMPORT = """
insert into public.schema_version (name, digest)
select case when d.name = 'sql' then 'functions/fn' else regexp_replace(d.name, '^matview/', 'matviews/') end, d.digest
from public.schema_digest as d
on conflict do nothing
"""
FUNCTIONS = """
select n.nspname, v.digest from public.schema_version as v
join pg_namespace as n on v.name = 'functions/' || n.nspname
order by v.applied_at desc
"""


class Applied(NamedTuple):
    """A row of schema_version."""

    name: str
    digest: str
    breaks_before: str | None


def prepare(connection: psycopg.Connection) -> None:
    """Create schema_version, with what an earlier version recorded."""
    connection.execute(sql.SQL("set lock_timeout = {}").format(LOCK_TIMEOUT))
    if _exists(connection, "schema_version"):
        return
    with connection.transaction():
        connection.execute(TABLE.encode())
        if _exists(connection, "schema_digest"):
            connection.execute(IMPORT.encode())


def read(connection: psycopg.Connection, prefix: str) -> dict[str, Applied]:
    """What of `prefix` was applied, by name.

    Raises:
        psycopg.errors.UndefinedTable: nothing was.
    """
    rows = connection.execute(
        "select name, digest, breaks_before from public.schema_version where starts_with(name, %s) order by name",
        [prefix],
    )
    return {row[0]: Applied(*row) for row in rows}


def functions(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """The schemas of functions and their digests, the current one first."""
    return connection.execute(FUNCTIONS.encode()).fetchall()


def remember(connection: psycopg.Connection, name: str, digest: str, breaks_before: str | None = None) -> None:
    """Record that something was applied now."""
    connection.execute(
        "insert into public.schema_version (name, digest, breaks_before) values (%s, %s, %s) on conflict (name) do"
        " update set digest = excluded.digest, breaks_before = excluded.breaks_before, applied_at = clock_timestamp()",
        [name, digest, breaks_before],
    )


def forget(connection: psycopg.Connection, name: str) -> None:
    """Delete a record."""
    connection.execute("delete from public.schema_version where name = %s", [name])


def forget_first_functions(connection: psycopg.Connection) -> None:
    """Make a version before 0100 create its functions and views anew when it migrates."""
    if _exists(connection, "schema_digest"):
        connection.execute("delete from public.schema_digest where name = 'sql'")


def forget_all_but_migrations(connection: psycopg.Connection) -> None:
    """Record that only migrations were applied, as in a database that was restored from a backup."""
    for table in ("schema_version", "schema_digest"):
        if _exists(connection, table):
            delete = sql.SQL("delete from public.{} where name not like 'migrations/%'")
            connection.execute(delete.format(sql.Identifier(table)))


def _exists(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute("select to_regclass(%s)", [f"public.{table}"]).fetchone() != (None,)
