"""The day on which a response counts, in its project's time zone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.support.sql_world import World, local

MS = timedelta(milliseconds=1)
HARD = [
    ("UTC", "2025-12-31"),
    ("Asia/Kathmandu", "2026-12-31"),
    ("Europe/Rome", "2028-02-29"),
    ("America/New_York", "2028-02-28"),
    ("Europe/Rome", "2026-03-28"),
    ("Europe/Rome", "2026-03-29"),
    ("Europe/Rome", "2026-10-24"),
    ("Europe/Rome", "2026-10-25"),
    ("America/New_York", "2026-03-07"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-10-31"),
    ("America/New_York", "2026-11-01"),
    ("Pacific/Kiritimati", "2026-06-30"),
    ("Pacific/Pago_Pago", "2026-06-30"),
]


@pytest.mark.parametrize(("zone", "day"), HARD)
def test_it_counts_by_the_project_s_midnight(world: World, zone: str, day: str) -> None:
    today, tomorrow = date.fromisoformat(day), date.fromisoformat(day) + timedelta(days=1)
    midnight = local(f"{tomorrow}", zone)
    project = world.project(zone, midnight - timedelta(days=3))
    votes = world.widget(project)
    for at in (midnight - MS, midnight, midnight + MS):
        assert at.astimezone(ZoneInfo(zone)).date() == (today if at < midnight else tomorrow)
        world.send(votes, 1, at)
    assert world.ask("select counted_on, count(*) from response group by 1 order by 1") == [(today, 1), (tomorrow, 2)]
    assert world.ask("select day, count from tally_day order by 1") == [(today, 1), (tomorrow, 2)]
    ends = world.value("select day_ends_ms from fn.ingest_widget(%s, %s)", votes.id, midnight - MS)
    assert ends == midnight.timestamp() * 1000
    world.refresh(midnight + MS)
    assert world.ask("select * from fn.trend(%s, %s, %s, %s)", project.account_id, project.id, today, tomorrow) == [
        (today, 1),
        (tomorrow, 2),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Rome", "2026-03-29", 23),
        ("Europe/Rome", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Asia/Kathmandu", "2026-03-29", 24),
    ],
)
def test_it_counts_every_hour_of_a_day_once(world: World, zone: str, day: str, hours: int) -> None:
    start = local(day, zone)
    votes = world.widget(world.project(zone, start))
    for hour in range(-1, hours + 1):
        world.send(votes, 1, start + timedelta(hours=hour, minutes=30))
    counts = dict(world.ask("select day, count from tally_day"))
    assert counts == {
        date.fromisoformat(day) - timedelta(days=1): 1,
        date.fromisoformat(day): hours,
        date.fromisoformat(day) + timedelta(days=1): 1,
    }


def test_it_counts_an_edit_and_a_removal_on_the_day_of_the_response(world: World) -> None:
    votes = world.widget(world.project("Europe/Rome", local("2026-10-20")))
    first, second = (world.send(votes, 1, local("2026-10-25T23:59:59", "Europe/Rome")) for _ in range(2))
    world.refresh(local("2026-10-26T12:00"))
    assert world.edit(first, 2)
    assert world.remove(second)
    world.refresh(local("2026-10-26T12:01"))
    day = date(2026, 10, 25)
    wanted = [(day, 1, 0), (day, 2, 1)]
    assert world.ask("select day, option_no, count from tally_day order by 2") == wanted
    assert world.ask("select day, option_no, count from widget_day order by 2") == wanted


@pytest.mark.parametrize(
    ("zone", "to"), [("America/New_York", "Asia/Kathmandu"), ("Asia/Kathmandu", "America/New_York")]
)
def test_it_keeps_the_days_of_before_when_the_zone_changes(world: World, zone: str, to: str) -> None:
    at = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)  # the 10th in New York, the 11th in Kathmandu
    project = world.project(zone, at)
    votes = world.widget(project)
    response = world.send(votes, 1, at)
    world.refresh(at)
    world.ask("update project set time_zone = %s where id = %s", to, project.id)
    world.send(votes, 1, at + MS)
    world.edit(response, 2)
    world.refresh(at + timedelta(minutes=1))
    days = {"America/New_York": date(2026, 6, 10), "Asia/Kathmandu": date(2026, 6, 11)}
    assert set(world.ask("select day, option_no, count from widget_day where count <> 0")) == {
        (days[zone], 2, 1),
        (days[to], 1, 1),
    }
    assert world.value("call fn.reconcile()") == 0
    assert not world.ask("select * from reconciliation")


def test_it_fills_the_gaps_of_a_trend(world: World) -> None:
    project = world.project("Europe/Rome", local("2026-03-01"))
    votes, likes = world.widget(project), world.widget(project, "pulse")
    world.send(votes, 1, local("2026-03-27T12:00"))
    world.send(votes, 2, local("2026-03-30T12:00"))
    world.send(likes, 1, local("2026-03-30T12:00"))
    world.refresh(local("2026-03-31T12:00"))
    span = (project.account_id, project.id, date(2026, 3, 26), date(2026, 3, 31))
    days = [row[0] for row in world.ask("select * from fn.trend(%s, %s, %s, %s)", *span)]
    assert days == [date(2026, 3, 26) + timedelta(days=n) for n in range(6)]
    assert [n for _, n in world.ask("select * from fn.trend(%s, %s, %s, %s)", *span)] == [0, 1, 0, 0, 2, 0]
    assert [n for _, n in world.ask("select * from fn.trend(%s, %s, %s, %s, %s)", *span, votes.id)] == [
        0,
        1,
        0,
        0,
        1,
        0,
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "2026-03-02"])
def test_an_export_from_a_day_has_what_came_since(world: World, day: str) -> None:
    project = world.project("Europe/Berlin")
    response = world.send(world.widget(project), 1, datetime(2026, 3, 4, tzinfo=UTC))
    end = "select fn.export_slice(%s, %s, 'responses', null, %s, null, null, 10)"
    rows = "select id from fn.exported_responses(%s, %s, null, null, '', %s, null, '', null, %s, false)"
    assert world.value(end, project.account_id, project.id, day) == response.id
    assert world.ask(rows, project.account_id, project.id, day, response.id) == [(response.id,)]


@pytest.mark.parametrize(
    ("at", "floor"),
    [
        ("-infinity", "00000000-0000-0000-0000-000000000000"),
        ("1969-12-31T23:00:00Z", "00000000-0000-0000-0000-000000000000"),
        ("1970-01-01T00:00:00.001Z", "00000000-0001-0000-0000-000000000000"),
        (None, "None"),
    ],
)
def test_the_lowest_id_of_a_time_is_never_negative(world: World, at: str | None, floor: str) -> None:
    assert str(world.value("select fn.uuid_floor(%s::timestamptz)", at)) == floor


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_responses_of_test_mode_are_listed_on_their_day(world: World, zone: str) -> None:
    project = world.project(zone)
    message, other = world.widget(project, "message"), world.widget(project)
    world.send(other, 1, datetime.now(UTC))
    ids: dict[date, list[UUID]] = {}
    for days in (0, 1, 3, 3, 40):
        at = datetime.now(UTC) - timedelta(days=days)
        world.ask("select fn.create_partitions(%s, 0)", at)
        id = world.value("select fn.uuid_v7(%s)", at)
        world.ask(
            "select fn.ingest_test_response(%s, %s, '/a', %s, %s::bigint, 1::smallint, 'x', null, null, null, null,"
            " null, 9)",
            project.account_id, message.id, id, round(at.timestamp() * 1000),
        )  # fmt: skip
        ids.setdefault(at.astimezone(ZoneInfo(zone)).date(), []).insert(0, id)
    newest = [id for day in ids.values() for id in day]

    def listed(limit: int = 9, first: date | None = None, last: date | None = None) -> list[UUID]:
        rows = world.ask(
            "select id from fn.project_responses(%s, %s, _widget_id => %s, _from => %s, _to => %s, _limit => %s)",
            project.account_id, project.id, message.id, first, last, limit,
        )  # fmt: skip
        return [id for (id,) in rows]

    assert (listed(), listed(4)) == (newest, newest[:4])
    for day, on_day in ids.items():
        assert listed(9, day, day) == on_day
    filtered = "select fn.filtered_messages(%s, %s, 'all', null, array[%s::uuid], '', %s, %s, 9)"
    bounds = UUID(int=0), UUID(int=2**128 - 1)
    page_id = world.placement(message)
    assert world.value(filtered, project.account_id, project.id, page_id, *bounds) == newest
