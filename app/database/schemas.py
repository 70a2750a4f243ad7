"""Make the SQL of this version current in a database: materialized views, functions, insights and rights."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg

from app.database import functions, locks, matviews, versions
from app.database.recreate import create_functions, create_insights, drop_schema, folder_digest, grant
from app.errors import ConfigError

MOST_SCHEMAS = 2  # schemas of functions: this version's, and the one before
log = logging.getLogger(__name__)


def step(dsn: str, connection: psycopg.Connection, name: str, run: Callable[[], object]) -> None:
    """Run DDL in a transaction of its own, tried again while another session holds a lock."""

    def attempt() -> None:
        with connection.transaction():
            run()

    locks.retried(dsn, name, attempt)


def of_digest(connection: psycopg.Connection, digest: str) -> str | None:
    """The schema of the functions with that digest; None if there is none."""
    return next((name for name, text_digest in versions.functions(connection) if text_digest == digest), None)


def are_current(connection: psycopg.Connection, sql: Path, prefix: str) -> bool:
    """Whether `make_current` would find nothing to do."""
    schemas, insights = versions.functions(connection), versions.read(connection, "insights").get("insights")
    return (
        bool(schemas)
        and schemas[0][1] == folder_digest(sql, prefix)
        and insights is not None
        and insights.digest == folder_digest(sql / "insights", prefix)
        and matviews.are_complete(connection, sql / "matviews")
    )


def make_current(dsn: str, connection: psycopg.Connection, sql: Path, prefix: str) -> str:
    """Make the functions of `sql` current, and create what is missing. Returns their schema.

    Raises:
        ConfigError: a file has an error, or a lock could not be had.
    """
    wanted, existing = folder_digest(sql, prefix), versions.functions(connection)
    name = of_digest(connection, wanted)
    is_new, schema = name is None, name or (f"fn_{wanted[:12]}" if existing else functions.DEFAULT)
    step(dsn, connection, "sql/matviews", lambda: matviews.create(connection, sql / "matviews"))

    def create() -> None:
        insights = folder_digest(sql / "insights", prefix)
        applied = versions.read(connection, "insights").get("insights")
        if applied is None or applied.digest != insights:
            create_insights(connection, sql, prefix)
            versions.remember(connection, "insights", insights)
        if is_new:
            create_functions(connection, sql, schema, prefix)
        grant(connection, sql, schema, prefix)
        versions.remember(connection, f"functions/{schema}", wanted)

    step(dsn, connection, "sql/", create)
    for old, _ in versions.functions(connection)[MOST_SCHEMAS:]:
        try:
            step(dsn, connection, f"Dropping {old}", partial(forget, connection, old))
        except ConfigError as error:
            log.warning("The functions of an old version stay: %s", error)
    step(dsn, connection, "mv", lambda: matviews.drop_unused(connection, set(matviews.digests(sql / "matviews"))))
    return schema


def forget(connection: psycopg.Connection, schema: str) -> None:
    """Drop a schema of functions, inside the caller's transaction."""
    drop_schema(connection, schema)
    versions.forget(connection, f"functions/{schema}")


def forget_views(connection: psycopg.Connection) -> None:
    """Drop the views for SQL tools and the materialized ones; no schema of functions may be left."""
    with connection.transaction():
        for schema in ("insights", "mv"):
            drop_schema(connection, schema)
        versions.forget(connection, "insights")


def create_partitions(dsn: str, connection: psycopg.Connection, schema: str) -> None:
    """Create the partitions of the coming months, if `schema` has the function."""
    if connection.execute("select to_regproc(%s)", [f"{schema}.create_partitions"]).fetchone() != (None,):
        call = functions.within(schema, "select fn.create_partitions()").encode()
        step(dsn, connection, "Creating partitions", lambda: connection.execute(call))
