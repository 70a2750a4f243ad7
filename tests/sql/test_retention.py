"""Responses are deleted when they expire, and everything of a deleted visitor, page, widget or project."""

import time
from datetime import date
from uuid import UUID

import psycopg
import pytest

from tests.support.citus import takes_triggers
from tests.support.recount import differences
from tests.support.retained_rows import DAY, NOW, everything_told, references
from tests.support.sql_world import Project, Widget, World


@pytest.fixture
def two(world: World) -> tuple[World, Project, Project]:
    """Two projects of one account, both with everything."""
    first = world.project("Europe/Rome", NOW - 80 * DAY)
    second = world.project("America/New_York", NOW - 80 * DAY, first.account_id)
    for project in (first, second):
        everything_told(world, project)
    return world, first, second


def widgets_of(world: World, project: Project) -> list[Widget]:
    rows = world.ask("select account_id, project_id, id from widget where project_id = %s order by id", project.id)
    return [Widget(*row) for row in rows]


def placements_of(world: World, of: Project | Widget) -> list[UUID]:
    rows = world.ask(
        "select c.id from placement as c join widget as s on s.account_id = c.account_id and s.id = c.widget_id"
        " where %s in (s.id, s.project_id) order by 1",
        of.id,
    )
    return [row[0] for row in rows]


def reference_counts(world: World, of: Project) -> dict[str, int]:
    """The number of rows that reference a project, its widgets or its pages."""
    return references(world, of.id, *(each.id for each in widgets_of(world, of)), *placements_of(world, of))


TABLES = {
    "address_visit", "placement", "placement_score", "page_score", "widget", "placement_window", "response", "option",
    "period", "period_close", "project", "project_roll", "reconciliation", "network_day", "widget_day", "widget_window",
    "tally", "tally_day", "visit",
}  # fmt: skip


def test_it_deletes_a_project_with_all_of_it(two: tuple[World, Project, Project]) -> None:
    world, first, second = two
    ids = [first.id, *(each.id for each in widgets_of(world, first)), *placements_of(world, first)]
    assert {name.split(".")[0] for name in references(world, *ids)} >= TABLES
    others = reference_counts(world, second)
    wanted = (3, 6, world.value("select count(*) from response where placement_id = any (%s)", ids))
    assert world.ask("select * from fn.purge_project(%s, %s)", first.account_id, first.id) == [wanted]
    assert references(world, *ids) == {}
    # Pending changes of the other project were rolled up too; none of its rows was deleted.
    have = reference_counts(world, second)
    assert {name for name, n in others.items() if have.get(name, 0) < n} <= {"tally_change.placement_id"}
    world.close(NOW)
    assert differences(world) == {}
    with pytest.raises(psycopg.Error, match="There is no such project"):
        world.ask("select * from fn.purge_project(%s, %s)", first.account_id, first.id)


def test_it_deletes_a_widget_with_all_of_it(two: tuple[World, Project, Project]) -> None:
    world, first, _ = two
    for each in widgets_of(world, first)[:2]:
        ids = [each.id, *placements_of(world, each)]
        wanted = (2, world.value("select count(*) from response where widget_id = %s", each.id))
        assert world.ask("select * from fn.purge_widget(%s, %s)", each.account_id, each.id) == [wanted]
        assert references(world, *ids) == {}
    world.close(NOW)
    assert differences(world) == {}
    with pytest.raises(psycopg.Error, match="There is no such widget"):
        world.ask("select * from fn.purge_widget(%s, %s)", each.account_id, each.id)


def test_it_deletes_placements_with_all_of_them(two: tuple[World, Project, Project]) -> None:
    world, first, _ = two
    world.refresh(NOW)
    ids = placements_of(world, first)[:3]
    wanted = (3, world.value("select count(*) from response where placement_id = any (%s)", ids))
    assert world.ask("select * from fn.purge_placements(%s, %s)", first.account_id, ids) == [wanted]
    assert references(world, *ids) == {}
    assert differences(world) == {}  # at once, from widgets, windows and closed periods too
    assert world.ask("select * from fn.purge_placements(%s, %s)", first.account_id, ids) == [(0, 0)]


