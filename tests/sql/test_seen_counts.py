"""Seen counts: by placement and day, with their response rate, through merges and deletions."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.config import ROOT
from tests.support.merges import NOW, Model, build, merge, undo
from tests.support.sql_world import Project, Widget, World

TODAY = NOW.date()
FIGURES = "select count, responses, since, rate from fn.seen_figures(%s, %s, %s, %s, %s)"


def add(world: World, of: Widget, key: str, count: int, day: date = TODAY) -> None:
    """Count views of a widget at an address."""
    sql = "select fn.add_seen_counts(array[%s], array[%s], array[%s], array[%s], array[%s]::bigint[])"
    world.ask(sql, of.account_id, of.id, key, day, count)


def figures(
    world: World, of: Widget, placement_id: UUID | None = None, since: date | None = None, until: date | None = None
) -> Any:
    """Views, responses on their days, the first of these days and the rate; None without views."""
    rows = world.ask(FIGURES, of.account_id, of.id, placement_id, since, until)
    return rows[0] if rows else None


def widget(world: World) -> Widget:
    """A widget with a response today and two of the day before, all at /a."""
    of = world.widget(world.project(at=NOW - timedelta(days=90)))
    for days in (0, 1, 1):
        world.send(of, 1, NOW - timedelta(days=days))
    world.refresh(NOW)
    return of


def test_views_are_counted_by_placement_and_day(world: World) -> None:
    of = widget(world)
    placement = world.placement(of)
    assert figures(world, of) is None
    add(world, of, "/a", 3)
    add(world, of, "/a", 2)
    add(world, of, "/a", 4, TODAY - timedelta(days=1))
    assert figures(world, of, placement) == (9, 3, TODAY - timedelta(days=1), pytest.approx(3 / 9))
    assert figures(world, of, placement, TODAY, TODAY) == (5, 1, TODAY, pytest.approx(0.2))
    assert figures(world, of, placement, TODAY + timedelta(days=1)) is None
    other = widget(world)
    assert figures(world, other) is None
    assert world.value("call fn.reconcile(%s)", NOW) == 0


def test_an_address_without_responses_counts_for_its_widget_and_creates_no_page(world: World) -> None:
    of = widget(world)
    add(world, of, "/a", 3)
    add(world, of, "/b", 7)
    assert figures(world, of)[:2] == (10, 1)
    assert figures(world, of, world.placement(of))[:2] == (3, 1)
    assert world.value("select count(*) from page") == 1
    # The widget's are of all of its pages, so that its screen reads a row a day.
    rows = world.ask("select scope_id, count from seen_day order by count")
    assert rows == [(world.placement(of), 3), (of.id, 10)]


def test_the_rate_is_of_days_with_views_and_never_above_one(world: World) -> None:
    of = widget(world)
    add(world, of, "/a", 4)
    assert figures(world, of) == (4, 1, TODAY, 0.25)
    interval = world.value("select rate_interval from fn.seen_figures(%s, %s, null, null, null)", of.account_id, of.id)
    assert interval == world.value("select fn.wilson_interval(1, 4)")
    add(world, of, "/a", 1, TODAY - timedelta(days=1))
    assert figures(world, of) == (5, 3, TODAY - timedelta(days=1), pytest.approx(0.6))
    assert figures(world, of, until=TODAY - timedelta(days=1)) == (1, 2, TODAY - timedelta(days=1), None)


def test_an_archived_page_and_an_unknown_widget_count_nothing(world: World) -> None:
    of = widget(world)
    world.ask("update placement set archived_at = now()")
    add(world, of, "/a", 3)
    add(world, Widget(of.account_id, of.project_id, of.project_id), "/a", 3)
    add(world, Widget(of.project_id, of.project_id, of.id), "/a", 3)
    assert world.value("select count(*) from seen_day") == 0


def views(model: Model, of: Widget) -> dict[str, int]:
    """The views of a widget by address, as its page's screen has them."""
    ids = model.world.ask("select key, id from placement where widget_id = %s and target_id is null", of.id)
    rows = {key: figures(model.world, of, id) for key, id in ids}
    return {key: row[0] for key, row in rows.items() if row}


