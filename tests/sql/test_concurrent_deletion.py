"""Responses that arrive during the deletion of their placement, widget, project or account leave no orphans."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.support.settings import CITUS
from tests.support.sql_world import Project, Widget, World, is_waiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DELETIONS = {
    "placement": "select fn.delete_placement(%(account)s, %(project)s, (select id from placement where key = '/a'))",
    "widget": "select fn.delete_widget(%(account)s, %(project)s, %(widget)s)",
    "project": "select fn.delete_project(%(account)s, %(project)s)",
    "account": "select fn.purge_account(%(account)s)",
}
RESPONSE = (
    "select outcome from fn.ingest_responses(array[%(account)s], array[%(widget)s], array['/a'], array[%(id)s],"
    " array[%(ms)s::bigint], array[%(day)s::date], array[%(option)s::smallint], null, null, null,"
    " array['visitor'::bytea], array['visit'::bytea], array[%(ms)s::bigint], null, 1000, null, %(again)s)"
)
TEST_RESPONSE = (
    "select outcome from fn.ingest_test_response(%(account)s, %(widget)s, '/a', %(id)s, %(ms)s,"
    " %(option)s::smallint, null, null, null, null, null, null, 1000)"
)
TABLES = ("response", "visit", "tally", "tally_day")
deletions = pytest.mark.parametrize("deletion", DELETIONS)
# Both sides lock the tally of an option that was counted before; a new option has none yet.
options = pytest.mark.parametrize("option", [1, 2])


@pytest.fixture
def project(world: World) -> Project:
    return world.project("UTC", NOW - 30 * DAY)


@pytest.fixture
def widget(world: World, project: Project) -> Widget:
    """A widget with a response at option 1 of a page."""
    widget = world.widget(project)
    world.send(widget, 1, NOW - DAY, "/a")
    return widget


def send(world: World, widget: Widget, option: int, query: str = RESPONSE) -> str:
    """The outcome of a response, sent again while Postgres asks for that, as ingestion does."""
    arguments = {
        "account": widget.account_id, "widget": widget.id, "id": world.value("select fn.uuid_v7(%s)", NOW),
        "ms": round(NOW.timestamp() * 1000), "day": NOW.date(), "option": option,
    }  # fmt: skip
    for again in (False, True):
        try:
            rows = world.connection.execute(query.encode(), {**arguments, "again": again}).fetchall()
            return str(rows[0][0]) if rows else "counted"
        except psycopg.errors.SerializationFailure:
            continue
    raise AssertionError("it was to be sent again twice")


def delete(world: World, widget: Widget, deletion: str) -> None:
    arguments = {"account": widget.account_id, "project": widget.project_id, "widget": widget.id}
    world.connection.execute(DELETIONS[deletion].encode(), arguments)


def finish(world: World) -> None:
    """What a deletion leaves to a job, which on Citus is all."""
    world.ask("call fn.run_by_account('{continue deletions}', now() + interval '1 minute')")


def orphans(world: World) -> dict[str, int]:
    """How many rows of each table have no placement."""
    counts = {
        table: world.value(
            f"select count(*) from {table} as t where not exists"
            " (select 1 from placement as c where c.account_id = t.account_id and c.id = t.placement_id)"
        )
        for table in TABLES
    }
    return {table: count for table, count in counts.items() if count}


def beside(world: World, first: Callable[[World], object], second: Callable[[World], object]) -> None:
    """Run the first in a transaction that commits only once the second waits for it, or has ended."""
    other, errors = World(world.dsn), list[Exception]()
    session = other.session()

    def act() -> None:
        try:
            second(other)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=act)
    with world.connection.transaction():
        first(world)
        thread.start()
        while thread.is_alive() and not is_waiting(world, session):
            thread.join(0.02)
    thread.join()
    other.close_connection()
    assert errors == []


@deletions
@options
@pytest.mark.parametrize("query", [RESPONSE, TEST_RESPONSE], ids=["counted", "test"])
def test_a_deletion_takes_a_response_that_is_being_stored(
    world: World, widget: Widget, deletion: str, option: int, query: str
) -> None:
    beside(world, lambda w: send(w, widget, option, query), lambda w: delete(w, widget, deletion))
    finish(world)
    assert world.value("select count(*) from response") == 0
    assert orphans(world) == {}


@deletions
@options
@pytest.mark.parametrize("query", [RESPONSE, TEST_RESPONSE], ids=["counted", "test"])
def test_a_response_during_a_deletion_gets_a_new_placement_or_none(
    world: World, widget: Widget, deletion: str, option: int, query: str
) -> None:
    outcomes: list[str] = []
    beside(world, lambda w: delete(w, widget, deletion), lambda w: outcomes.append(send(w, widget, option, query)))
    stored = "counted" if query == RESPONSE else "test"
    if CITUS and deletion != "account":  # it comes in time, and the job deletes it
        assert outcomes == [stored]
        finish(world)
        assert world.value("select count(*) from response") == 0
    else:
        assert outcomes == [stored if deletion == "placement" else "unknown_widget"]
        assert world.value("select count(*) from response") == (deletion == "placement")
    assert orphans(world) == {}


@pytest.mark.parametrize("deletion", ["widget", "project", "account"])
def test_a_response_that_creates_a_placement_is_deleted_with_it(world: World, project: Project, deletion: str) -> None:
    widget = world.widget(project)
    beside(world, lambda w: send(w, widget, 1), lambda w: delete(w, widget, deletion))
    finish(world)
    assert world.value("select count(*) from response") == 0
    assert orphans(world) == {}


def see(world: World, widget: Widget) -> None:
    """Count a view on the page of the response."""
    sql = "select fn.add_seen_counts(array[%s], array[%s], array['/a'], array[%s], array[1::bigint])"
    world.ask(sql, widget.account_id, widget.id, NOW.date())


@deletions
@pytest.mark.parametrize("is_view_first", [True, False])
def test_a_view_beside_a_deletion_leaves_no_orphan(
    world: World, widget: Widget, deletion: str, is_view_first: bool
) -> None:
    def look(w: World) -> None:
        see(w, widget)

    def purge(w: World) -> None:
        delete(w, widget, deletion)

    see(world, widget)
    beside(world, look if is_view_first else purge, purge if is_view_first else look)
    finish(world)
    # What comes after its placement counts for the widget.
    rest = [(widget.id, 1)] if deletion == "placement" and not is_view_first and not CITUS else []
    assert world.ask("select scope_id, count from seen_day") == rest
