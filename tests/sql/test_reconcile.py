"""Aggregates that differ from the rows are detected, corrected and recorded; others stay untouched."""

import os
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from app import config
from app.config import ROOT
from tests.support.recount import differences
from tests.support.serving import SECRET
from tests.support.sql_world import Response, Widget, World, local

DAY = timedelta(days=1)
NOW = local("2026-09-15T12:00")
# Kinds of damage: the name of the recorded difference, and the statement.
DAMAGE = {
    "a day that counts too many": ("tally_day", "update tally_day set count = count + 3 where {tally_day}"),
    "a day that counts too few": ("tally_day", "update tally_day set count = count - 1 where {tally_day}"),
    "a day that is gone": ("tally_day", "delete from tally_day where {tally_day}"),
    "a day that is not in the rows": (
        "tally_day",
        "insert into tally_day (account_id, placement_id, day, option_no, count)"
        " select account_id, id, '2026-09-03', 5, 7 from placement order by id desc limit 1",
    ),
    "a total that counts too many": ("tally", "update tally set count = count + 3 where {tally}"),
    "a total that is gone": ("tally", "delete from tally where {tally}"),
    "a day of a widget": ("widget_day", "update widget_day set count = count + 3 where {widget_day}"),
    "a day of a widget that is gone": ("widget_day", "delete from widget_day where {widget_day}"),
    "a window": ("placement_window", "update placement_window set count = count + 3 where {placement_window}"),
    "a window before": (
        "placement_window",
        "update placement_window set before = before + 3 where {placement_window}",
    ),
    "a window that is gone": ("placement_window", "delete from placement_window where {placement_window}"),
    "a window of a widget": (
        "widget_window",
        "update widget_window set count = count + 3 where {widget_window}",
    ),
    "a window of a widget that is gone": ("widget_window", "delete from widget_window where {widget_window}"),
    "a score": ("placement_score", "update placement_score set total = total + 3 where {placement_score}"),
    "a score that is gone": ("placement_score", "delete from placement_score where {placement_score}"),
    "what was passed on": ("tally_day", "update tally_day set rolled = rolled + 3 where {tally_day}"),
    "a day of a project": ("project_day", "update project_day set count = count + 3 where {project_day}"),
    "a closed week": ("period", "update period_placement set total = total + 3 where {week}"),
    "a closed month that is gone": ("period", "delete from period_placement where {month}"),
    "a row that was lost": ("tally_day", "delete from response where {response}"),
}


@pytest.fixture
def counted_world(world: World) -> World:
    """Two projects with responses of some weeks, rolled up and closed."""
    for zone in ("Europe/Rome", "America/New_York"):
        project = world.project(zone, NOW - 40 * DAY)
        for type in ("updown", "rating"):
            to = world.widget(project, type)
            for n in range(12):
                world.send(to, 1 + n % 2, NOW - 3 * n * DAY, "/a" if n % 3 else "/b")
    world.close(NOW)
    assert differences(world) == {}
    return world


def damage(world: World, what: str) -> None:
    """Apply one kind of damage to the first row possible."""
    _, statement = DAMAGE[what]
    (name,) = re.findall(r"{(\w+)}", statement) or [""]
    if name in ("week", "month"):
        (row,) = world.rows("period_placement", f"unit = '{name}'", "starts_on, scope_id")
    else:
        (row,) = world.rows(name) if name else [""]
    world.ask(statement.format(**{name: row}))


def reconcile(world: World) -> int:
    """The number of differences that one run finds."""
    return int(world.value("call fn.reconcile(%s)", NOW))


@pytest.mark.parametrize("what", DAMAGE)
def test_it_finds_and_mends(counted_world: World, what: str) -> None:
    assert reconcile(counted_world) == 0
    damage(counted_world, what)
    assert differences(counted_world)
    assert reconcile(counted_world) > 0
    counted_world.close(NOW)
    assert differences(counted_world) == {}
    recorded = counted_world.ask("select what from reconciliation")
    assert (DAMAGE[what][0],) in recorded
    assert {detected_at for (detected_at,) in counted_world.ask("select detected_at from reconciliation")} == {NOW}
    assert reconcile(counted_world) == 0
    assert counted_world.value("select count(*) from reconciliation") == len(recorded)


def test_it_goes_over_every_project_once_a_day(counted_world: World) -> None:
    extra = counted_world.project("Asia/Kathmandu", NOW)
    counted_world.refresh(NOW)
    checked = "select count(*) filter (where checked_at = %s), count(*) from reconcile_result"
    counted_world.ask("call fn.reconcile(%s, true)", NOW)
    assert counted_world.ask(checked, NOW) == [(3, 3)]
    counted_world.ask("update reconcile_result set started_at = %s where project_id = %s", NOW - DAY, extra.id)
    later = NOW + timedelta(minutes=15)
    damage(counted_world, "a total that is gone")
    assert counted_world.value("call fn.reconcile(%s, true)", later) == 0  # of those two it is not the turn
    assert counted_world.ask(checked, later) == [(1, 3)]
    counted_world.refresh(NOW + DAY)
    assert counted_world.value("call fn.reconcile(%s, true)", NOW + DAY) == 1
    # A clock that was ahead is not waited for.
    counted_world.ask("update reconcile_result set started_at = %s", NOW + 60 * DAY)
    damage(counted_world, "a total that is gone")
    assert counted_world.value("call fn.reconcile(%s, true)", NOW + DAY) == 1


