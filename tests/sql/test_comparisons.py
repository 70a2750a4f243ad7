"""What windows are compared with: the same elapsed time before, or nothing.

EVERY_OVERVIEW=1 asks each hour for the overview in every zone, not in a third of them.
"""

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text import numbers
from tests.support.recount import differences
from tests.support.settings import CITUS
from tests.support.sql_world import Project, Widget, World, local

EVERY_OVERVIEW = os.environ.get("EVERY_OVERVIEW") == "1"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = (
    "UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
    "America/Havana", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Kiritimati",
)  # fmt: skip
# Days on and after which clocks change somewhere: two days at each, with every hour.
CHANGES = (
    "2026-03-08",
    "2026-03-29",
    "2026-04-05",
    "2026-04-24",
    "2026-10-04",
    "2026-10-25",
    "2026-10-30",
    "2026-11-01",
)
STEADY = """
    with stored as (
        insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at)
        select c.account_id, fn.uuid_v7(t.at), c.widget_id, c.id, 1, (t.at at time zone p.time_zone)::date, t.at
        from placement as c
        join widget as w on w.account_id = c.account_id and w.id = c.widget_id
        join project as p on p.account_id = w.account_id and p.id = w.project_id
        cross join generate_series(%s::timestamptz, %s::timestamptz, %s::interval) as t (at)
        where c.widget_id = any (%s)
        returning account_id, placement_id, option_no, counted_on
    ), counted as (
        select account_id, placement_id, option_no, counted_on, count(*)::integer as n from stored group by 1, 2, 3, 4
    )
    select fn.add_tallies(
        array_agg(account_id), array_agg(placement_id), array_agg(option_no), array_agg(counted_on), array_agg(n)
    ) from counted
"""


def steady(world: World, widgets: list[Widget], since: datetime, until: datetime, every: timedelta) -> None:
    """Stores a response of each widget at regular times."""
    months = (until.year - since.year) * 12 + until.month - since.month
    world.ask("select fn.create_partitions(%s, %s)", since, months + 1)
    for to in widgets:
        world.ask(
            "select fn.create_placements(array[%s]::uuid[], array[%s]::uuid[], array['/a'], 10, %s)",
            to.account_id, to.id, since,
        )  # fmt: skip
    for account_id in {to.account_id for to in widgets}:
        world.ask(STEADY, since, until, every, [to.id for to in widgets if to.account_id == account_id])


def rows(world: World, project: Project) -> dict[int, dict[str, Any]]:
    """The windows of a project, by their days."""
    sql = "select * from fn.project_windows(%s, %s)"
    return {row["days"]: row for row in world.dicts(sql, project.account_id, project.id)}


def screen(world: World, project: Project, days: int | None, at: datetime, *range: date) -> dict[str, Any]:
    """The window that the overview shows."""
    sql = "select * from fn.project_window(%s, %s, %s::smallint, %s, %s, %s)"
    return world.dicts(sql, project.account_id, project.id, days, *(range or (None, None)), at)[0]


# Of every project, its windows, and of those in some zones what the overview shows of them.
SCREENS = """
    select p.time_zone, w.days, w.total, w.compared, w.before, s.responses, s.compared, s.before
    from project as p
    cross join fn.project_windows(p.account_id, p.id) as w
    left join lateral fn.project_window(p.account_id, p.id, w.days, _now => %s) as s on p.time_zone = any (%s)
"""
CUSTOM = """
    select p.time_zone, d.*, s.compared, s.before
    from project as p
    join project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    cross join (values (11, 0), (40, 0), (20, 3), (47, 5)) as d (first, last)
    cross join fn.project_window(
        p.account_id, p.id, null::smallint, r.through - d.first, r.through - d.last, _now => %s
    ) as s
"""