def test_views_go_with_a_merged_page_and_return_exactly(world: World) -> None:
    model, _ = build(world, 3)
    of = model.widgets[0]
    add(world, of, "/old", 5)
    add(world, of, "/new", 2)
    assert views(model, of) == {"/old": 5, "/new": 2}
    whole = figures(world, of)
    merge(model, "/old", "/new", 10**6)
    assert views(model, of) == {"/new": 7}
    assert figures(world, of) == whole
    add(world, of, "/old", 4)
    assert views(model, of) == {"/new": 11}
    undo(model, "/old", 10**6)
    assert views(model, of) == {"/old": 9, "/new": 2}


@pytest.mark.parametrize("statement", [
    "select fn.purge_placements({account}, array[(select id from placement where key = '/a')])",
    "select fn.purge_widget({account}, {widget})",
    "select fn.purge_project({account}, {project})",
    "select fn.purge_account({account})",
])  # fmt: skip
def test_they_are_deleted_with_what_they_are_of(world: World, statement: str) -> None:
    of, other = widget(world), widget(world)
    for each in (of, other):
        add(world, each, "/a", 3)
        add(world, each, "/b", 2)
    ids = {"account": of.account_id, "project": of.project_id, "widget": of.id}
    sql = statement.format(**{name: f"'{id}'" for name, id in ids.items()})
    world.ask(sql.replace("where key = '/a'", f"where key = '/a' and widget_id = '{of.id}'"))
    rest = world.ask("select scope_id, count from seen_day where account_id = %s", of.account_id)
    assert rest == ([(of.id, 2)] if "placements" in statement else [])
    assert figures(world, other)[0] == 5


def test_a_day_whose_views_are_all_deleted_has_none(world: World) -> None:
    of = widget(world)
    add(world, of, "/a", 3)
    add(world, of, "/a", 4, TODAY - timedelta(days=1))
    add(world, of, "/b", 2, TODAY - timedelta(days=1))
    world.ask("select fn.purge_placements(%s, array[%s])", of.account_id, world.placement(of))
    assert world.ask("select scope_id, day, count from seen_day") == [(of.id, TODAY - timedelta(days=1), 2)]


def test_the_migration_adds_up_the_pages_of_a_widget(world: World) -> None:
    of, rows = widget(world), "select * from seen_day order by scope_id, day"
    add(world, of, "/a", 3)
    add(world, of, "/a", 4, TODAY - timedelta(days=1))
    add(world, of, "/b", 2)
    added = world.ask(rows)
    for name, views in (("0260.seen_totals.rollback", [(TODAY, 2)]), ("0260.seen_totals", None)):
        for statement in (ROOT / f"migrations/{name}.sql").read_text().split(";\n")[:-1]:
            world.ask(statement)
        if views is not None:  # of pages without responses
            assert world.ask("select day, count from seen_day where scope_id = %s", of.id) == views
    assert world.ask(rows) == added


def test_retention_keeps_them_as_it_keeps_counts(world: World) -> None:
    of = widget(world)
    add(world, of, "/a", 3)
    world.ask("update project set retention_days = 1")
    world.ask("call fn.delete_expired_responses(%s)", NOW + timedelta(days=30))
    assert figures(world, of)[:2] == (3, 1)


def test_windows_and_screens_read_the_days_of_the_window(world: World) -> None:
    of = widget(world)
    add(world, of, "/a", 4)
    add(world, of, "/a", 6, TODAY - timedelta(days=10))
    world.refresh(NOW)
    scope = "select fn.scope_windows(%s, %s, %s, %s, false, true)::json"
    for kind, id in (("widget", of.id), ("placement", world.placement(of))):
        rows = world.value(scope, of.account_id, of.project_id, kind, id)
        by_days = {row["days"]: row["seen"]["count"] for row in rows}
        assert by_days == {1: 4, 7: 4, 30: 10, 90: 10, 365: 10}
    sql = "select count from fn.seen_counts(%s, %s, %s, _page_id => %s, _widget_id => %s, _now => %s)"
    page = world.page(Project(of.account_id, of.project_id))
    assert world.value(sql, of.account_id, of.project_id, "7d", None, of.id, NOW) == 4
    assert world.value(sql, of.account_id, of.project_id, "30d", page, None, NOW) == 10
    assert world.value(sql, of.account_id, of.project_id, "all", None, None, NOW) == 10
    with pytest.raises(psycopg.Error, match="no such project"):
        world.ask(sql, of.account_id, of.id, "7d", None, None, NOW)
