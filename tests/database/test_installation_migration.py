"""Migrations 0093 and 0094 on databases of the version before: who operates them, and what they store of mails."""

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from app.config import ROOT

DEMO = "call fn.load_demo('demo@feelback.example', 'published')"
Migrate = Callable[[], None]


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def migrate(connection: psycopg.Connection) -> Migrate:
    """Undoes both migrations and applies them again."""

    def run() -> None:
        for name in (
            "0094.stored_mails.rollback",
            "0093.installation.rollback",
            "0093.installation",
            "0094.stored_mails",
        ):
            connection.execute((ROOT / f"migrations/{name}.sql").read_bytes())

    return run


def account(connection: psycopg.Connection, name: str, at: str = "2026-01-01") -> None:
    connection.execute("select fn.create_account(%s, %s, 'hash', %s)", [name, f"{name}@example.com", at])


def state(connection: psycopg.Connection) -> tuple[object, ...]:
    """The operators, the demos, and whether the installation is claimed."""
    row = connection.execute(
        """select (select array_agg(email order by email) from person where is_operator),
        (select array_agg(name order by name) from account where is_demo),
        (select claimed_at is not null from installation)"""
    ).fetchone()
    assert row is not None
    return row


def test_the_owner_of_the_first_account_operates_it(connection: psycopg.Connection, migrate: Migrate) -> None:
    account(connection, "second", "2026-01-02")
    account(connection, "first")
    migrate()
    assert state(connection) == (["first@example.com"], None, True)


def test_a_demo_that_was_loaded_first_does_not(connection: psycopg.Connection, migrate: Migrate) -> None:
    connection.execute("call fn.load_demo('demo@feelback.example', 'published', '2025-12-01')")
    account(connection, "first")
    migrate()
    assert state(connection) == (["first@example.com"], ["Demo"], True)


@pytest.mark.parametrize(
    "change",
    [
        "update person set email = 'other@example.com'",
        "update project set slug = 'x', name = 'X'",
        "delete from project",
        "update account set name = 'Mine'",
    ],
)
def test_the_demo_alone_leaves_it_unclaimed(connection: psycopg.Connection, migrate: Migrate, change: str) -> None:
    connection.execute(DEMO)
    connection.execute(change.encode())
    connection.execute("select fn.create_session(id, sha256('x')) from person")
    migrate()
    operators, demos, is_claimed = state(connection)
    assert (operators, is_claimed) == (None, False)
    assert demos
    # The published password is of no use any more, nor is who has signed in by it.
    assert connection.execute("select count(password_hash), (select count(*) from session) from person").fetchone() == (
        0, 0,
    )  # fmt: skip


def test_another_account_of_the_demo_s_owner_makes_no_operator(
    connection: psycopg.Connection, migrate: Migrate
) -> None:
    connection.execute(DEMO)
    connection.execute("select fn.open_account(id, 'Mine', now() + interval '1 s') from person")
    migrate()
    assert state(connection) == (None, ["Demo"], False)


def test_an_empty_installation_is_unclaimed(connection: psycopg.Connection, migrate: Migrate) -> None:
    connection.execute("select fn.default_account()")  # by the command line, without members
    migrate()
    assert state(connection) == (None, None, False)


def test_stored_mails_leave_the_outbox(connection: psycopg.Connection, migrate: Migrate) -> None:
    connection.execute("select fn.enqueue_mail('a@example.com', 'magic_link', '{\"url\": \"x/links/secret\"}')")
    migrate()
    connection.execute("update mail set outcome = 'kept', done_at = now(), body = 'x/links/secret', give_up_at = now()")
    connection.execute("drop table mail_body")
    connection.execute((ROOT / "migrations/0094.stored_mails.sql").read_bytes())
    row = connection.execute(
        "select m::text, b.body, b.expires_at = m.give_up_at from mail as m, mail_body as b"
    ).fetchone()
    assert row is not None
    assert "secret" not in row[0]
    assert row[1:] == (b"x/links/secret", True)
    connection.execute((ROOT / "migrations/0094.stored_mails.rollback.sql").read_bytes())
    assert connection.execute("select body from mail").fetchone() == (b"x/links/secret",)