def assert_no_change(world: World, at: datetime, zones: Sequence[str], covered: Sequence[int], offset: int = 0) -> None:
    """Checks all windows of all projects, and as the overview shows them: each third, from `offset` on."""
    in_overview = {zone for n, zone in enumerate(zones, start=offset) if EVERY_OVERVIEW or n % 3 == 0}
    windows = world.ask(SCREENS, at, list(in_overview))
    assert len(windows) == 5 * len(zones)
    for zone, days, total, compared, before, *overview in windows:
        if zone in in_overview:
            assert overview == [total, compared, before], (zone, at, days)
        assert total >= compared  # what is stored already of the rest of today counts, but is not compared
        if days in covered:
            assert compared == before > 0, (zone, at, days)
            assert numbers.change(compared, before) == ("no change", "flat")
        else:
            assert before is None, (zone, at, days)


def test_a_steady_site_shows_no_change_at_any_hour_in_any_zone(world: World) -> None:
    since = local("2025-09-01")
    accounts = [world.account() for _ in range(5)]
    widgets = [world.widget(world.project(zone, since, accounts[n % 5])) for n, zone in enumerate(ZONES)]
    # On a cluster, where it would take an hour, fewer days and hours.
    for n, day in enumerate(CHANGES[: 1 if CITUS else None]):
        until = local(day) + 2 * DAY
        steady(world, widgets, since, until, timedelta(minutes=30))
        since = until + timedelta(minutes=30)
        world.ask("analyze")  # no autovacuum does
        for hour in range(-12, 26, 12 if CITUS else 1):
            at = local(day) + hour * HOUR + timedelta(minutes=30)
            world.refresh(at)
            # Each zone's overview is seen at every hour of the day, if not on every day.
            assert_no_change(world, at, ZONES, (1, 7, 30, 90), offset=hour + n)
            if hour % 6 == 0:
                for zone, first, last, compared, before in world.ask(CUSTOM, at):
                    assert compared == before > 0, (zone, at, first, last)
        assert differences(world) == {}
    world.ask("select fn.refresh_leaders()")
    # As in fn.leaders: where the time before is not covered, nothing rises or falls.
    covered = "select kind from mv.leader as l where days = any (fn.covered_windows(l.account_id, l.project_id))"
    assert {kind for (kind,) in world.ask(covered)} == {"most", "best"}


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Australia/Lord_Howe"])
def test_a_steady_year_shows_no_change(world: World, zone: str) -> None:
    at = local("2026-11-01T18:30", zone)
    steady(world, [world.widget(world.project(zone, at - 740 * DAY))], at - 738 * DAY, at + DAY, timedelta(minutes=30))
    world.ask("analyze")
    for hour in range(0, 24, 5):
        world.refresh(at + hour * HOUR)
        assert_no_change(world, at + hour * HOUR, [zone], (1, 7, 30, 90, 365))
    assert differences(world) == {}


def test_24_hours_are_full_hours_and_the_same_everywhere(world: World) -> None:
    at = local("2026-11-26T23:06")
    project = world.project("UTC", at - 9 * DAY)
    votes = world.widget(project)
    steady(world, [votes], at - 3 * DAY, at, timedelta(minutes=1))
    world.refresh(at)
    assert (rows(world, project)[1]["total"], rows(world, project)[1]["before"]) == (1440, 1440)
    overview = screen(world, project, 1, at)
    assert (overview["responses"], overview["before"]) == (1440, 1440)
    # Until two minutes after it, an hour is not over: its responses may still be on their way.
    world.refresh(at + timedelta(minutes=55))
    assert screen(world, project, 1, at)["counted_until"] == datetime(2026, 11, 26, 23)
    world.refresh(at + timedelta(minutes=56))
    assert screen(world, project, 1, at)["counted_until"] == datetime(2026, 11, 27)


