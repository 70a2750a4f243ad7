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
def counted_world(world: World) -> World:
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
def test_it_finds_and_mends(counted_world: World, what: str) -> None:
    assert reconcile(counted_world) == 0
    damage(counted_world, what)
    assert differences(counted_world)
    assert reconcile(counted_world) > 0
    counted_world.close(NOW)
    assert differences(counted_world) == {}
    recorded = counted_world.ask("select what, counted, actual from reconciliation")
    assert DAMAGE[what][0] in {kind for kind, _, _ in recorded}
    assert {detected_at for (detected_at,) in counted_world.ask("select detected_at from reconciliation")} == {NOW}
    assert reconcile(counted_world) == 0
    assert counted_world.value("select count(*) from reconciliation") == len(recorded)


@pytest.mark.parametrize("what", DAMAGE)
def test_it_goes_over_everything_in_the_slices_of_a_day(counted_world: World, what: str) -> None:
    damage(counted_world, what)
    total = 0
    for quarter in range(96):
        now = NOW + quarter * timedelta(minutes=15)
        total += counted_world.value("select fn.reconcile_slice(%s)", now)
        counted_world.refresh(now)
    assert total > 0
    counted_world.close(NOW + DAY)
    assert differences(counted_world) == {}


def test_it_says_what_it_records(counted_world: World) -> None:
    placement, day = counted_world.ask(
        "select placement_id, day from tally_day where count = 1 and option_no = 1 limit 1"
    )[0]
    counted_world.ask(
        "update tally_day set count = 5 where placement_id = %s and day = %s and option_no = 1", placement, day
    )
    assert counted_world.ask("select what, differed from fn.reconcile(null, 96, %s) where differed > 0", NOW) == [
        ("days", 1)
    ]
    wanted = [("day", placement, day, 1, 5, 1)]
    assert counted_world.ask("select what, placement_id, day, option_no, counted, actual from reconciliation") == wanted


def test_it_passes_on_what_nobody_noted(counted_world: World) -> None:
    counted_world.send(
        Widget(*counted_world.ask("select account_id, project_id, id from widget order by created_at limit 1")[0]),
        1,
        NOW,
    )
    counted_world.refresh(NOW + DAY)  # gathers it; then its note is lost, and with it all that led to it
    counted_world.ask("update tally_day set rolled = 0 where day = '2026-09-15'")
    counted_world.ask("update widget_day set count = 0 where day = '2026-09-15'")
    counted_world.ask("delete from tally_change")
    reconcile(counted_world)
    counted_world.close(NOW + DAY)
    assert differences(counted_world) == {}


def test_it_leaves_what_retention_took_alone(counted_world: World) -> None:
    counted_world.ask("update project set retention_days = 10 where time_zone = 'Europe/Rome'")
    counted_world.ask("select * from fn.delete_expired_responses(%s, 1)", NOW)  # not all in one run
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
                world.ask("select fn.close_periods()")
        except Exception as error:
            faults.append(error)
        finally:
            world.close_connection()

    threads = [threading.Thread(target=ingest, args=(n,)) for n in range(2)] + [threading.Thread(target=refresh)]
    for thread in threads:
        thread.start()
    sums, end = set(), time.monotonic() + 3
    while time.monotonic() < end:
        sums.add(counted_world.value("select sum(differed) from fn.reconcile()"))
    stop.set()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert sums == {0}
    counted_world.ask("call fn.refresh_stats()")
    counted_world.ask("select fn.close_periods()")
    assert differences(counted_world) == {}
    assert counted_world.value("select count(*) from response") > 100


def test_it_forgets_old_differences(counted_world: World) -> None:
    damage(counted_world, "a total that is gone")
    reconcile(counted_world)
    assert counted_world.value("select fn.purge_batch('delete old reconciliations', %s)", NOW + 399 * DAY) == 0
    assert counted_world.value("select fn.purge_batch('delete old reconciliations', %s)", NOW + 401 * DAY) > 0


def feelback(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What the command line does on the test's database."""
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
    assert [line.split()[-2] for line in clean.stdout.splitlines()] == ["0"] * 5
    damage(counted_world, "a total that counts too many")
    process = feelback(counted_world, "reconcile")
    assert process.returncode == 1
    assert [line.split()[-2] for line in process.stdout.splitlines()] == ["0", "1", "0", "0", "0"]
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
