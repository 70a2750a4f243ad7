"""The rolling windows of 7, 30, 90 and 365 days, each with the window before it."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from tests.support.recount import compared, differences
from tests.support.sql_world import World, local

DAY = timedelta(days=1)
DAYS = (7, 30, 90, 365)


def counted(zone: str, sent: list[datetime], now: datetime) -> dict[int, tuple[int, int]]:
    """The windows as of now, counted one response after the other; those without any are missing."""
    until = (now - timedelta(minutes=2)).replace(minute=0, second=0, microsecond=0)
    through = now.astimezone(ZoneInfo(zone)).date()
    days = {at: at.astimezone(ZoneInfo(zone)).date() for at in sent}
    windows = {
        1: (
            sum(until - DAY <= at < until for at in sent),
            sum(until - 2 * DAY <= at < until - DAY for at in sent),
            0,
        )
    }
    for n in DAYS:
        first, last, cut, cut_before = compared(zone, through, n, until)
        windows[n] = (
            sum(through - (n - 1) * DAY <= days[at] <= through for at in sent),
            sum(first <= days[at] <= last and at < cut_before for at in sent),
            sum(through - (n - 1) * DAY <= days[at] <= through and at < cut for at in sent),
        )
    return {n: counts[:2] for n, counts in windows.items() if any(counts)}


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Kathmandu"])
def test_it_moves_day_by_day_over_years(world: World, zone: str) -> None:
    start = local("2026-12-20T23:59:59.999", zone)
    votes = world.widget(world.project(zone, start))
    sent: list[datetime] = []
    # Across New Year, a leap day and four clock changes.
    offsets = (0, 1, 6, 7, 8, 11, 12, 13, 29, 30, 31, 98, 99, 100, 179, 200, 315, 365, 366, 435, 436, 437, 463)
    for n in range(0, 900):
        at = local(f"{start.date() + n * DAY}T23:59:59.999", zone)
        if n in offsets:
            world.send(votes, 1 + n % 2, at)
            sent.append(at)
            world.refresh(at)
        if n in offsets or n % 30 == 17 or n - 365 in offsets or n - 730 in offsets or n - 90 in offsets:
            world.ask("call fn.run_by_account('{roll windows}', %s)", at)
            assert world.windows(world.placement(votes)) == counted(zone, sent, at), at
    assert differences(world) == {}


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Kathmandu"])
def test_it_moves_at_the_project_s_midnight(world: World, zone: str) -> None:
    midnight = local("2026-03-30", zone)
    votes = world.widget(world.project(zone, midnight - 9 * DAY))
    world.send(votes, 1, local("2026-03-23T12:00", zone))
    world.refresh(midnight - timedelta(milliseconds=1))
    placement = world.placement(votes)
    assert world.windows(placement)[7] == (1, 0)
    world.refresh(midnight)
    assert 7 not in world.windows(placement)
    # It comes into the comparison at its own hour.
    world.refresh(midnight + timedelta(hours=12, minutes=1))
    assert 7 not in world.windows(placement)
    world.refresh(midnight + timedelta(hours=14, minutes=20))
    assert world.windows(placement)[7] == (0, 1)
    assert world.windows(placement)[30] == (1, 0)


def test_votes_of_a_slow_clock_are_in_the_windows(world: World) -> None:
    now = local("2026-03-10T12:00")
    votes = world.widget(world.project("UTC", now - 9 * DAY))
    world.send(votes, 1, now)
    world.refresh(now)
    for minutes in (1, 3, 10):
        world.send(votes, 1, now - timedelta(minutes=minutes), f"/{minutes}")
    world.refresh(now + timedelta(minutes=1))
    totals = {minutes: world.windows(world.placement(votes, f"/{minutes}"))[7] for minutes in (1, 3, 10)}
    assert totals == {1: (1, 0), 3: (1, 0), 10: (1, 0)}
    assert differences(world) == {}


async def test_votes_are_recent_for_a_minute(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    now = round(time.time() * 1000)
    for ages, is_recent in (((0,), True), ((-60, 0), True), ((55, 0), True), ((0, 65), False), ((600,), False)):
        ms = [now - age * 1000 for age in ages]
        assert await pool.fetchval("select fn.are_recent($1)", ms) is is_recent, ages


def test_it_makes_up_an_outage_as_if_there_had_been_none(world: World) -> None:
    start = local("2026-01-01T12:00")
    votes, late = (world.widget(world.project("UTC", start)) for _ in range(2))
    for n in range(0, 50, 3):
        for to in (votes, late):
            world.send(to, 1, start + n * DAY)
        world.refresh(start + n * DAY)
    # Every project continues from its last refresh, however long ago that was.
    assert world.value("call fn.run_by_account('{roll windows}', %s)", start + 120 * DAY) == 2
    assert world.value("call fn.run_by_account('{roll windows}', %s)", start + 120 * DAY) == 0
    sent = [start + n * DAY for n in range(0, 50, 3)]
    assert world.windows(world.placement(late)) == counted("UTC", sent, start + 120 * DAY)
    assert differences(world) == {}


@pytest.mark.parametrize(
    ("zone", "to"), [("America/New_York", "Pacific/Kiritimati"), ("Pacific/Kiritimati", "America/New_York")]
)
def test_it_ends_today_when_the_zone_changes(world: World, zone: str, to: str) -> None:
    at = local("2026-06-10T12:00")  # the 10th in New York, the 11th in Kiritimati
    days = {"America/New_York": date(2026, 6, 10), "Pacific/Kiritimati": date(2026, 6, 11)}
    project = world.project(zone, at)
    votes = world.widget(project)
    world.send(votes, 1, at)
    world.refresh(at)
    assert world.value("select through from project_roll") == days[zone]
    world.ask("update project set time_zone = %s where id = %s", to, project.id)
    world.send(votes, 1, at)
    world.refresh(at)
    assert world.value("select through from project_roll") == days[to]
    # What another zone counted on tomorrow comes in when it is there.
    assert world.windows(world.placement(votes))[7] == (1 + (to == "Pacific/Kiritimati"), 0)
    assert differences(world) == {}
    world.refresh(at + 3 * DAY)
    assert world.windows(world.placement(votes))[7] == (2, 0)
    assert differences(world) == {}


def test_it_changes_nothing_when_nothing_happened(world: World) -> None:
    at = local("2026-06-10T12:00")
    votes = world.widget(world.project("UTC", at))
    world.send(votes, 1, at)
    world.refresh(at)
    tables = ("tally_day", "widget_day", "placement_window", "widget_window", "placement_score", "project_roll")
    had = [world.ask(f"select xmin, ctid, * from {table}") for table in tables]
    world.refresh(at)
    world.refresh(at + timedelta(seconds=30))
    assert [world.ask(f"select xmin, ctid, * from {table}") for table in tables] == had


def test_it_passes_on_only_what_changed(world: World) -> None:
    at = local("2026-06-10T12:00")
    votes = world.widget(world.project("UTC", at))
    for key in ("/a", "/b", "/c"):
        world.send(votes, 1, at, key)
    world.refresh(at)
    query = "select placement_id, days, xmin::text from placement_score where placement_id <> %s order by 1, 2"
    had = world.ask(query, world.placement(votes, "/b"))
    world.send(votes, 2, at + timedelta(minutes=5), "/b")
    world.refresh(at + timedelta(minutes=5))
    assert world.ask(query, world.placement(votes, "/b")) == had
    assert world.windows(world.placement(votes, "/b"))[365] == (2, 0)


def test_it_agrees_with_the_windows_of_widgets_and_projects(world: World) -> None:
    at = local("2026-06-10T12:00")
    project = world.project("UTC", at - 40 * DAY)
    stars, notes = world.widget(project, "rating"), world.widget(project, "message")
    world.send(notes, 1, at - 32 * DAY)
    for no in (5, 5, 1):
        world.send(stars, no, at)
    world.send(stars, 2, at - 8 * DAY)
    world.send(notes, 1, at)
    world.refresh(at)
    widgets = world.dicts("select * from fn.widget_windows(%s, %s, 7::smallint)", project.account_id, project.id)
    by_id = {row["widget_id"]: row for row in widgets}
    row = by_id[stars.id]
    assert (row["option_values"], row["counts"], row["befores"]) == (list("12345"), [1, 0, 0, 0, 2], [0, 1, 0, 0, 0])
    assert (row["total"], row["before"], row["average"]) == (3, 1, pytest.approx(11 / 3))
    assert row["score"] == pytest.approx((15 + 11) / 8)
    assert (by_id[notes.id]["total"], by_id[notes.id]["score"]) == (1, None)
    whole = {
        row["days"]: row
        for row in world.dicts("select * from fn.project_windows(%s, %s)", project.account_id, project.id)
    }
    assert (whole[7]["total"], whole[7]["before"], whole[30]["total"]) == (4, 1, 5)
    assert whole[7]["sentiment"] == pytest.approx(1 / 3)
    assert whole[7]["score"] == pytest.approx(1 / 13)
    placement = world.dicts("select * from fn.placement_windows(%s, %s)", project.account_id, world.placement(stars))
    # The first response was 32 days ago: the comparison of 30 days begins before it.
    assert [(row["days"], row["total"], row["before"]) for row in placement] == [
        (7, 3, 1),
        (30, 4, None),
        (90, 4, None),
        (365, 4, None),
    ]


def test_it_loses_no_change_that_commits_while_it_runs(world: World) -> None:
    at = local("2026-06-10T12:00")
    stars = world.widget(world.project("UTC", at), "rating")
    first, second = (world.send(stars, 1, at) for _ in range(2))
    world.refresh(at)
    world.edit(first, 2)  # its row in tally_change waits
    other = World(world.dsn)
    with other.connection.transaction():
        other.edit(second, 5)  # takes the row of tally_change, and has not committed
        world.refresh(at)
    other.close_connection()
    world.refresh(at + timedelta(days=1))
    assert differences(world) == {}
