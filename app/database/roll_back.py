"""`feelback migrate --to`: take this version's functions and its migrations out of a database."""

from functools import partial
from pathlib import Path

import psycopg

from app.database import matviews, migrations, roles, schemas, versions
from app.database.migrate import SQL, connected
from app.database.recreate import drop_schema, folder_digest
from app.errors import ConfigError


def roll_back(
    dsn: str, to: str, folder: Path = migrations.FOLDER, sql: Path = SQL, *, prefix: str = roles.PREFIX
) -> list[str]:
    """Take back this version's functions and the migrations after the one numbered `to`; returns their names.

    Raises:
        ConfigError: there is no such migration, or a migration cannot be rolled back, which then stays.
    """
    current = migrations.digests(folder)
    if to not in map(migrations.number, current):
        raise ConfigError(f"--to: there is no migration {to}; the last one is {migrations.number(max(current))}.")
    with connected(dsn) as connection:
        versions.prepare(connection)
        names = [name for name in versions.read(connection, "migrations/") if migrations.number(name) > to]
        if unknown := [name for name in names if name not in current]:
            raise ConfigError(f"--to: this version does not have {', '.join(unknown)}: run a newer version.")
        if schema := schemas.of_digest(connection, folder_digest(sql, prefix)):
            schemas.step(dsn, connection, f"Dropping {schema}", partial(schemas.forget, connection, schema))
        if names:
            schemas.step(dsn, connection, "Dropping insights", lambda: _forget_views(connection))
            drop = partial(migrations.drop_policies, connection, folder, names)
            schemas.step(dsn, connection, "Dropping policies", drop)
        for name in migrations.roll_back(dsn, folder, names):
            versions.forget(connection, name)
        return sorted(names, reverse=True)


def _forget_views(connection: psycopg.Connection) -> None:
    # The version that is rolled back to creates its own when it migrates.
    drop_schema(connection, "insights")
    versions.forget(connection, "insights")
    versions.forget_first_functions(connection)
    matviews.drop_unused(connection, set())
    matviews.give_names_back(connection)
    connection.execute("create schema if not exists insights")
