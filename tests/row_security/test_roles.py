"""Creating the roles, by the migrating user or by an administrator."""

from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from app.database import migrate, role_creation, roles
from app.errors import ConfigError
from tests.support.settings import SECRET


def as_user(dsn: str, user: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}"))


@pytest.fixture
def plain(empty_database: str) -> str:
    """The DSN of a database whose owner is not a superuser and cannot create roles."""
    with closing(psycopg.connect(empty_database, autocommit=True)) as connection:
        connection.execute("drop role if exists plain")
        connection.execute("create role plain login")
        connection.execute(f"alter database {urlsplit(empty_database).path[1:]} owner to plain".encode())
    return as_user(empty_database, "plain")


def test_it_migrates_for_an_owner_who_is_no_superuser(template: str, empty_database: str, plain: str) -> None:
    with pytest.raises(ConfigError, match="feelback roles"):
        migrate.apply(plain, secret=SECRET)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        statements = [statement.as_string(connection) for statement in role_creation.statements(connection, SECRET)]
    assert 'grant "feelback_owner" to "plain"' in statements
    assert not any(roles.password(role, SECRET) in line for line in statements for role in roles.SIGN_IN)
    with closing(psycopg.connect(empty_database, autocommit=True)) as connection:
        for line in statements:
            connection.execute(line.encode())
    assert migrate.apply(plain, secret=SECRET).recreated
    assert not migrate.apply(plain, secret=SECRET).recreated
    with closing(psycopg.connect(roles.url(empty_database, roles.APP, SECRET), autocommit=True)) as connection:
        assert connection.execute("select fn.is_fresh()").fetchone() == (True,)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        connection.execute("call fn.refresh_stats()")
        for (command,) in connection.execute("select command from fn.job").fetchall():
            connection.execute(command.encode())
    with closing(psycopg.connect(empty_database, autocommit=True)) as connection:
        connection.execute("drop owned by plain cascade")


def test_it_signs_in_by_passwords_that_the_secret_key_makes(server: str) -> None:
    url = roles.url("postgresql://owner:secret@db.example.com:6432/feelback?sslmode=require", roles.APP, SECRET)
    password = roles.password(roles.APP, SECRET)
    assert url == f"postgresql://feelback_app:{password}@db.example.com:6432/feelback?sslmode=require"
    passwords = {roles.password(role, SECRET) for role in roles.ALL} | {roles.password(roles.APP, "other")}
    assert len(passwords) == len(roles.ALL) + 1
