"""Recaps: recipients, due times across zones and clock changes, after outages, once, none in quiet periods."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.sql_world import Project, World, local

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ZONES = ("Europe/Rome", "America/New_York", "Asia/Kathmandu", "UTC")


def queued_recaps(world: World) -> list[tuple[str, str, date]]:
    """Recipient, unit and first day of every recap in the outbox, sorted."""
    rows = world.ask(
        "select recipient, context ->> 'unit', (context ->> 'starts_on')::date from mail where template = 'recap'"
        " order by 3, 2, 1"
    )
    return [(recipient, unit, starts_on) for recipient, unit, starts_on in rows]


def periods(world: World) -> list[tuple[str, date]]:
    """The same without recipients."""
    return [(unit, starts_on) for _, unit, starts_on in queued_recaps(world)]


def enqueue(world: World, at: datetime) -> int:
    """Close periods and enqueue recaps, as the jobs do at that time; returns how many."""
    world.close(at)
    return int(world.value("call fn.run_by_account('{enqueue recaps}', %s)", at))


def member(world: World, of: Project, role: str = "viewer", at: datetime | None = None) -> UUID:
    """The id of a new member."""
    id = world.value(
        "insert into person (id, email, verified_at) select i, i || '@world.example', now()"
        " from gen_random_uuid() as i returning id"
    )
    world.ask(
        "insert into member (account_id, person_id, role, created_at) values (%s, %s, %s, %s)",
        of.account_id, id, role, at or datetime(2000, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    return UUID(str(id))


def project(world: World, zone: str, at: datetime) -> Project:
    """A new project in an account whose owner joined long ago."""
    created = world.project(zone, at)
    world.ask("update member set created_at = '2000-01-01'")
    return created


def choose(world: World, of: Project, person_id: UUID, weekly: bool, monthly: bool) -> None:
    """Update a member's choice of recaps."""
    slug = world.value("select slug from project where id = %s", of.id)
    world.ask("select fn.update_recap_choice(%s, %s, %s, %s, %s)", of.account_id, person_id, slug, weekly, monthly)


def owner(world: World, of: Project) -> UUID:
    """The owner of the project's account."""
    return UUID(str(world.value("select person_id from member where account_id = %s", of.account_id)))


# When


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "monday",
    [
        "2021-01-04",  # week 53, across New Year
        "2027-01-04",  # week 53 again
        "2024-03-04",  # the week of 29 February
        "2026-03-30",  # Rome's clocks went forward on Sunday
        "2026-10-26",  # and back
        "2026-03-09",  # New York's went forward
        "2026-11-02",  # and back
    ],
)
def test_it_comes_on_monday_at_eight_for_the_week_before(world: World, zone: str, monday: str) -> None:
    due = local(f"{monday} 08:00", zone)
    votes = world.widget(project(world, zone, due - 20 * DAY))
    world.send(votes, 1, due - 2 * DAY)
    assert enqueue(world, due - MINUTE) == 0
    assert enqueue(world, due) == 1
    assert periods(world) == [("week", date.fromisoformat(monday) - WEEK)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("first", "before"),
    [
        ("2027-01-01", "2026-12-01"),
        ("2024-03-01", "2024-02-01"),  # a leap year's February
        ("2026-04-01", "2026-03-01"),
        ("2026-11-01", "2026-10-01"),  # New York's clocks go back that very morning
    ],
)
def test_it_comes_on_the_first_at_eight_for_the_month_before(world: World, zone: str, first: str, before: str) -> None:
    due = local(f"{first} 08:00", zone)
    of = project(world, zone, due - 45 * DAY)
    choose(world, of, owner(world, of), False, True)
    world.send(world.widget(of), 1, due - 2 * DAY)
    assert enqueue(world, due - MINUTE) == 0
    assert enqueue(world, due) == 1
    assert periods(world) == [("month", date.fromisoformat(before))]


def test_it_tells_of_the_last_millisecond_and_not_of_the_first(world: World) -> None:
    monday = local("2026-10-26", "Europe/Rome")
    votes = world.widget(project(world, "Europe/Rome", monday - 20 * DAY))
    for at in (monday - timedelta(milliseconds=1), monday):
        world.send(votes, 1, at)
    enqueue(world, monday + 8 * HOUR)
    (recap,) = world.dicts("select * from fn.recap(%s, %s, 'week', '2026-10-19')", votes.account_id, votes.project_id)
    assert (recap["total"], recap["ends_on"]) == (1, date(2026, 10, 25))


