"""Settings of a distributed database, and roles that sign in between the nodes of a Citus cluster."""

from collections.abc import Iterator
from typing import cast

import psycopg
from psycopg import sql

from app.database import roles

SETTINGS = {
    # A function that a statement calls on a worker reads the rows of the same account, which are on that worker.
    "citus.allow_nested_distributed_execution": "on",
    # A transaction may change tables that are on every node after those of a tenant.
    "citus.multi_shard_modify_mode": "sequential",
    # Nodes learn for whom a transaction acts: fn.propagate_actor.
    "citus.propagate_set_commands": "local",
}


def are_current(connection: psycopg.Connection) -> bool:
    """Whether the database has the settings; those of a version before may be fewer."""
    query = "select current_setting(%s, true)"
    return all(connection.execute(query, [name]).fetchone() == (value,) for name, value in SETTINGS.items())


def set_up(connection: psycopg.Connection, secret: str, prefix: str) -> Iterator[str]:
    """Make settings and roles fit, on every node; yields a line for each change."""
    (database,) = cast(tuple[str], connection.execute("select current_database()").fetchone())
    for name, value in SETTINGS.items():
        text = sql.SQL("alter database {} set {} = {}").format(
            sql.Identifier(database), sql.SQL(name), sql.Literal(value)
        )
        connection.execute(text)  # Citus passes it on to every node
        connection.execute(sql.SQL("set {} = {}").format(sql.SQL(name), sql.Literal(value)))
    yield "Settings are those that Feelback needs"
    # Nodes connect to each other as the role that runs a statement, so those that own functions sign in there.
    for role in (*roles.SIGN_IN, roles.OWNER, roles.PANEL):
        name, plain = roles.renamed(role, prefix), roles.password(role, secret)
        if role in roles.SIGN_IN:
            # Otherwise Citus filters each row of pg_class, and asyncpg's query for a type takes minutes.
            visibility = sql.SQL("alter role {} in database {} set citus.override_table_visibility = off")
            connection.execute(visibility.format(sql.Identifier(name), sql.Identifier(database)))
        else:
            verifier = connection.pgconn.encrypt_password(plain.encode(), name.encode(), b"scram-sha-256").decode()
            statement = sql.SQL("alter role {} login password {}").format(sql.Identifier(name), sql.Literal(verifier))
            # Citus sends rows by COPY, which row-level security forbids; its policies let the owner see all anyway.
            connection.execute(statement + sql.SQL(" bypassrls" if role == roles.OWNER else ""))
        connection.execute(
            "insert into pg_dist_authinfo (nodeid, rolename, authinfo) values (0, %s, %s)"
            " on conflict (nodeid, rolename) do update set authinfo = excluded.authinfo",
            [name, f"password={plain}"],
        )
    yield "Roles can sign in between nodes"
