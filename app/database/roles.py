"""Roles in Postgres: the owners of tables and functions, and the roles that sign in.

`sql/roles.sql` grants their rights. Passwords are derived from SECRET_KEY, so that every machine that has it can
connect without further settings.
"""

import hmac
from contextlib import closing
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from app.config import Settings
from app.errors import ConfigError

OWNER = "feelback_owner"  # owns tables, views and the functions of ingestion, sign-in and jobs
PANEL = "feelback_panel"  # owns the functions that act for one account; row security holds it to that account
APP = "feelback_app"  # the panel and the management API
INGEST = "feelback_ingest"  # the responses
JOBS = "feelback_jobs"  # the scheduler and the worker
INSIGHTS = "feelback_insights"  # whatever draws the views of schema insights: it may read those, and nothing else
ALL = (OWNER, PANEL, APP, INGEST, JOBS, INSIGHTS)
SIGN_IN = (APP, INGEST, JOBS, INSIGHTS)


def url(dsn: str, role: str, secret: str) -> str:
    """URL by which `role` connects to the database of `dsn`, a postgresql:// URL."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password(role, secret))}@{place}"))


def pool_url(settings: Settings, dsn: str, role: str) -> str:
    """URL by which `role` connects through the transaction pooler, if any: not for migration, jobs and listening."""
    return url(settings.database_pool_url or dsn, role, settings.secret_key)


def password(role: str, secret: str) -> str:
    """The password of a role: the HMAC-SHA256 of its name under the secret key, in hexadecimal digits."""
    return hmac.digest(secret.encode(), f"database role {role}".encode(), "sha256").hex()


def ensure(connection: psycopg.Connection, secret: str) -> None:
    """Create missing roles, and make the connection's user a member of those that own objects.

    Raises:
        ConfigError: the user may not create roles.
    """
    try:
        with connection.transaction():
            # Roles belong to the whole server: its databases, and whoever migrates them, take turns.
            connection.execute("select pg_advisory_xact_lock(hashtext('feelback roles'))")
            for statement in statements(connection, secret, is_renewing=False):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigError(
            "DATABASE_URL: its user may not create roles. Have an administrator of the database run the output of "
            "`feelback roles`, then call `feelback migrate` again."
        ) from error


def script(dsn: str, secret: str) -> str:
    """The SQL of `statements`, one a line."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        return "\n".join(f"{statement.as_string(connection)};" for statement in statements(connection, secret))


def statements(connection: psycopg.Connection, secret: str, *, is_renewing: bool = True) -> list[sql.Composed]:
    """Statements that create missing roles and make the connection's user a member of those that own objects.

    With `is_renewing` existing roles get their password again. Passwords appear only salted and hashed.
    """
    existing = {
        name for (name,) in connection.execute("select rolname from pg_roles where starts_with(rolname, 'feelback_')")
    }
    result: list[sql.Composed] = []
    for role in ALL:
        if role in existing and not (is_renewing and role in SIGN_IN):
            continue
        statement = sql.SQL("{} role {}").format(
            sql.SQL("alter" if role in existing else "create"), sql.Identifier(role)
        )
        if role in SIGN_IN:
            plain = password(role, secret).encode()
            verifier = connection.pgconn.encrypt_password(plain, role.encode(), b"scram-sha-256").decode()
            statement += sql.SQL(" login noinherit password {}").format(sql.Literal(verifier))
        result.append(statement)
    row = connection.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()
    user, is_super = row or ("", False)
    for role in (OWNER, PANEL):
        is_member = role in existing and connection.execute("select pg_has_role(%s, 'usage')", [role]).fetchone() == (
            True,
        )
        if not (is_super or is_member):
            result.append(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(user)))
    return result