def test_it_stores_the_result_of_each_project(counted_world: World) -> None:
    assert reconcile(counted_world) == 0
    result = (
        "select checked > 100, differed, checked_at, differed_at, error from reconcile_result order by differed desc"
    )
    assert counted_world.ask(result) == [(True, 0, NOW, None, None)] * 2
    damage(counted_world, "a closed week")
    later = NOW + timedelta(hours=1)
    assert counted_world.value("call fn.reconcile(%s)", later) == 1
    assert counted_world.ask(result) == [(True, 1, later, later, None), (True, 0, later, None, None)]
    last = NOW + timedelta(hours=2)
    assert counted_world.value("call fn.reconcile(%s)", last) == 0
    assert counted_world.ask(f"{result}, differed_at") == [(True, 0, last, later, None), (True, 0, last, None, None)]


def test_it_goes_on_where_a_project_cannot_be_compared(counted_world: World) -> None:
    """Such as one with an option that is no number."""
    broken, sound = (id for (id,) in counted_world.ask("select id from project order by created_at, id"))
    counted_world.ask(
        "update option set value = 'many' where no = 1 and widget_id ="
        " (select id from widget where type = 'rating' and project_id = %s)", broken
    )  # fmt: skip
    assert counted_world.ask("call fn.reconcile(%s)", NOW)[0][2] == 1
    results = dict(counted_world.ask("select project_id, coalesce(error, '') from reconcile_result"))
    assert "invalid input syntax" in results[broken]
    assert results[sound] == ""
    with pytest.raises(psycopg.Error, match="1 projects could not be reconciled"):
        counted_world.ask("call fn.reconcile(%s, true)", NOW + DAY)  # the job fails, and so is seen
    checked = "select checked_at from reconcile_result where project_id = %s"
    assert counted_world.value(checked, broken) is None
    assert counted_world.value(checked, sound) == NOW + DAY


def test_a_pending_change_excuses_no_other_page(counted_world: World) -> None:
    to = Widget(*counted_world.ask("select account_id, project_id, id from widget order by created_at limit 1")[0])
    old = counted_world.ask(
        "select account_id, id from response where widget_id = %s order by created_at limit 1", to.id
    )
    counted_world.remove(Response(*old[0]))
    counted_world.refresh(NOW)
    assert counted_world.value("select count(*) from period_change") > 0
    other = counted_world.value(
        "select scope_id from period_placement where project_id = %s and unit = 'week' order by starts_on desc limit 1",
        to.project_id,
    )
    counted_world.ask("update period_placement set total = total + 1000 where scope_id = %s and unit = 'week'", other)
    assert reconcile(counted_world) > 0
    assert counted_world.value("select max(total) from period_placement") < 1000
    counted_world.close(NOW)
    assert differences(counted_world) == {}


def test_it_takes_back_what_a_clock_that_was_ahead_has_done(counted_world: World) -> None:
    ahead = NOW + 60 * DAY
    counted_world.close(ahead)
    days = "select max(through) from project_roll"
    assert counted_world.value(days) > NOW.date()
    assert reconcile(counted_world) > 0
    assert counted_world.value(days) == NOW.date()
    assert counted_world.value("select max(starts_on) from period_close where unit = 'month'") == date(2026, 8, 1)
    assert counted_world.value("select max(starts_on) from period") < NOW.date()
    assert counted_world.value("select sum(total) from placement_score where days = 7") > 0
    counted_world.ask("update roll_up set gathered_at = %s", NOW)
    counted_world.close(NOW)
    assert differences(counted_world) == {}


def test_it_deletes_what_belongs_to_nothing(counted_world: World) -> None:
    stray = (
        "insert into {table} select (jsonb_populate_record(t, jsonb_build_object('{column}', gen_random_uuid()))).*"
        " from {table} as t limit 1"
    )
    for table, column in (
        ("project_day", "project_id"),
        ("placement_window", "placement_id"),
        ("tally", "placement_id"),
    ):
        counted_world.ask(stray.format(table=table, column=column))
    assert reconcile(counted_world) == 3
    assert differences(counted_world) == {}