def test_it_deletes_nothing_of_another_account(two: tuple[World, Project, Project]) -> None:
    world, first, _ = two
    stranger, had = world.account(), reference_counts(world, first)
    widget_id, ids = widgets_of(world, first)[0].id, placements_of(world, first)
    assert world.ask("select * from fn.purge_placements(%s, %s)", stranger, ids) == [(0, 0)]
    assert world.value("select fn.purge_visitor(%s, %s, %s)", stranger, first.id, b"visitor 0 0") == 0
    for call, id in (("purge_widget", widget_id), ("purge_project", first.id)):
        with pytest.raises(psycopg.Error, match="There is no such"):
            world.ask(f"select * from fn.{call}(%s, %s)", stranger, id)
    assert reference_counts(world, first) == had


def test_it_deletes_a_visitor(world: World) -> None:
    first = world.project("UTC", NOW - 20 * DAY)
    second = world.project("UTC", NOW - 20 * DAY, first.account_id)
    responses = []
    for project in (first, second):
        votes, stars = world.widget(project), world.widget(project, "rating")
        for to in (votes, stars):
            for key in ("/a", "/b"):
                responses.append((project, world.send(to, 1, NOW - 9 * DAY, key, "ann", "Ann@Example.com")))
                world.send(to, 2, NOW - 9 * DAY, key, "bob", "bob@example.com")
    world.close(NOW)
    assert world.value("select fn.purge_visitor(%s, %s, %s)", first.account_id, first.id, b"ann") == 4
    mine = [response.id for project, response in responses if project == first]
    assert references(world, *mine) == {}
    assert world.value("select count(*) from response where visitor = 'bob'") == 8
    assert world.value("select count(*) from response where visitor = 'ann'") == 4  # of the other project
    assert world.value("select count(*) from visit") == 12
    world.close(NOW)
    assert differences(world) == {}
    assert world.totals(first.id, "week") == {date(2026, 8, 31): (4, None)}
    assert world.value("select fn.purge_visitor(%s, %s, %s)", first.account_id, first.id, b"ann") == 0


def months(world: World) -> list[str]:
    """The months that have a partition, as YYYY_MM."""
    rows = world.ask(
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'response'::regclass order by 1"
    )
    return [name.split("response_")[1] for (name,) in rows]


def test_it_lets_go_of_rows_and_keeps_their_tallies(world: World) -> None:
    short, keeps = world.project("Asia/Kathmandu", NOW - 100 * DAY), world.project("UTC", NOW - 100 * DAY)
    for project in (short, keeps):
        votes = world.widget(project)
        for n in range(100):
            world.send(votes, 1 + n % 2, NOW - n * DAY, visitor=f"v{n}")
    world.close(NOW)
    tables = ("tally", "tally_day", "widget_day", "placement_window", "widget_window", "placement_score", "period")
    had = {table: world.ask(f"select * from {table} order by 1, 2, 3, 4, 5") for table in tables[1:]}
    world.ask("update project set retention_days = 30 where id = %s", short.id)
    before = set(months(world))
    assert world.value("call fn.delete_expired_responses(%s)", NOW) == 69
    assert before - set(months(world)) == {"2026_05"}  # in which there was nothing
    first = (
        "select min(r.counted_on) from response as r"
        " join widget as w on w.account_id = r.account_id and w.id = r.widget_id where project_id = %s"
    )
    assert world.value(first, short.id) == date(2026, 8, 16) == world.value("select max(retained_from) from project")
    assert world.value(first, keeps.id) == (NOW - 99 * DAY).date()
    assert {table: world.ask(f"select * from {table} order by 1, 2, 3, 4, 5") for table in tables[1:]} == had
    assert world.value("select sum(count) from tally") == 200
    # The visitor's hash stays, and nothing to join it with.
    gone = "select count(*), count(address) from visit where response_id = '00000000-0000-0000-0000-000000000000'"
    assert world.ask(gone) == [(69, 0)]
    assert world.value("select count(*) from visit") == 200
    assert world.ask("call fn.delete_expired_responses(%s)", NOW) == [(0, 0)]
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    assert world.value("select sum(count) from tally") == 200