@pytest.mark.parametrize(("age", "days"), [(13, 7), (14, 7), (64, 30), (65, 30)])
def test_there_is_no_change_where_the_project_is_younger_than_the_comparison(world: World, age: int, days: int) -> None:
    at = local("2026-11-26T12:30")
    project = world.project("UTC", at - 400 * DAY)  # made long ago: what counts is the first response
    votes = world.widget(project)
    steady(world, [votes], at - age * DAY, at, timedelta(hours=1))
    world.refresh(at)
    row, overview = rows(world, project)[days], screen(world, project, days, at)
    covered = age in (14, 65)
    assert (row["before"] is not None) is covered is (overview["before"] is not None)
    assert (row["is_change"] is not None) is covered
    world.ask("select fn.refresh_leaders()")
    sql = "select kind, before, change from fn.leaders(%s, %s, %s::smallint)"
    leaders = world.ask(sql, project.account_id, project.id, days)
    assert leaders
    assert {kind for kind, _, _ in leaders} <= {"most", "best"}
    assert all((before is not None) is covered for _, before, _ in leaders)


def test_weekdays_are_matched_from_30_days_on(world: World) -> None:
    assert [world.value("select fn.comparison_days(%s)", n) for n in (1, 7, 10, 29, 30, 35, 90, 365)] == [
        1, 7, 10, 29, 35, 35, 91, 371,
    ]  # fmt: skip
    at = local("2026-11-24T12:30")
    project = world.project("UTC", at - 200 * DAY)
    votes = world.widget(project)
    steady(world, [votes], at - 199 * DAY, at, timedelta(hours=6))
    # A site that is busier at weekends.
    for n in range(198):
        if (at - n * DAY).weekday() >= 5:
            for _ in range(3):
                world.send(votes, 2, at - n * DAY)
    world.refresh(at)
    for days in (7, 30, 90):
        assert rows(world, project)[days]["compared"] == rows(world, project)[days]["before"]


def test_leaders_never_contradict_the_totals(world: World) -> None:
    at = local("2026-11-24T12:10")
    project = world.project("UTC", at - 60 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, at - 50 * DAY)
    for n in range(10):
        world.send(votes, 1, at - 8 * DAY, "/fall")
        world.send(votes, 1, at - DAY - n * HOUR, "/rise")
    world.refresh(at)
    world.ask("select fn.refresh_leaders()")
    sql = "select kind, key, total, compared, before from fn.leaders(%s, %s, 7::smallint)"
    assert ("fall", "/fall", 0, 0, 10) in world.ask(sql, project.account_id, project.id)
    for _ in range(12):  # since then
        world.send(votes, 2, at + timedelta(minutes=3), "/fall")
    world.refresh(at + timedelta(minutes=4))
    leaders = world.ask(sql, project.account_id, project.id)
    assert ("rise", "/rise", 10, 10, 0) in leaders
    assert ("fall", "/fall", 12, 0, 10) in leaders  # they are compared when the hour is over
    world.refresh(at + HOUR)
    leaders = world.ask(sql, project.account_id, project.id)
    assert "fall" not in {kind for kind, *_ in leaders}
    most = {key: count for kind, key, count, _, _ in leaders if kind == "most"}
    assert most == {"/rise": 10}
    world.ask("select fn.refresh_leaders()")
    most = {key: n for kind, key, n, _, _ in world.ask(sql, project.account_id, project.id) if kind == "most"}
    assert most == {"/rise": 10, "/fall": 12}
    assert sum(most.values()) == rows(world, project)[7]["total"]


def test_a_refresh_with_a_wrong_clock_repairs_itself(world: World) -> None:
    at = local("2026-11-25T12:30")
    project = world.project("UTC", at - 100 * DAY)
    votes = world.widget(project)
    for n in range(90):
        world.send(votes, 1, at - n * DAY)
    world.close(at)
    closed = world.ask("select * from period_close order by unit")
    world.ask(
        "insert into recap_turn (account_id, project_id, unit, starts_on) values (%s, %s, 'week', '2026-11-16')",
        project.account_id, project.id,
    )  # fmt: skip
    world.close(at + 60 * DAY)
    world.ask("update recap_turn set starts_on = '2027-01-18'")
    for _ in range(50):
        world.send(votes, 1, at + timedelta(minutes=5))
    world.close(at + timedelta(minutes=6))
    assert rows(world, project)[7]["total"] == 57
    assert world.value("select through from project_roll") == at.date()
    assert world.ask("select * from period_close order by unit") == closed
    assert world.value("select max(starts_on) from period where unit = 'week'") == date(2026, 11, 16)
    assert world.value("select starts_on from recap_turn") == date(2026, 11, 16)
    assert differences(world) == {}
    # And it goes on from there.
    assert world.close(at + 7 * DAY) == 2
    assert differences(world) == {}