def test_it_waits_for_the_period_to_be_closed(world: World) -> None:
    due = local("2026-03-30 08:00", "Europe/Rome")
    votes = world.widget(project(world, "Europe/Rome", due - 20 * DAY))
    world.send(votes, 1, due - 2 * DAY)
    assert world.value("call fn.run_by_account('{enqueue recaps}', %s)", due) == 0
    assert enqueue(world, due + 3 * HOUR) == 1


def test_it_comes_once_whatever_the_zone_becomes(world: World) -> None:
    due = local("2026-03-30 08:00", "Asia/Kathmandu")
    of = project(world, "Asia/Kathmandu", due - 20 * DAY)
    votes = world.widget(of)
    world.send(votes, 1, due - 2 * DAY)
    assert enqueue(world, due) == 1
    for zone in ("America/New_York", "Pacific/Kiritimati", "Europe/Rome"):
        world.ask("update project set time_zone = %s where id = %s", zone, of.id)
        for hours in range(0, 40, 4):
            enqueue(world, due + hours * HOUR)
    assert periods(world) == [("week", date(2026, 3, 23))]


def test_it_comes_once_in_a_year_of_all_jobs_runs(world: World) -> None:
    start = local("2026-01-05 08:00", "America/New_York")
    of = project(world, "America/New_York", start - 20 * DAY)
    choose(world, of, owner(world, of), True, True)
    votes = world.widget(of)
    for day in range(0, 371, 3):
        world.send(votes, 1, start + day * DAY)
    for hours in range(0, 24 * 371, 9):  # at any hour of a day, some before and some after eight
        enqueue(world, start + hours * HOUR)
    closed = periods(world)
    assert len(closed) == len(set(closed))
    assert {starts_on for unit, starts_on in closed if unit == "month"} == {
        date(2026, month, 1) for month in range(1, 13)
    }
    assert [starts_on for unit, starts_on in closed if unit == "week"] == [
        date(2026, 1, 5) + n * WEEK for n in range(52)
    ]


