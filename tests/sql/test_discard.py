"""Small deletions are immediate, large ones run in the background; in the end no row is left."""

from datetime import timedelta

import psycopg
import pytest

from tests.support.citus import at_once
from tests.support.recount import differences
from tests.support.retained_rows import everything_told, references
from tests.support.sql_world import Project, World, local

DAY = timedelta(days=1)
NOW = local("2026-09-15T12:00")
CONTINUE = """
    select d.* from (select now() + %s::text::interval as now) as t, fn.deletion_accounts(t.now) as a,
        fn.continue_deletions(a, t.now, %s) as d
"""


@pytest.fixture
def two(world: World) -> tuple[World, Project, Project]:
    """Two projects of one account, both with everything."""
    first = world.project("Europe/Rome", NOW - 80 * DAY)
    second = world.project("UTC", NOW - 80 * DAY, first.account_id)
    for project in (first, second):
        everything_told(world, project)
    return world, first, second


def ids(world: World, of: Project) -> list[str]:
    rows = world.ask(
        "select id from widget where project_id = %(id)s union select c.id from placement as c"
        " join widget as s on s.account_id = c.account_id and s.id = c.widget_id"
        " where s.project_id = %(id)s".replace("%(id)s", f"'{of.id}'")
    )
    return [of.id, *(row[0] for row in rows)]  # type: ignore[list-item]


def large(world: World) -> None:
    """Make every account count as a large one."""
    world.ask_as_superuser(
        "create or replace function fn.can_do_at_once(_account_id uuid, _most bigint) returns boolean"
        " language sql return false"
    )


def delete_all(world: World, limit: int) -> tuple[int, int]:
    """Run the job until nothing is left to delete; returns the numbers of runs and of deleted responses."""
    runs = gone = 0
    while world.value("select count(*) from deletion"):
        result = world.ask(CONTINUE, "1 minute", limit)[0]
        runs, gone = runs + 1, gone + result[0]
        assert runs < 200
        assert world.value("call fn.reconcile(%s)", NOW) == 0
    return runs, gone


@at_once
def test_it_deletes_a_small_project_at_once(two: tuple[World, Project, Project]) -> None:
    world, first, second = two
    had = ids(world, first)
    assert world.value("select fn.delete_project(%s, %s)", first.account_id, first.id) is True
    assert references(world, *had) == {}  # type: ignore[arg-type]
    assert references(world, second.id)
    world.close(NOW)
    assert differences(world) == {}
    assert world.ask("select what from audit where what like 'project.deleted'") == [("project.deleted",)]


@pytest.mark.parametrize("kind", ["project", "widget", "placement"])
def test_it_deletes_what_is_large_bit_by_bit(two: tuple[World, Project, Project], kind: str) -> None:
    world, first, _ = two
    large(world)
    votes = world.value("select id from widget where project_id = %s order by id limit 1", first.id)
    placement = world.value("select id from placement where widget_id = %s order by id limit 1", votes)
    gone = {"project": ids(world, first), "widget": [votes], "placement": [placement]}[kind]
    had = world.value(
        "select count(*) from response as f join widget as s on s.account_id = f.account_id and s.id = f.widget_id"
        " where %s::uuid in (s.project_id, s.id, f.placement_id)",
        gone[0],
    )
    call = {"project": "delete_project(%s, %s)", "widget": "delete_widget(%s, %s, %s)"}.get(
        kind, "delete_placement(%s, %s, %s)"
    )
    of = [first.account_id, first.id, *([] if kind == "project" else gone)]
    assert world.value(f"select fn.{call}", *of) is False
    assert world.value("select is_archived from fn.ingest_widget(%s)", votes) is (kind != "placement")
    # Ingestion caches settings, so responses may still arrive for some seconds.
    assert world.ask(CONTINUE, "0", 10) == []
    world.ask(CONTINUE, "1 minute", 10)
    progress = world.dicts("select * from fn.deletions(%s, %s)", first.account_id, first.id)[0]
    assert progress["kind"] == kind
    assert progress["responses"] >= had - 10
    with pytest.raises(psycopg.Error, match="This project, widget or page is being deleted"):
        world.ask(f"select fn.{call}", *of)
    delete_all(world, 10)
    assert references(world, *gone) == {}  # type: ignore[arg-type]
    world.close(NOW)
    assert differences(world) == {}


def test_it_lets_no_restoring_in_between(two: tuple[World, Project, Project]) -> None:
    world, first, second = two
    large(world)
    world.ask("select fn.delete_project(%s, %s)", first.account_id, first.id)
    with pytest.raises(psycopg.Error, match="This project, widget or page is being deleted"):
        world.ask("select fn.unarchive_project(%s, %s)", first.account_id, first.id)
    world.ask("select fn.archive_project(%s, %s)", second.account_id, second.id)
    runs, gone = delete_all(world, 1000)
    assert runs == 1
    assert gone > 40


def test_it_deletes_one_response(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    response = world.send(votes, 1, NOW)
    other = world.project(account_id=project.account_id)
    with pytest.raises(psycopg.Error) as refused:
        world.ask("select fn.delete_project_response(%s, %s, %s)", other.account_id, other.id, response.id)
    assert refused.value.sqlstate == "FB404"
    world.ask("select fn.delete_project_response(%s, %s, %s)", project.account_id, project.id, response.id)
    assert world.value("select count(*) from response") == 0
    assert world.value("select count(*) from audit where what = 'response.deleted'") == 1
    world.refresh(NOW)
    assert differences(world) == {}