def test_it_drops_a_month_that_nobody_keeps(world: World) -> None:
    projects = [world.project(zone, NOW - 100 * DAY) for zone in ("Asia/Kathmandu", "America/New_York")]
    for project in projects:
        votes = world.widget(project)
        for n in range(100):
            world.send(votes, 1, NOW - n * DAY, visitor=f"v{n}")
    world.refresh(NOW)
    world.ask("update project set retention_days = 30")
    assert {"2026_06", "2026_07"} < set(months(world))
    rows = "select count(*), count(*) filter (where counted_on < '2026-08-01') from response"
    assert world.ask(rows) == [(200, 2 * (99 - 45))]
    deleted, dropped = world.ask("call fn.delete_expired_responses(%s)", NOW)[0]
    assert dropped >= 2
    assert not {"2026_06", "2026_07"} & set(months(world))
    assert "2026_08" in months(world)
    assert deleted == 200 - world.ask(rows)[0][0] == 2 * 69 + (world.ask(rows)[0][0] != 62)
    assert world.value("select sum(count) from tally") == 200
    assert world.value("call fn.reconcile(%s)", NOW) == 0


def test_it_makes_no_response_wait_for_a_month_that_is_being_read(world: World) -> None:
    project = world.project("UTC", NOW - 80 * DAY)
    to = world.widget(project)
    world.send(to, 1, NOW - 70 * DAY)
    world.ask("update project set retention_days = 10")
    with psycopg.connect(world.dsn) as reader:
        reader.execute("select count(*) from response")
        assert world.ask("call fn.delete_expired_responses(%s)", NOW) == [(1, 0)]
    assert world.ask("call fn.delete_expired_responses(%s)", NOW)[0][1] > 0


def test_it_counts_a_visitor_once_though_their_response_was_let_go(world: World) -> None:
    votes = world.widget(world.project("UTC", NOW - 50 * DAY))
    first = world.send(votes, 1, NOW - 40 * DAY, visitor="ann")
    world.ask("update project set retention_days = 10")
    for days in (0, 12, 24):
        world.ask("call fn.delete_expired_responses(%s)", NOW + days * DAY)
        again = world.send(votes, 2, NOW + days * DAY, visitor="ann")
        assert again.id not in (first.id, UUID(int=0))
        assert world.ask("select count(*) from response") == [(0,)]
        assert world.ask("select option_no, count from tally") == [(1, 1)]
    world.send(votes, 2, NOW, visitor="bob")
    assert world.ask("select option_no, count from tally order by 1") == [(1, 1), (2, 1)]
    # The hash is all that remains, and it goes with what it is about.
    row = world.value("select to_jsonb(v) from visit as v where response_id not in (select id from response)")
    assert {name for name, value in row.items() if value is not None} == {
        "account_id", "dedup_key", "placement_id", "response_id", "expires_at",
    }  # fmt: skip
    assert references(world, first.id) == {}
    world.ask("select * from fn.purge_placements(%s, %s)", votes.account_id, [world.placement(votes)])
    assert world.value("select count(*) from visit") == 0


def test_it_deletes_the_visits_with_the_project(world: World) -> None:
    project = world.project("UTC", NOW - 50 * DAY)
    world.send(world.widget(project), 1, NOW - 40 * DAY, visitor="ann")
    world.ask("update project set retention_days = 10")
    world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert world.value("select count(*) from visit") == 1
    world.ask("select * from fn.purge_project(%s, %s)", project.account_id, project.id)
    assert world.value("select count(*) from visit") == 0


def test_it_deletes_all_that_is_expired_in_one_run(world: World) -> None:
    account_id = world.account()
    brief, keeps = (world.project("UTC", NOW - 50 * DAY, account_id) for _ in range(2))
    votes, likes = world.widget(brief), world.widget(keeps)
    for n in range(30):
        world.send(votes, 1, NOW - (20 + n % 9) * DAY)
        world.send(likes, 1, NOW - (20 + n % 9) * DAY)
    world.send(votes, 1, NOW - 5 * DAY)
    world.ask("update project set retention_days = 10 where id = %s", brief.id)
    # In batches of four, half of whose rows are of the project that keeps them.
    assert world.value("call fn.delete_expired_responses(%s, 4)", NOW) == 30
    rows = (
        "select w.project_id, count(*) from response as r"
        " join widget as w on w.account_id = r.account_id and w.id = r.widget_id group by 1"
    )
    assert dict(world.ask(rows)) == {brief.id: 1, keeps.id: 30}
    result = "select through, finished_at, deleted from retention_result"
    assert world.ask(result) == [(NOW.date() - 10 * DAY, NOW, 30)]
    assert world.value("call fn.delete_expired_responses(%s, 4)", NOW + DAY) == 0
    assert world.value("call fn.delete_expired_responses(%s, 4)", NOW + 6 * DAY) == 1
    assert world.ask(result) == [(NOW.date() - 4 * DAY, NOW + 6 * DAY, 1)]