@pytest.mark.parametrize("weeks", [1, 5, 30])
def test_it_makes_up_for_the_newest_after_an_outage_and_for_no_other(world: World, weeks: int) -> None:
    due = local("2026-03-02 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 30 * DAY)
    choose(world, of, owner(world, of), True, True)
    votes = world.widget(of)
    for n in range(-4, weeks):
        world.send(votes, 1, due + n * WEEK + DAY)
    enqueue(world, due)
    had = periods(world)
    back = due + weeks * WEEK + 5 * DAY + 3 * HOUR
    enqueue(world, back)
    enqueue(world, back + HOUR)
    new = [period for period in periods(world) if period not in had]
    monday = date(2026, 2, 23) + weeks * WEEK
    month = (back.date().replace(day=1) - DAY).replace(day=1)
    assert new == sorted(
        [("week", monday)] + [("month", month)] * (("month", month) not in had), key=lambda each: (each[1], each[0])
    )


def test_it_is_given_up_when_the_next_is_due_or_a_week_is_over(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")  # a Monday
    of = project(world, "Europe/Rome", due - 40 * DAY)
    choose(world, of, owner(world, of), True, True)
    world.send(world.widget(of), 1, due - 2 * DAY)
    enqueue(world, due + 4 * DAY)
    rows = dict(world.ask("select context ->> 'unit', give_up_at from mail where template = 'recap'"))
    assert rows == {"week": local("2026-06-08 08:00", "Europe/Rome"), "month": due + 11 * DAY}


def test_a_new_project_gets_none_of_the_time_before_it(world: World) -> None:
    due = local("2026-03-30 08:00", "Europe/Rome")
    world.send(world.widget(project(world, "Europe/Rome", due + DAY)), 1, due - 2 * DAY)
    assert enqueue(world, due + 2 * DAY) == 0
    assert enqueue(world, due + WEEK) == 1  # one of its first quiet week, because the week before was not quiet


# Without news


def test_it_tells_of_the_first_quiet_week_and_then_is_silent_until_there_is_news(world: World) -> None:
    due = local("2026-03-02 08:00", "Asia/Kathmandu")
    of = project(world, "Asia/Kathmandu", due - 30 * DAY)
    votes = world.widget(of)
    queued_recaps = []
    for n in range(8):
        if n in (0, 1, 5):
            world.send(votes, 1, due + n * WEEK - 2 * DAY)
        queued_recaps.append(enqueue(world, due + n * WEEK))
    assert queued_recaps == [1, 1, 1, 0, 0, 1, 1, 0]


def test_it_is_silent_about_what_never_had_a_response(world: World) -> None:
    due = local("2026-03-02 08:00", "UTC")
    project(world, "UTC", due - 30 * DAY)
    assert [enqueue(world, due + n * WEEK) for n in range(6)] == [0] * 6


# Who


@pytest.mark.parametrize(
    ("weekly", "monthly", "units"),
    [(True, False, ["week"]), (False, True, ["month"]), (True, True, ["month", "week"]), (False, False, [])],
)
def test_members_get_what_they_chose(world: World, weekly: bool, monthly: bool, units: list[str]) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")  # a Monday
    of = project(world, "Europe/Rome", due - 40 * DAY)
    choose(world, of, owner(world, of), False, False)
    choose(world, of, member(world, of), weekly, monthly)
    world.send(world.widget(of), 1, due - 2 * DAY)
    assert enqueue(world, due) == len(units)
    assert sorted(unit for unit, _ in periods(world)) == units


def test_members_of_every_role_get_the_weekly_one_until_they_choose(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 40 * DAY)
    for role in ("viewer", "editor", "admin"):
        member(world, of, role)
    late, unverified = member(world, of, at=due + MINUTE), member(world, of)
    world.ask("update person set verified_at = null where id = %s", unverified)
    world.send(world.widget(of), 1, due - 2 * DAY)
    assert enqueue(world, due + HOUR) == 4
    assert not [row for row in queued_recaps(world) if row[0].split("@")[0] in (str(late), str(unverified))]


def test_others_get_it_from_when_they_said_yes_until_they_unsubscribe(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 40 * DAY)
    choose(world, of, owner(world, of), False, False)
    votes = world.widget(of)
    slug = world.value("select slug from project where id = %s", of.id)

    def ask(email: str, token: bytes, at: datetime) -> None:
        world.ask(
            "select fn.invite_recap_recipient(%s, %s, %s, %s, true, false, sha256(%s), 'https://x', %s)",
            of.account_id, owner(world, of), slug, email, token, at,
        )  # fmt: skip

    def week(n: int) -> list[str]:
        world.ask("delete from mail")
        world.send(votes, 1, due + n * WEEK - 2 * DAY)
        enqueue(world, due + n * WEEK)
        return [recipient for recipient, _, _ in queued_recaps(world)]

    ask("Boss@Example.com ", b"one", due - DAY)
    assert world.ask("select recipient, template from mail") == [("boss@example.com", "recap_invitation")]
    assert week(0) == []
    for token, does in ((b"two", False), (b"one", True), (b"one", False)):
        assert world.value("select fn.confirm_recap_recipient(sha256(%s), %s)", token, due + DAY) is does
    assert week(1) == ["boss@example.com"]
    id = world.value("select id from recap_recipient")
    world.ask("select fn.unsubscribe_recaps(%s, %s, %s)", of.account_id, of.id, id)
    assert world.value("select last_error from mail") == "unsubscribed"
    assert week(2) == []
    with pytest.raises(psycopg.Error, match="has unsubscribed"):
        ask("boss@example.com", b"three", due + 20 * DAY)


def test_a_link_to_say_yes_by_is_good_for_a_week(world: World) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    of = world.project("UTC", at)
    slug = world.value("select slug from project where id = %s", of.id)
    invite = "select fn.invite_recap_recipient(%s, %s, %s, 'a@example.com', true, true, sha256('x'), 'https://x', %s)"
    world.ask(invite, of.account_id, owner(world, of), slug, at)
    with pytest.raises(psycopg.Error, match="invited within the last day"):
        world.ask(invite, of.account_id, owner(world, of), slug, at + 23 * HOUR)
    world.ask(invite, of.account_id, owner(world, of), slug, at + 25 * HOUR)
    last = at + 25 * HOUR + WEEK
    sql = "select count(*) from fn.recap_invitation(sha256('x'), %s)"
    assert [world.value(sql, moment) for moment in (last - MINUTE, last + MINUTE)] == [1, 0]
    assert world.value("select fn.confirm_recap_recipient(sha256('x'), %s)", last + MINUTE) is False
    delete = "call fn.run_by_account('{delete unconfirmed recipients}', %s)"
    assert [world.value(delete, moment) for moment in (last - MINUTE, last + MINUTE)] == [0, 1]


@pytest.mark.parametrize(
    ("email", "weekly", "monthly", "queued_recaps"),
    [
        ("nobody", True, False, "This is not an email address"),
        ("a@example.com", False, False, "Choose weekly recaps, monthly ones, or both"),
    ],
)
def test_it_asks_nobody_without_an_address_or_a_recap(
    world: World, email: str, weekly: bool, monthly: bool, queued_recaps: str
) -> None:
    of = world.project()
    slug = world.value("select slug from project where id = %s", of.id)
    with pytest.raises(psycopg.Error, match=queued_recaps):
        world.ask(
            "select fn.invite_recap_recipient(%s, %s, %s, %s, %s, %s, sha256('x'), 'https://x')",
            of.account_id, owner(world, of), slug, email, weekly, monthly,
        )  # fmt: skip
    assert world.ask("select from mail") == []


def test_a_project_has_at_most_fifty_others(world: World) -> None:
    of = world.project()
    slug = world.value("select slug from project where id = %s", of.id)
    invite = "select fn.invite_recap_recipient(%s, %s, %s, %s, true, false, sha256(%s::text::bytea), 'https://x')"
    for n in range(50):
        world.ask(invite, of.account_id, owner(world, of), slug, f"p{n}@example.com", str(n))
    with pytest.raises(psycopg.Error, match="at most 50 recipients"):
        world.ask(invite, of.account_id, owner(world, of), slug, "p50@example.com", "50")


def test_nobody_waits_for_it_who_left_or_unsubscribed(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 40 * DAY)
    world.send(world.widget(of), 1, due - 2 * DAY)
    enqueue(world, due)
    id = member(world, of)

    def waiting(to: UUID, is_asked: bool = False) -> int:
        sql = "select count(*) from fn.mailed_recap(%s, %s, %s, 'week', '2026-05-25', %s)"
        return int(world.value(sql, of.account_id, of.id, to, is_asked))

    assert waiting(id) == 1
    world.ask("select fn.unsubscribe_recaps(%s, %s, %s)", of.account_id, of.id, id)
    assert (waiting(id), waiting(id, is_asked=True)) == (0, 1)
    world.ask("delete from member where person_id = %s", id)
    assert waiting(id, is_asked=True) == 0
    world.ask("select fn.unsubscribe_recaps(%s, %s, %s)", of.account_id, of.id, id)  # does nothing, says nothing
    world.ask("select fn.purge_project(%s, %s)", of.account_id, of.id)
    assert waiting(owner(world, of)) == 0


def test_two_at_once_enqueue_it_once(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    for _ in range(20):
        of = project(world, "Europe/Rome", due - 40 * DAY)
        world.send(world.widget(of), 1, due - 2 * DAY)
    world.close(due)
    barrier, counts = threading.Barrier(4), list[int]()

    def run() -> None:
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            barrier.wait()
            row: Any = connection.execute("call fn.run_by_account('{enqueue recaps}', %s)", [due]).fetchone()
            counts.append(row[0])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == len(queued_recaps(world)) == 20


@pytest.mark.parametrize(
    "change",
    [
        "update project set archived_at = now() where id = %(project)s",
        "update account set deletion_at = now() + interval '7 days' where id = %(account)s",
    ],
)
def test_archived_or_deleted_projects_send_no_recap(world: World, change: str) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 40 * DAY)
    world.send(world.widget(of), 1, due - 2 * DAY)
    world.connection.execute(change.encode(), {"project": of.id, "account": of.account_id})
    assert enqueue(world, due) == 0


def test_it_quotes_no_spam_no_test_and_nothing_twice(world: World) -> None:
    due = local("2026-06-01 08:00", "Europe/Rome")
    of = project(world, "Europe/Rome", due - 40 * DAY)
    messages = world.widget(of, "message")
    texts = (
        "Fine words that are worth it",
        "fine words that are worth it",
        "Spam, spam, spam",
        "Only a test",
        "Too late",
    )
    at = due - 2 * DAY
    ids = [world.send(messages, 1, at + n * MINUTE if n < 4 else due, "/a").id for n in range(5)]
    for id, text in zip(ids, texts, strict=True):
        world.ask("update response set body = %s where id = %s", text, id)
    world.ask(
        "insert into message_state (account_id, response_id, project_id, widget_id, folder, moved_at)"
        " values (%s, %s, %s, %s, 'spam', now())",
        of.account_id, ids[2], of.id, messages.id,
    )  # fmt: skip
    world.ask("update response set counted_on = null where id = %s", ids[3])
    rows = world.dicts("select * from fn.recap_messages(%s, %s, '2026-05-25', '2026-05-31', 5)", of.account_id, of.id)
    assert [row["body"] for row in rows] == ["fine words that are worth it"]
