"""What differs from the rows is found, put right and recorded; what does not is left alone."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from app import config
from app.config import ROOT
from tests.support.recount import differences
from tests.support.serving import SECRET
from tests.support.sql_world import Widget, World, local

DAY = timedelta(days=1)
NOW = local("2026-09-15T12:00")
# A kind of damage, by what it is recorded as.
DAMAGE = {
    "a day that counts too many": ("day", "update tally_day set count = count + 3 where ctid = {tally_day}"),
    "a day that counts too few": ("day", "update tally_day set count = count - 1 where ctid = {tally_day}"),
    "a day that is gone": ("day", "delete from tally_day where ctid = {tally_day}"),
    "a day that is not in the rows": (
        "day",
        "insert into tally_day (account_id, placement_id, day, option_no, count)"
        " select account_id, id, '2026-09-03', 5, 7 from placement order by id desc limit 1",
    ),
    "a total that counts too many": ("total", "update tally set count = count + 3 where ctid = {tally}"),
    "a total that is gone": ("total", "delete from tally where ctid = {tally}"),
    "a day of a widget": ("widget", "update widget_day set count = count + 3 where ctid = {widget_day}"),
    "a day of a widget that is gone": ("widget", "delete from widget_day where ctid = {widget_day}"),
    "a window": ("window", "update placement_window set count = count + 3 where ctid = {placement_window}"),
    "a window before": ("window", "update placement_window set before = before + 3 where ctid = {placement_window}"),
    "a window that is gone": ("window", "delete from placement_window where ctid = {placement_window}"),
    "a window of a widget": ("window", "update widget_window set count = count + 3 where ctid = {widget_window}"),
    "a window of a widget that is gone": ("window", "delete from widget_window where ctid = {widget_window}"),
    "a score": ("window", "update placement_score set total = total + 3 where ctid = {placement_score}"),
    "a score that is gone": ("window", "delete from placement_score where ctid = {placement_score}"),
    "what was passed on": ("widget", "update tally_day set rolled = rolled + 3 where ctid = {tally_day}"),
    "a day of a project": ("project", "update project_day set count = count + 3 where ctid = {project_day}"),
    "a closed week": ("week", "update period_placement set total = total + 3 where ctid = {week}"),
    "a closed month that is gone": ("month", "delete from period_placement where ctid = {month}"),
    "a row that was lost": ("day", "delete from response where id = (select max(id::text)::uuid from response)"),
}


@pytest.fixture
def told(world: World) -> World:
    """Two projects with responses of some weeks, passed on and closed."""
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
    """Does one kind of damage, to the first row that it can be done to."""
    tables = ("tally_day", "tally", "widget_day", "project_day", "placement_window", "widget_window", "placement_score")
    rows = {name: f"(select ctid from {name} as t order by t::text limit 1)" for name in tables}
    for unit in ("week", "month"):
        rows[unit] = f"(select ctid from period_placement where unit = '{unit}' order by starts_on, scope_id limit 1)"
    world.ask(DAMAGE[what][1].format(**rows))


def reconcile(world: World, slice: int | None = None) -> int:
    """How many differences one run finds."""
    return int(world.value("select sum(differed) from fn.reconcile(%s::int, 96, %s)", slice, NOW))


@pytest.mark.parametrize("what", DAMAGE)
def test_it_finds_and_mends(told: World, what: str) -> None:
    assert reconcile(told) == 0
    damage(told, what)
    assert differences(told)
    assert reconcile(told) > 0
    told.close(NOW)
    assert differences(told) == {}
    recorded = told.ask("select what, counted, actual from reconciliation")
    assert DAMAGE[what][0] in {kind for kind, _, _ in recorded}
    assert {detected_at for (detected_at,) in told.ask("select detected_at from reconciliation")} == {NOW}
    assert reconcile(told) == 0
    assert told.value("select count(*) from reconciliation") == len(recorded)


@pytest.mark.parametrize("what", DAMAGE)
def test_it_goes_over_everything_in_the_slices_of_a_day(told: World, what: str) -> None:
    damage(told, what)
    found = 0
    for quarter in range(96):
        now = NOW + quarter * timedelta(minutes=15)
        found += told.value("select fn.reconcile_slice(%s)", now)
        told.refresh(now)
    assert found > 0
    told.close(NOW + DAY)
    assert differences(told) == {}


def test_it_says_what_it_records(told: World) -> None:
    placement, day = told.ask("select placement_id, day from tally_day where count = 1 and option_no = 1 limit 1")[0]
    told.ask("update tally_day set count = 5 where placement_id = %s and day = %s and option_no = 1", placement, day)
    assert told.ask("select what, differed from fn.reconcile(null, 96, %s) where differed > 0", NOW) == [("days", 1)]
    wanted = [("day", placement, day, 1, 5, 1)]
    assert told.ask("select what, placement_id, day, option_no, counted, actual from reconciliation") == wanted


def test_it_passes_on_what_nobody_noted(told: World) -> None:
    told.send(Widget(*told.ask("select account_id, project_id, id from widget order by created_at limit 1")[0]), 1, NOW)
    told.refresh(NOW + DAY)  # gathers it; then its note is lost, and with it all that led to it
    told.ask("update tally_day set rolled = 0 where day = '2026-09-15'")
    told.ask("update widget_day set count = 0 where day = '2026-09-15'")
    told.ask("delete from tally_change")
    reconcile(told)
    told.close(NOW + DAY)
    assert differences(told) == {}


def test_it_leaves_what_retention_took_alone(told: World) -> None:
    told.ask("update project set retention_days = 10 where time_zone = 'Europe/Rome'")
    told.ask("select * from fn.delete_expired_responses(%s, 1)", NOW)  # not all in one run
    left = told.value("select count(*) from response where counted_on < '2026-09-05'")
    assert left > 0
    totals = "select placement_id, option_no, count from tally order by 1, 2"
    had = told.ask(totals)
    assert reconcile(told) == 0
    assert told.ask(totals) == had


def test_it_finds_no_difference_while_responses_come_in(told: World) -> None:
    stop, faults = threading.Event(), []
    widgets = [Widget(*row) for row in told.ask("select account_id, project_id, id from widget")]

    def ingest(n: int) -> None:
        world = World(told.dsn)
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
        world = World(told.dsn)
        try:
            while not stop.is_set():
                world.ask("call fn.refresh_stats()")
                world.ask("select fn.close_periods()")
        except Exception as error:
            faults.append(error)
        finally:
            world.close_connection()

    threads = [threading.Thread(target=ingest, args=(n,)) for n in range(2)] + [threading.Thread(target=refresh)]
    for thread in threads:
        thread.start()
    found, end = set(), time.monotonic() + 3
    while time.monotonic() < end:
        found.add(told.value("select sum(differed) from fn.reconcile()"))
    stop.set()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert found == {0}
    told.ask("call fn.refresh_stats()")
    told.ask("select fn.close_periods()")
    assert differences(told) == {}
    assert told.value("select count(*) from response") > 100


def test_it_forgets_old_differences(told: World) -> None:
    damage(told, "a total that is gone")
    reconcile(told)
    assert told.value("select fn.purge_batch('delete old reconciliations', %s)", NOW + 399 * DAY) == 0
    assert told.value("select fn.purge_batch('delete old reconciliations', %s)", NOW + 401 * DAY) > 0


def feelback(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What the command line does on the test's database."""
    names = {name.upper() for name in config.names()}
    inherited = {name: text for name, text in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, env={**inherited, "DATABASE_URL": world.dsn, "SECRET_KEY": SECRET},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_reconciles_through_the_command_line(told: World) -> None:
    told.refresh(datetime.now(UTC))
    clean = feelback(told, "reconcile")
    assert clean.returncode == 0, clean.stderr
    assert [line.split()[-2] for line in clean.stdout.splitlines()] == ["0"] * 5
    damage(told, "a total that counts too many")
    found = feelback(told, "reconcile")
    assert found.returncode == 1
    assert [line.split()[-2] for line in found.stdout.splitlines()] == ["0", "1", "0", "0", "0"]
    assert feelback(told, "reconcile").returncode == 0


def test_it_shows_and_runs_jobs_through_the_command_line(told: World) -> None:
    shown = feelback(told, "jobs")
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) == told.value("select count(*) from fn.job")
    assert "never" in shown.stdout
    ran = feelback(told, "jobs", "run", "refresh stats")
    assert (ran.returncode, ran.stdout.startswith("refresh stats: done in ")) == (0, True), ran.stderr
    line = next(line for line in feelback(told, "jobs").stdout.splitlines() if line.startswith("refresh stats"))
    assert line.endswith("ok")
    assert told.value("select last_success is not null from fn.job_health() where name = 'refresh stats'")
    unknown = feelback(told, "jobs", "run", "nothing")
    assert unknown.returncode != 0
    assert "There is no job nothing." in unknown.stderr
