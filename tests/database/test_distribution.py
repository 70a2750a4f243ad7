"""`feelback distribute` on a cluster, and what it leaves to functions that foreign keys do elsewhere."""

import re
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner

from app.__main__ import cli
from app.database import distribution, migrate
from app.errors import ConfigError
from tests.support import citus
from tests.support.settings import CITUS, SECRET
from tests.support.sql_world import World

KEYS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace order by 1, 2
"""

on_one_server = pytest.mark.skipif(bool(CITUS), reason="these are about one server")


class CutOffError(Exception):
    """Stands for a kill."""


@on_one_server
def test_without_citus_it_refuses_and_changes_nothing(database: str) -> None:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        before = connection.execute(KEYS).fetchall()
        with pytest.raises(ConfigError, match="has no Citus"):
            migrate.apply(database, secret=SECRET, distribute=print)
        assert connection.execute(KEYS).fetchall() == before
    assert migrate.is_current(database)


def test_it_wants_to_be_asked_twice(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    result = CliRunner().invoke(cli, ["distribute"])
    assert isinstance(result.exception, ConfigError)
    assert "--experimental" in str(result.exception)


@on_one_server
def test_the_doctor_knows_a_single_server(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.output == "The database is one server, without Citus\n"


@pytest.fixture
def adapted(database: str) -> Iterator[World]:
    """A database with the foreign keys that one on Citus has."""
    world = World(database)
    for table, name, definition in world.ask(KEYS):
        with_adapted = distribution.adapted(name, definition)
        if with_adapted != definition:
            world.ask(f"alter table {table} drop constraint {name}")
            if with_adapted:
                world.ask(f"alter table {table} add constraint {name} {with_adapted}")
    yield world
    world.close_connection()


@on_one_server
def test_it_adapts_the_keys_that_citus_refuses(database: str) -> None:
    with closing(psycopg.connect(database)) as connection:
        keys = connection.execute(KEYS).fetchall()
    changed = {name for _, name, definition in keys if distribution.adapted(name, definition) != definition}
    assert changed == {
        "mail_reply_fkey", "note_account_id_person_id_fkey", "placement_account_id_page_id_key_fkey",
        "reply_account_id_person_id_fkey", "triage_account_id_assignee_id_fkey",
    }  # fmt: skip


@on_one_server
def test_a_deleted_member_leaves_their_messages(adapted: World) -> None:
    widget = adapted.widget(adapted.project())
    account, project = widget.account_id, widget.project_id
    person, response = uuid.uuid4(), uuid.uuid4()
    adapted.ask("insert into person (id, email) values (%s, 'member@world.example')", person)
    adapted.ask("insert into member (account_id, person_id, role) values (%s, %s, 'editor')", account, person)
    adapted.ask(
        "insert into message_state (account_id, project_id, widget_id, response_id, moved_at)"
        " values (%s, %s, %s, %s, now())",
        account, project, widget.id, response,
    )  # fmt: skip
    adapted.ask(
        "insert into triage (account_id, project_id, response_id, assignee_id) values (%s, %s, %s, %s)",
        account, project, response, person,
    )  # fmt: skip
    adapted.ask("select fn.delete_member(%s, %s)", account, person)
    assert adapted.ask("select assignee_id from triage") == [(None,)]


@on_one_server
def test_a_renamed_page_renames_its_placements(adapted: World) -> None:
    widget = adapted.widget(adapted.project())
    adapted.send(widget, 1, datetime.now(UTC), "/old")
    page = adapted.value("select id from page")
    adapted.ask("select fn.rename_page(%s, %s, %s, '/new')", widget.account_id, widget.project_id, page)
    assert adapted.ask("select key from placement") == [("/new",)]


@on_one_server
def test_a_mail_of_a_deleted_reply_is_not_sent(adapted: World) -> None:
    adapted.ask(
        "insert into mail (id, recipient, template, context, reply_account_id, reply_id, created_at, next_at)"
        " values (gen_random_uuid(), 'visitor@world.example', 'reply', '{}', %s, %s, now(), now())",
        uuid.uuid4(), uuid.uuid4(),
    )  # fmt: skip
    assert adapted.ask("select id from fn.claim_mail('world.example')") == []
    assert adapted.value("select count(*) from mail") == 0


@citus.needs_citus
def test_it_distributes_a_filled_database_and_goes_on_where_it_was_cut_off(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = citus.create(server, "filled")
    migrate.apply(dsn, secret=SECRET)
    world = World(dsn)
    keys = [(table, name) for table, name, _ in world.ask(KEYS)]
    accounts = [world.account() for _ in range(6)]
    world.close_connection()
    lines: list[str] = []

    def report(line: str) -> None:
        lines.append(line)
        if len(lines) in (20, 60):
            raise CutOffError

    for _ in range(2):
        with pytest.raises(CutOffError):
            migrate.apply(dsn, secret=SECRET, distribute=report)
    applied = migrate.apply(dsn, secret=SECRET, distribute=report)
    assert applied.recreated
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        assert distribution.pending(connection) == []
        assert not distribution.is_interrupted(connection)
        present = [(table, name) for table, name, _ in connection.execute(KEYS).fetchall()]
        assert set(keys) - set(present) == {("mail", "mail_reply_fkey")}
        places = distribution.places(connection)
        assert {place.account_id for place in places} == set(accounts)
        assert {place.port for place in places} <= {urlsplit(node).port for node in citus.nodes(server)}
        assert connection.execute("select count(*) from member").fetchone() == (len(accounts),)
    # Nothing is left to do, for it and for `feelback migrate`.
    assert not migrate.apply(dsn, secret=SECRET, distribute=report).recreated
    assert not migrate.apply(dsn, secret=SECRET).recreated
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    output = CliRunner().invoke(cli, ["doctor"]).output
    assert all(str(account) in output for account in accounts)
    assert "Foreign keys are missing" not in output
    assert "does not plan here" not in output


@citus.needs_citus
def test_the_doctor_names_what_does_not_plan(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with citus.clone(server, "unplanned", template) as dsn:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            # As after `feelback migrate` was cut off.
            connection.execute("alter function fn.widget_settings set plan_cache_mode = force_generic_plan")
            connection.execute("create view insights.more as select 1 as one")
        monkeypatch.setenv("DATABASE_URL", dsn)
        monkeypatch.setenv("SECRET_KEY", SECRET)
        output = CliRunner().invoke(cli, ["doctor"]).output
        assert re.findall(r"(\S+) does not plan here", output) == [
            "fn.widget_settings(uuid,uuid,uuid)",
            "insights.more",
        ]
        migrate.apply(dsn, secret=SECRET)
        assert "does not plan here" not in CliRunner().invoke(cli, ["doctor"]).output


@citus.needs_citus
def test_a_new_table_follows_when_it_migrates(server: str, template: str) -> None:
    with citus.clone(server, "follows", template) as dsn, closing(psycopg.connect(dsn, autocommit=True)) as connection:
        connection.execute(
            "create table public.novelty (account_id uuid not null, id uuid not null, project_id uuid not null,"
            " primary key (account_id, id),"
            " foreign key (account_id, project_id) references public.project (account_id, id) on delete cascade)"
        )
        assert distribution.pending(connection) == ["novelty"]
        migrate.apply(dsn, secret=SECRET)
        assert distribution.pending(connection) == []
        assert ("novelty", "novelty_account_id_project_id_fkey") in [
            (table, name) for table, name, _ in connection.execute(KEYS).fetchall()
        ]


@citus.needs_citus
def test_a_statement_of_one_account_is_one_task(server: str, template: str) -> None:
    with citus.clone(server, "tasks", template) as dsn, closing(psycopg.connect(dsn, autocommit=True)) as connection:
        plan = connection.execute(
            "explain select from public.placement as c join public.tally as t"
            " on t.account_id = c.account_id and t.placement_id = c.id where c.account_id = %s",
            [uuid.uuid4()],
        ).fetchall()
        assert any("Task Count: 1" in line for (line,) in plan)
