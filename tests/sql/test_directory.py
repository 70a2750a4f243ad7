"""The account of a widget, an API key and others, for look-ups that do not know it."""

import uuid
from collections.abc import Iterator
from hashlib import sha256

import psycopg
import pytest

from app.database.migrations import FOLDER
from tests.support.sql_world import Project, World

ENTRIES = "select lookup_key, account_id from directory where account_id = %s order by lookup_key"
FILL = (FOLDER / "0290.directory_entries.sql").read_text()
# Rows of each kind, created without the functions of production: an account, a project and a widget, or a hash.
ROWS = {
    "placement": """
        with page as (
            insert into page (account_id, id, project_id, key, created_at)
            values (%(account)s, %(id)s, %(project)s, '/', now())
        )
        insert into placement (account_id, id, widget_id, page_id, key, created_at)
        values (%(account)s, %(id)s, %(widget)s, %(id)s, '/', now())
    """,
    "tracker": """
        insert into tracker (
            account_id, project_id, type, url, path, token, hook_id, hook_secret, labels, title, body, created_at
        )
        values (
            %(account)s, %(project)s, 'github', 'https://github.com', 'a/b', 'x', %(id)s, 'x', '{}', 'T', 'B', now()
        )
    """,
    "invitation": """
        insert into invitation (account_id, id, email, role, token_hash, created_at, expires_at)
        values (%(account)s, %(id)s, 'a@b.example', 'viewer', %(hash)s, now(), now() + interval '1 day')
    """,
    "recap_recipient": """
        insert into recap_recipient (account_id, id, project_id, email, weekly, monthly, requested_at, token_hash)
        values (%(account)s, %(id)s, %(project)s, 'a@b.example', true, true, now(), %(hash)s)
    """,
}


@pytest.fixture
def world(module_database: str) -> Iterator[World]:
    world = World(module_database)
    yield world
    world.close_connection()


def key(world: World, of: Project) -> bytes:
    """The hash of a new API key."""
    hash = sha256(uuid.uuid4().bytes).digest()
    world.ask("select fn.create_api_key(%s, %s, 'manage', %s, 'abcd')", of.account_id, of.id, hash)
    return hash


def widget_accounts(world: World, id: uuid.UUID) -> list[uuid.UUID]:
    return [account for (account,) in world.ask("select account_id from fn.ingest_widget(%s)", id)]


def key_accounts(world: World, hash: bytes) -> list[uuid.UUID]:
    reads = (
        "select account_id from fn.ingest_api_key(%s)",
        "select account_id from fn.key_actor(%s, null, interval '1 minute')",
    )
    first, second = ([account for (account,) in world.ask(read, hash)] for read in reads)
    assert first == second
    return first


def test_what_is_created_has_an_entry_at_once(world: World) -> None:
    project = world.project()
    widget, hash = world.widget(project), key(world, project)
    assert world.ask(ENTRIES, project.account_id) == sorted(
        [(widget.id.bytes, project.account_id), (hash, project.account_id)]
    )
    with world.connection.transaction(force_rollback=True):
        cancelled = world.widget(project)
    assert world.ask("select from directory where lookup_key = %s", cancelled.id.bytes) == []


def test_what_a_version_before_created_is_there_without_an_entry(world: World) -> None:
    project = world.project()
    widget, hash = world.widget(project), key(world, project)
    world.ask("delete from directory where account_id = %s", project.account_id)
    assert widget_accounts(world, widget.id) == key_accounts(world, hash) == [project.account_id]


def test_the_migration_adds_entries_in_batches(world: World) -> None:
    project = world.project()
    world.widget(project)
    hash = key(world, project)
    world.ask(
        "insert into widget (account_id, id, project_id, name, type)"
        " select %s, gen_random_uuid(), %s, 'W' || n, 'updown' from generate_series(1, 1100) as n",
        project.account_id, project.id,
    )  # fmt: skip
    before = world.ask(ENTRIES, project.account_id)
    world.ask("delete from directory where account_id = %s and lookup_key = %s", project.account_id, hash)
    for _ in range(2):
        world.ask(FILL)
        after = world.ask(ENTRIES, project.account_id)
        assert len(after) == 1102
        assert set(before) <= set(after)


def test_an_entry_goes_with_its_widget(world: World) -> None:
    project = world.project()
    widget, other = world.widget(project), world.widget(project)
    world.ask("select fn.purge_widget(%s, %s)", project.account_id, widget.id)
    assert world.ask(ENTRIES, project.account_id) == [(other.id.bytes, project.account_id)]
    assert widget_accounts(world, widget.id) == []
    assert widget_accounts(world, other.id) == [project.account_id]


def test_entries_go_with_their_project(world: World) -> None:
    project = world.project()
    other = world.project(account_id=project.account_id)
    widget, hash, left = world.widget(project), key(world, project), world.widget(other)
    world.ask("select fn.purge_project(%s, %s)", project.account_id, project.id)
    assert world.ask(ENTRIES, project.account_id) == [(left.id.bytes, project.account_id)]
    assert widget_accounts(world, widget.id) == key_accounts(world, hash) == []


def test_an_entry_of_something_deleted_finds_nothing(world: World) -> None:
    project = world.project()
    id, hash = uuid.uuid4(), sha256(b"deleted").digest()
    for lookup_key in (id.bytes, hash):
        world.ask("insert into directory (lookup_key, account_id) values (%s, %s)", lookup_key, project.account_id)
    assert widget_accounts(world, id) == key_accounts(world, hash) == []


def test_an_entry_of_another_account_shows_nothing_of_it(world: World) -> None:
    project, other = world.project(), world.project()
    widget, hash = world.widget(project), key(world, project)
    world.ask("update directory set account_id = %s where account_id = %s", other.account_id, project.account_id)
    assert widget_accounts(world, widget.id) == key_accounts(world, hash) == []


def test_an_api_key_is_of_one_account(world: World) -> None:
    project, other = world.project(), world.project()
    hash = key(world, project)
    with pytest.raises(psycopg.errors.UniqueViolation):
        world.ask("select fn.create_api_key(%s, %s, 'manage', %s, 'abcd')", other.account_id, other.id, hash)


@pytest.mark.parametrize("kind", ROWS)
def test_what_is_looked_up_seldom_has_no_entry(world: World, kind: str) -> None:
    project = world.project()
    widget, id = world.widget(project), uuid.uuid4()
    names = {"account": project.account_id, "project": project.id, "widget": widget.id, "id": id}
    hash = sha256(id.bytes).digest()
    world.connection.execute(ROWS[kind].encode(), {**names, "hash": hash})
    lookup_key = id.bytes if kind in ("placement", "tracker") else hash
    assert world.ask("select from directory where lookup_key = %s", lookup_key) == []
    assert world.value("select fn.directory_account(%s, %s)", kind, lookup_key) == project.account_id
    assert world.value("select fn.directory_account(%s, %s)", kind, bytes(len(lookup_key))) is None


def test_members_see_entries_of_their_account_only(world: World) -> None:
    project, other = world.project(), world.project()
    world.widget(project), world.widget(other)
    with world.connection.transaction(force_rollback=True):
        world.ask("set local role feelback_app")
        world.ask("select set_config('feelback.account_id', %s, true)", str(project.account_id))
        assert {account for (account,) in world.ask("select account_id from directory")} == {project.account_id}
