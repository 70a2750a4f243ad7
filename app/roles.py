"""The wall's roles in Postgres: who owns the tables, who owns the panel's functions, and who signs in to call which.

`sql/roles.sql` says what each may do. The passwords of those that sign in are made of SECRET_KEY, so that every machine
that has it can connect and no setting has to carry them.
"""

import hmac
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from app.config import Settings
from app.errors import ConfigError

OWNER = "feelback_owner"  # owns tables, views and the functions of ingestion, sign-in and jobs
PANEL = "feelback_panel"  # owns the functions that act for one account; row security holds it to that account
APP = "feelback_app"  # the panel and the management API
INGEST = "feelback_ingest"  # the signals
JOBS = "feelback_jobs"  # the scheduler and the worker
ALL = (OWNER, PANEL, APP, INGEST, JOBS)
SIGN_IN = (APP, INGEST, JOBS)


def url(dsn: str, role: str, secret: str) -> str:
    """How `role` connects to the database of `dsn`, an address that begins with postgresql://."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password(role, secret))}@{place}"))


def pool_url(settings: Settings, dsn: str, role: str) -> str:
    """How `role` connects where a transaction pooler will do: for all but migration, jobs and listening."""
    return url(settings.database_pool_url or dsn, role, settings.secret_key)


def password(role: str, secret: str) -> str:
    """The password of a role: the HMAC-SHA256 of its name under the secret key, in hexadecimal digits."""
    return hmac.digest(secret.encode(), f"database role {role}".encode(), "sha256").hex()


def ensure(connection: psycopg.Connection, secret: str) -> None:
    """Makes the roles that are missing, and the connection's user a member of those that own something.

    Raises:
        ConfigError: the user may make no roles.
    """
    try:
        with connection.transaction():
            # Roles belong to the whole server: its databases, and whoever migrates them, take turns.
            connection.execute("select pg_advisory_xact_lock(hashtext('feelback roles'))")
            had = {
                name for (name,) in connection.execute("select rolname from pg_roles where rolname like 'feelback%'")
            }
            for statement in statements(connection, secret, [role for role in ALL if role not in had]):
                connection.execute(statement)
            for role in (OWNER, PANEL):
                row = connection.execute("select pg_has_role(%s, 'usage')", [role]).fetchone()
                if row != (True,):
                    connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigError(
            "DATABASE_URL: its user may make no roles. Let an administrator of the database run what `feelback roles` "
            "prints, then call `feelback migrate` again."
        ) from error


def statements(connection: psycopg.Connection, secret: str, roles: list[str]) -> list[sql.Composed]:
    """What makes `roles`. Passwords are in it only as the server keeps them: salted and hashed."""
    made = []
    for role in roles:
        if role in SIGN_IN:
            kept = connection.pgconn.encrypt_password(
                password(role, secret).encode(), role.encode(), b"scram-sha-256"
            ).decode()
            made.append(
                sql.SQL("create role {} login noinherit password {}").format(sql.Identifier(role), sql.Literal(kept))
            )
        else:
            made.append(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
    return made