def test_a_change_of_zone_back_and_forth_shows_no_tomorrow(world: World) -> None:
    at = local("2026-11-25T11:30")
    project = world.project("Europe/Rome", at - 100 * DAY)
    votes = world.widget(project)
    for n in range(90):
        world.send(votes, 1, at - n * DAY)
    world.refresh(at)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Rome"):
        sql = "select fn.update_project(%s, %s, jsonb_build_object('time_zone', %s::text), %s)"
        world.ask(sql, project.account_id, project.id, zone, at)
        today = world.value("select (%s::timestamptz at time zone %s)::date", at, zone)
        assert screen(world, project, 7, at)["to_day"] == today
        assert world.value("select through from project_roll") == today
        world.refresh(at)
        assert differences(world) == {}
    assert rows(world, project)[7]["total"] == 7


def test_a_trend_ends_today_in_the_project_s_zone(world: World) -> None:
    at = local("2026-11-25T20:30")
    project = world.project("Pacific/Auckland", at - 9 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, at)
    world.refresh(at)
    sql = "select day, responses from fn.project_days(%s, %s, null, null, null, %s)"
    days = world.ask(sql, project.account_id, project.id, at)
    assert (len(days), days[-1]) == (30, (date(2026, 11, 26), 1))


def test_a_deleted_day_counts_evenly_in_the_comparison(world: World) -> None:
    at = local("2026-11-25T12:30")
    project = world.project("UTC", at - 100 * DAY)
    votes = world.widget(project)
    steady(world, [votes], at - 90 * DAY, at, timedelta(hours=1))
    world.ask("update project set retained_from = %s where id = %s", (at - 20 * DAY).date(), project.id)
    world.ask("delete from response where counted_on < %s", (at - 20 * DAY).date())
    world.refresh(at)
    assert rows(world, project)[30]["compared"] == rows(world, project)[30]["before"] == 29 * 24 + 12


@settings(max_examples=200, deadline=None)
@given(now=st.integers(0, 10**6), before=st.integers(0, 10**6))
def test_python_and_sql_agree_on_what_is_a_change(now: int, before: int) -> None:
    assert numbers.is_change(now, before) is (abs(now - before) ** 2 > 1.96**2 * (now + before))


def test_python_and_sql_agree_on_the_interval_of_a_share(world: World) -> None:
    for part, whole in [(0, 1), (3, 4), (4, 4), (50, 100), (1, 10**6)]:
        assert world.value("select fn.wilson_interval(%s, %s)", part, whole) == pytest.approx(
            list(numbers.share_interval(part, whole) or ())
        )
    assert world.value("select fn.wilson_interval(0, 0)") is numbers.share_interval(0, 0) is None


def test_a_change_is_more_than_chance(world: World) -> None:
    pairs = [(0, 0), (3, 0), (4, 0), (0, 4), (12, 9), (20, 8), (1000, 1100), (1_000_000, 1_003_000)]
    assert [world.value("select fn.is_change(%s, %s)", *pair) for pair in pairs] == [
        numbers.is_change(*pair) for pair in pairs
    ]
    assert [numbers.change(*pair)[0] for pair in pairs[:6]] == [
        "no change", "no clear change", "new", "−100 %", "no clear change", "+150 %",
    ]  # fmt: skip
    assert numbers.change(7, None) == ("", "flat")
    shares = [(8, 10, 4, 10), (80, 100, 40, 100), (1, 1, 0, 1), (800, 1000, 790, 1000)]
    assert [world.value("select fn.is_share_change(%s, %s, %s, %s)", *each) for each in shares] == [
        False, True, False, False,
    ]  # fmt: skip
    assert world.value("select fn.is_share_change(1, 1, 0, 0)") is None
