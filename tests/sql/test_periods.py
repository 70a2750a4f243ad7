"""Closed weeks, months and years: closed once, and again only after a late change."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.support.sql_world import World, local

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MS = timedelta(milliseconds=1)


def versions(world: World) -> dict[tuple[UUID, str, date], str]:
    """Which version of its row each closed period is; it changes whenever the row is written."""
    rows = world.ask("select scope_id, unit, starts_on, xmin::text || ctid::text from period")
    return {(scope, unit, starts_on): version for scope, unit, starts_on, version in rows}


def everything(world: World) -> list[tuple[object, ...]]:
    """All closed periods with all their columns."""
    return world.ask("select * from period order by account_id, scope_id, unit, starts_on")


def monday(day: date) -> date:
    """The first day of a day's ISO week."""
    year, week, _ = day.isocalendar()
    return date.fromisocalendar(year, week, 1)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2020-12-31", (2020, 53)),
        ("2021-01-03", (2020, 53)),
        ("2021-01-04", (2021, 1)),
        ("2026-12-28", (2026, 53)),
        ("2027-01-03", (2026, 53)),
        ("2027-01-04", (2027, 1)),
        ("2024-12-30", (2025, 1)),
        ("2028-02-29", (2028, 9)),
    ],
)
def test_it_puts_a_day_into_its_iso_week(world: World, day: str, week: tuple[int, int]) -> None:
    starts_on = date.fromisocalendar(*week, 1)
    assert world.value("select fn.period_start('week', %s)", date.fromisoformat(day)) == starts_on


def test_it_starts_every_period_of_forty_years_where_python_does(world: World) -> None:
    rows = world.ask(
        "select d::date, fn.period_start('week', d::date), fn.period_start('month', d::date),"
        " fn.period_start('year', d::date) from generate_series('2000-01-01'::timestamp, '2040-12-31', '1 day') as d"
    )
    for day, week, month, year in rows:
        assert (week, month, year) == (monday(day), day.replace(day=1), day.replace(month=1, day=1))


@pytest.mark.parametrize("year", [2020, 2026])
@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Kathmandu"])
def test_it_closes_week_53_across_new_year(world: World, zone: str, year: int) -> None:
    new_year = local(f"{year + 1}-01-01", zone)
    project = world.project(zone, new_year - 20 * DAY)
    votes = world.widget(project)
    week_53 = date.fromisocalendar(year, 53, 1)
    ends = local(f"{week_53 + timedelta(days=7)}", zone)
    for at in (local(f"{week_53}", zone) - MS, new_year - MS, new_year, ends - MS, ends):
        world.send(votes, 1, at)
    placement = world.placement(votes)
    world.close(ends - MS)
    assert world.totals(placement, "week") == {week_53 - timedelta(days=7): (1, None)}
    world.close(ends + 8 * DAY)
    assert world.totals(placement, "week") == {
        week_53 - timedelta(days=7): (1, None),
        week_53: (3, 1),
        week_53 + timedelta(days=7): (1, 3),
    }
    assert world.totals(placement, "year") == {date(year, 1, 1): (2, None)}
    assert world.totals(placement, "month") == {date(year, 12, 1): (2, None)}
    world.close(ends + 40 * DAY)
    assert world.totals(placement, "month") == {date(year, 12, 1): (2, None), date(year + 1, 1, 1): (3, 2)}
    assert world.totals(project.id, "month") == world.totals(votes.id, "month") == world.totals(placement, "month")


def test_it_closes_a_february_with_a_leap_day(world: World) -> None:
    zone = "America/New_York"
    project = world.project(zone, local("2028-01-20"))
    votes = world.widget(project)
    for at in ("2028-02-28T23:59", "2028-02-29T00:00", "2028-02-29T23:59:59.999", "2028-03-01T00:00"):
        world.send(votes, 1, local(at, zone))
    world.close(local("2028-02-29T23:59:59.999", zone))
    assert world.totals(project.id, "month") == {}
    world.close(local("2028-03-01", zone))
    assert world.totals(project.id, "month") == {date(2028, 2, 1): (3, None)}
    world.close(local("2028-04-01", zone))
    assert world.totals(project.id, "month") == {date(2028, 2, 1): (3, None), date(2028, 3, 1): (1, 3)}