def test_it_passes_on_what_nobody_noted(counted_world: World) -> None:
    counted_world.send(
        Widget(*counted_world.ask("select account_id, project_id, id from widget order by created_at limit 1")[0]),
        1,
        NOW,
    )
    counted_world.refresh(NOW + DAY)  # gathers it; then its row in tally_change is lost
    counted_world.ask("update tally_day set rolled = 0 where day = '2026-09-15'")
    counted_world.ask("update widget_day set count = 0 where day = '2026-09-15'")
    counted_world.ask("delete from tally_change")
    reconcile(counted_world)
    counted_world.close(NOW + DAY)
    assert differences(counted_world) == {}


def test_it_leaves_what_retention_took_alone(counted_world: World) -> None:
    counted_world.ask("update project set retention_days = 10 where time_zone = 'Europe/Rome'")
    for project in counted_world.ask(
        "select s.* from fn.retention_accounts() as a, fn.start_retention(a, %s) as s", NOW
    ):
        counted_world.ask("select * from fn.delete_expired_batch(%s, %s, %s, %s, 3)", *project)  # not all of them
    left = counted_world.value("select count(*) from response where counted_on < '2026-09-05'")
    assert left > 0
    totals = "select placement_id, option_no, count from tally order by 1, 2"
    had = counted_world.ask(totals)
    assert reconcile(counted_world) == 0
    assert counted_world.ask(totals) == had


def test_it_finds_no_difference_while_responses_come_in(counted_world: World) -> None:
    stop, faults = threading.Event(), []
    widgets = [Widget(*row) for row in counted_world.ask("select account_id, project_id, id from widget")]

    def ingest(n: int) -> None:
        world = World(counted_world.dsn)
        try:
            while not stop.is_set():
                for to in widgets:
                    responses = [world.send(to, 1, datetime.now(UTC), "/a") for _ in range(3)]
                    world.edit(responses[0], 2)
                    world.remove(responses[1])
        except Exception as error:
            faults.append(error)
        finally:
            world.close_connection()

    def refresh() -> None:
        world = World(counted_world.dsn)
        try:
            while not stop.is_set():
                world.ask("call fn.refresh_stats()")
                world.ask("call fn.run_by_account('{close periods}')")
        except Exception as error:
            faults.append(error)
        finally:
            world.close_connection()

    threads = [threading.Thread(target=ingest, args=(n,)) for n in range(2)] + [threading.Thread(target=refresh)]
    for thread in threads:
        thread.start()
    # As long as a busy machine needs to bring in enough responses, and a minute at most.
    sums, start = set(), time.monotonic()
    while time.monotonic() < start + 3 or counted_world.value("select count(*) from response") <= 100:
        sums.add(counted_world.value("call fn.reconcile()"))
        if faults or time.monotonic() > start + 60:
            break
    stop.set()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert sums == {0}, counted_world.ask("select what, to_jsonb(r)::text from reconciliation as r")
    counted_world.ask("call fn.refresh_stats()")
    counted_world.ask("call fn.run_by_account('{close periods}')")
    assert differences(counted_world) == {}
    assert counted_world.value("select count(*) from response") > 100


def test_it_forgets_old_differences(counted_world: World) -> None:
    damage(counted_world, "a total that is gone")
    reconcile(counted_world)
    assert counted_world.value("call fn.run_by_account('{delete old reconciliations}', %s)", NOW + 399 * DAY) == 0
    assert counted_world.value("call fn.run_by_account('{delete old reconciliations}', %s)", NOW + 401 * DAY) > 0


def feelback(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line on the test's database."""
    names = {name.upper() for name in config.names()}
    inherited = {name: text for name, text in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, env={**inherited, "DATABASE_URL": world.dsn, "SECRET_KEY": SECRET},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_reconciles_through_the_command_line(counted_world: World) -> None:
    counted_world.refresh(datetime.now(UTC))
    clean = feelback(counted_world, "reconcile")
    assert clean.returncode == 0, clean.stderr
    assert ", 0 differed" in clean.stdout
    damage(counted_world, "a total that counts too many")
    process = feelback(counted_world, "reconcile")
    assert process.returncode == 1
    assert ", 1 differed" in process.stdout
    assert re.search(r"^  tally +1 differed$", process.stdout, re.M)
    assert feelback(counted_world, "reconcile").returncode == 0


def test_it_shows_and_runs_jobs_through_the_command_line(counted_world: World) -> None:
    process = feelback(counted_world, "jobs")
    assert process.returncode == 0, process.stderr
    assert len(process.stdout.splitlines()) == counted_world.value("select count(*) from fn.job")
    assert "never" in process.stdout
    ran = feelback(counted_world, "jobs", "run", "refresh stats")
    assert (ran.returncode, ran.stdout.startswith("refresh stats: done in ")) == (0, True), ran.stderr
    line = next(
        line for line in feelback(counted_world, "jobs").stdout.splitlines() if line.startswith("refresh stats")
    )
    assert line.endswith("ok")
    assert counted_world.value("select last_success is not null from fn.job_health() where name = 'refresh stats'")
    unknown = feelback(counted_world, "jobs", "run", "nothing")
    assert unknown.returncode != 0
    assert "There is no job nothing." in unknown.stderr
