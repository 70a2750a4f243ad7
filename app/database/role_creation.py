"""Creates the roles of roles.py in Postgres, with their passwords and memberships."""

from contextlib import closing

import psycopg
from psycopg import sql

from app.database.roles import ALL, APP, OWNER, PANEL, PREFIX, SIGN_IN, password, renamed, url
from app.errors import ConfigError

# Where else on the server a role has rights or owns something.
ELSEWHERE = """
    select d.datname from pg_shdepend as s join pg_database as d on d.oid = s.dbid
    where s.refclassid = 'pg_authid'::regclass and s.refobjid = to_regrole(%s)::oid and d.datname <> current_database()
    order by 1 limit 1
"""


def ensure(connection: psycopg.Connection, dsn: str, secret: str, prefix: str = PREFIX) -> bool:
    """Create missing roles, set passwords that are not of `secret`, and join the roles that own objects.

    Returns whether passwords were set again.

    Raises:
        ConfigError: the user may not create roles, or they belong to another installation on the server.
    """
    try:
        with connection.transaction():
            # Roles belong to the whole server: its databases, and whoever migrates them, take turns.
            connection.execute("select pg_advisory_xact_lock(hashtext('feelback roles'))")
            is_renewing = not _may_sign_in(connection, dsn, secret, prefix)
            if is_renewing:
                _refuse_others(connection, prefix)
            for statement in statements(connection, secret, prefix, is_renewing=is_renewing):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigError(
            "DATABASE_URL: its user may not create roles or set their passwords. Have an administrator of the database"
            " run the output of `feelback roles`, then call `feelback migrate` again."
        ) from error
    return is_renewing


def revoke_temporary(connection: psycopg.Connection, prefix: str = PREFIX) -> None:
    """Take the right to create temporary objects in this database from everyone, if the connection's user may.

    Names of types are looked up among temporary ones, so that one could stand in for a type of a function of another
    role. The owner of tables needs the right to refresh materialized views; nobody signs in as that role.
    """
    row = connection.execute(
        "select current_database(), has_database_privilege('public', current_database(), 'temporary')"
        " and pg_has_role((select datdba from pg_database where datname = current_database()), 'usage')"
    ).fetchone()
    if row is None or not row[1]:
        return
    database = sql.Identifier(row[0])
    with connection.transaction():
        connection.execute(sql.SQL("revoke temporary on database {} from public").format(database))
        owner = sql.Identifier(renamed(OWNER, prefix))
        connection.execute(sql.SQL("grant temporary on database {} to {}").format(database, owner))


def script(dsn: str, secret: str, prefix: str = PREFIX) -> str:
    """The SQL of `statements`, one a line.

    Raises:
        ConfigError: the roles belong to another installation on the server.
    """
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        if not _may_sign_in(connection, dsn, secret, prefix):
            _refuse_others(connection, prefix)
        return "\n".join(f"{statement.as_string(connection)};" for statement in statements(connection, secret, prefix))


def _may_sign_in(connection: psycopg.Connection, dsn: str, secret: str, prefix: str) -> bool:
    role = renamed(APP, prefix)
    if connection.execute("select to_regrole(%s)", [role]).fetchone() == (None,):
        return True  # it gets its password when it is created
    try:
        psycopg.connect(url(dsn, APP, secret, prefix)).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" not in str(error)
    return True


def _refuse_others(connection: psycopg.Connection, prefix: str) -> None:
    row = connection.execute(ELSEWHERE, [renamed(OWNER, prefix)]).fetchone()
    if row is not None:
        raise ConfigError(
            f"DATABASE_ROLE_PREFIX: the roles {prefix}_… on this server belong to another installation, in the database"
            f" {row[0]}. Set another prefix for this one, such as {prefix}2. If it is a copy of that installation, set"
            " the same SECRET_KEY."
        )


def statements(
    connection: psycopg.Connection, secret: str, prefix: str = PREFIX, *, is_renewing: bool = True
) -> list[sql.Composed]:
    """Statements that create missing roles and make the connection's user a member of those that own objects.

    With `is_renewing` existing roles get their password again. Passwords appear only salted and hashed.
    """
    names = {role: renamed(role, prefix) for role in ALL}
    existing = {
        name
        for (name,) in connection.execute("select rolname from pg_roles where rolname = any(%s)", [[*names.values()]])
    }
    result: list[sql.Composed] = []
    for role, name in names.items():
        if name in existing and not (is_renewing and role in SIGN_IN):
            continue
        statement = sql.SQL("{} role {}").format(
            sql.SQL("alter" if name in existing else "create"), sql.Identifier(name)
        )
        if role in SIGN_IN:
            plain = password(role, secret).encode()
            verifier = connection.pgconn.encrypt_password(plain, name.encode(), b"scram-sha-256").decode()
            statement += sql.SQL(" login noinherit password {}").format(sql.Literal(verifier))
        result.append(statement)
    row = connection.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()
    user, is_super = row or ("", False)
    for name in (names[OWNER], names[PANEL]):
        is_member = name in existing and connection.execute("select pg_has_role(%s, 'usage')", [name]).fetchone() == (
            True,
        )
        if not (is_super or is_member):
            result.append(sql.SQL("grant {} to {}").format(sql.Identifier(name), sql.Identifier(user)))
    return result