@pytest.mark.parametrize(
    ("zone", "sunday"),
    [
        ("Europe/Rome", "2026-03-29"),
        ("Europe/Rome", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Asia/Kathmandu", "2026-03-29"),
    ],
)
def test_it_closes_a_week_whose_last_day_is_shorter_or_longer(world: World, zone: str, sunday: str) -> None:
    day = date.fromisoformat(sunday)
    midnight = local(f"{day + timedelta(days=1)}", zone)
    project = world.project(zone, midnight - 3 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, midnight - MS)
    world.send(votes, 1, midnight)
    world.close(midnight - MS)
    assert world.totals(project.id, "week") == {}
    world.close(midnight)
    assert world.totals(project.id, "week") == {day - timedelta(days=6): (1, None)}


def test_it_says_all_of_a_period(world: World) -> None:
    start = local("2026-05-04")
    project = world.project("UTC", start)
    stars, votes = world.widget(project, "rating"), world.widget(project, "updown")
    notes = world.widget(project, "message")
    for no in (5, 5, 4, 1):
        world.send(stars, no, start)
    for no in (1, 2, 2):
        world.send(votes, no, start)
    world.send(notes, 1, start)
    world.close(start + 7 * DAY)
    row = world.dicts("select * from period where scope_id = %s and unit = 'week'", world.placement(stars))[0]
    assert (row["scope"], row["option_nos"], row["counts"], row["total"]) == ("placement", [1, 4, 5], [1, 1, 2], 4)
    assert (row["positive"], row["neutral"], row["negative"]) == (0.75, 0, 0.25)
    assert (row["sentiment"], row["average"], row["score"]) == ((1 + 1 + 0.5 - 1) / 4, 15 / 4, (15 + 5 * 3) / 9)
    row = world.dicts("select * from period where scope_id = %s and unit = 'week'", votes.id)[0]
    assert (row["scope"], row["counts"], row["sentiment"], row["average"]) == ("widget", [1, 2], -1 / 3, None)
    row = world.dicts("select * from period where scope_id = %s and unit = 'week'", project.id)[0]
    assert (row["scope"], row["total"], row["counts"]) == ("project", 8, None)
    # Messages have no sentiment, so the shares leave them out.
    assert (row["positive"], row["negative"]) == (pytest.approx(4 / 7), pytest.approx(3 / 7))
    assert row["sentiment"] == pytest.approx((1.5 - 1) / 7)
    read = world.dicts(
        "select * from fn.periods(%s, %s, 'week', '2026-05-04', '2026-05-04')", project.account_id, votes.id
    )
    assert [(each["total"], each["option_nos"]) for each in read] == [(3, [1, 2])]


def test_it_tells_the_change_against_the_period_before(world: World) -> None:
    start = local("2026-01-05")
    project = world.project("UTC", start)
    votes = world.widget(project)
    for week, n in enumerate((2, 3, 0, 4)):
        for _ in range(n):
            world.send(votes, 1, start + week * 7 * DAY)
    world.close(start + 30 * DAY)
    first = start.date()
    wanted = {
        first: (2, None),
        first + timedelta(days=7): (3, 2),
        first + timedelta(days=21): (4, None),  # no responses in the week before: no row, no comparison
    }
    assert world.totals(project.id, "week") == world.totals(world.placement(votes), "week") == wanted


def test_it_closes_each_period_once(world: World) -> None:
    start = local("2026-01-01")
    votes = world.widget(world.project("UTC", start))
    for days in range(0, 80, 3):
        world.send(votes, 1 + days % 2, start + days * DAY)
    now = start + 85 * DAY
    assert world.close(now) == 12 + 2  # the weeks from 29 December on, January and February
    before = versions(world)
    assert world.close(now) == 0
    assert world.close(now + HOUR) == 0
    assert versions(world) == before
    assert world.ask("select unit, starts_on from period_close order by 1") == [
        ("month", date(2026, 2, 1)),
        ("week", date(2026, 3, 16)),
    ]


@pytest.mark.parametrize("change", ["edit", "remove"])
def test_it_closes_again_what_a_late_change_touched(world: World, change: str) -> None:
    start = local("2026-01-05")
    project = world.project("UTC", start)
    votes, others = world.widget(project), world.widget(project)
    early = [world.send(votes, 1, start + n * HOUR) for n in range(3)]
    for week in range(4):
        world.send(votes, 1, start + week * 7 * DAY)
        world.send(votes, 1, start + week * 7 * DAY, "/b")
        world.send(others, 2, start + week * 7 * DAY, "/c")
    now = start + 29 * DAY
    world.close(now)
    placement, week = world.placement(votes), start.date()
    assert world.totals(placement, "week")[week + timedelta(days=7)] == (1, 4)
    had = versions(world)
    if change == "edit":
        world.edit(early[0], 2)
    else:
        world.remove(early[0])
    assert world.close(now + HOUR) == 2  # the week and the month
    n = 4 if change == "edit" else 3
    for scope, more in ((placement, 0), (votes.id, 1), (project.id, 2)):
        assert world.totals(scope, "week")[week] == (n + more, None)
        assert world.totals(scope, "week")[week + timedelta(days=7)] == (1 + more, n + more)
    assert world.totals(placement, "month") == {date(2026, 1, 1): (n + 3, None)}
    counts = [n - 1, 1] if change == "edit" else [n]
    assert (
        world.value("select counts from period where scope_id = %s and unit = 'week' order by starts_on", placement)
        == counts
    )
    # Other pages, and weeks after the next, are unchanged.
    have = versions(world)
    untouched = {key for key in had if key[0] in (world.placement(votes, "/b"), world.placement(others, "/c"))}
    untouched |= {key for key in had if key[1] == "week" and key[2] >= week + timedelta(days=14)}
    assert {key: have[key] for key in untouched} == {key: had[key] for key in untouched}
    # As if it had just been closed.
    after = everything(world)
    world.ask("delete from period; delete from period_close")
    world.close(now + HOUR)
    assert everything(world) == after


def test_it_forgets_a_period_whose_last_response_is_taken_back(world: World) -> None:
    start = local("2026-01-05")
    votes = world.widget(world.project("UTC", start))
    only = world.send(votes, 1, start)
    world.send(votes, 1, start + 7 * DAY)
    world.close(start + 14 * DAY)
    placement, second = world.placement(votes), date(2026, 1, 12)
    assert world.totals(placement, "week")[second] == (1, 1)
    world.remove(only)
    world.close(start + 14 * DAY)
    for scope in (placement, votes.id, votes.project_id):
        assert world.totals(scope, "week") == {second: (1, None)}


def test_it_closes_again_what_changed_while_it_was_being_closed(world: World) -> None:
    start = local("2026-01-05")
    votes = world.widget(world.project("UTC", start))
    end = start + 7 * DAY
    world.send(votes, 1, start)
    world.refresh(end - HOUR)
    with World(world.dsn).connection as closing, closing.transaction():
        # It has read the tallies and not committed when another response of the week is counted and rolled up.
        closing.execute("select fn.close_periods(%s, %s)", [votes.account_id, end])
        world.send(votes, 1, end - MS)
        world.refresh(end)
    world.close(end + HOUR)
    assert world.totals(votes.id, "week") == {start.date(): (2, None)}


def test_it_makes_up_what_an_outage_of_weeks_left_out(world: World) -> None:
    start = local("2026-11-02", "America/New_York")
    project = world.project("America/New_York", start)
    votes = world.widget(project)
    for day in range(70):
        world.send(votes, 1 + day % 2, start + day * DAY)
        if day == 8:
            world.close(start + 8 * DAY)
    now = start + 70 * DAY
    assert world.close(now) == 9 + 2 + 1  # nine weeks, November and December, and 2026
    assert world.totals(project.id, "week") == {
        start.date() + timedelta(days=7 * n): (7, 7 if n else None) for n in range(10)
    }
    caught_up = everything(world)
    world.ask("delete from period; delete from period_close")
    at = start
    while at <= now:
        world.close(at)
        at += DAY
    assert everything(world) == caught_up


def test_it_starts_with_responses_from_before_the_project(world: World) -> None:
    now = local("2026-03-02")
    project = world.project("UTC", now)
    votes = world.widget(project)
    world.send(votes, 1, now - 20 * DAY)
    world.close(now)
    assert world.totals(project.id, "week") == {monday((now - 20 * DAY).date()): (1, None)}
    assert world.totals(project.id, "month") == {date(2026, 2, 1): (1, None)}


@pytest.mark.parametrize(
    ("zone", "to"), [("America/New_York", "Asia/Kathmandu"), ("Asia/Kathmandu", "America/New_York")]
)
def test_it_closes_every_day_once_when_the_zone_changes(world: World, zone: str, to: str) -> None:
    # Sunday 22:00 in New York, Monday 07:45 in Kathmandu: the one's week is over, the other's is not.
    at = datetime(2026, 6, 8, 2, 0, tzinfo=UTC)
    project = world.project(zone, at - 5 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, at)
    world.close(at)
    world.ask("update project set time_zone = %s where id = %s", to, project.id)
    world.send(votes, 1, at + MS)
    world.close(at + MS)
    world.send(votes, 1, at + 2 * MS)
    world.close(at + 15 * DAY)
    weeks = {"America/New_York": date(2026, 6, 1), "Asia/Kathmandu": date(2026, 6, 8)}
    wanted = {weeks[zone]: 1, weeks[to]: 2}
    assert {week: total for week, (total, _) in world.totals(project.id, "week").items()} == wanted
    assert world.totals(project.id, "week")[date(2026, 6, 8)] == (wanted[date(2026, 6, 8)], wanted[date(2026, 6, 1)])