def test_it_works_a_sixtieth_of_the_time(world: World) -> None:
    votes = world.widget(world.project("UTC", NOW - 50 * DAY))
    for n in range(40):
        world.send(votes, 1, NOW - (20 + n % 9) * DAY)
    world.ask("update project set retention_days = 10")
    world.ask_as_superuser("set track_functions = 'pl'")
    started = time.perf_counter()
    assert world.value("call fn.delete_expired_responses(%s, 2)", NOW) == 40
    seconds = time.perf_counter() - started
    world.ask("select pg_stat_force_next_flush()")
    worked = world.value(
        "select pg_stat_get_function_total_time(oid) / 1000 from pg_proc"
        " where proname = 'delete_expired_batch' and pg_stat_get_function_calls(oid) >= 20"
    )
    assert 0 < worked < seconds / 40


def test_a_run_that_is_cut_off_goes_on_where_it_was(world: World) -> None:
    votes = world.widget(world.project("UTC", NOW - 100 * DAY))
    responses = [world.send(votes, 1, NOW - (90 - n) * DAY) for n in range(60)]
    world.ask("update project set retention_days = 10")
    world.ask("set lock_timeout = '50ms'")
    with psycopg.connect(world.dsn) as other:
        other.execute(
            "select from response where account_id = %s and id = %s for update",
            [responses[40].account_id, responses[40].id],
        )
        with pytest.raises(psycopg.errors.RaiseException, match=r"failed.*another transaction has locked it"):
            world.ask("call fn.delete_expired_responses(%s, 1)", NOW)
    assert world.value("select count(*) from response") == 20
    day = (NOW - 50 * DAY).date()
    assert world.value("select through from retention_result") == day - 6 * DAY
    after_id = world.value("select s.after_id from fn.retention_accounts() as a, fn.start_retention(a, %s) as s", NOW)
    assert after_id == world.value("select fn.uuid_floor((%s::date - 9)::timestamp at time zone 'UTC')", day)
    assert world.value("call fn.delete_expired_responses(%s)", NOW) == 20
    assert world.value("select through from retention_result") == (NOW - 10 * DAY).date()


@takes_triggers
@pytest.mark.parametrize("change", ["delete on response", "insert on retention_result"])
def test_locks_that_end_stop_no_run_and_count_nothing_twice(world: World, change: str) -> None:
    votes = world.widget(world.project("UTC", NOW - 100 * DAY))
    for n in range(40):
        world.send(votes, 1, NOW - (90 - n) * DAY)
    world.ask("update project set retention_days = 10")
    world.ask("create sequence tries")
    world.ask(
        "create function locked() returns trigger security definer language plpgsql as"
        " 'begin if nextval(''public.tries'') % 3 > 0 then raise lock_not_available; end if; return null; end'"
    )
    world.ask(f"create trigger locked before {change} for each statement execute function locked()")
    assert world.value("call fn.delete_expired_responses(%s, 2)", NOW) == 40
    assert world.value("select deleted from retention_result") == 40
    assert world.value("select last_value from tries") > 5


@takes_triggers
def test_a_fault_of_the_first_batch_stops_no_other_project(world: World) -> None:
    for _ in range(2):
        world.send(world.widget(world.project("UTC", NOW - 50 * DAY)), 1, NOW - 20 * DAY)
    world.ask("update project set retention_days = 10")
    faulty = world.value("select * from fn.retention_accounts() limit 1")
    world.ask("create function break() returns trigger language plpgsql as 'begin raise division_by_zero; end'")
    world.ask(
        "create trigger break before delete on response for each row"
        f" when (old.account_id = '{faulty}') execute function break()"
    )
    with pytest.raises(psycopg.errors.RaiseException, match=r"^1 projects failed.*division_by_zero"):
        world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert world.ask("select account_id from response") == [(faulty,)]


def test_a_shorter_retention_deletes_more(world: World) -> None:
    votes = world.widget(world.project("UTC", NOW - 50 * DAY))
    for n in range(40):
        world.send(votes, 1, NOW - n * DAY)
    deleted = []
    for days in (30, 20, 25, 10):
        world.ask("update project set retention_days = %s", days)
        deleted.append(world.value("call fn.delete_expired_responses(%s)", NOW))
    assert deleted == [9, 10, 0, 10]
    assert world.value("select min(counted_on) from response") == (NOW - 10 * DAY).date()
