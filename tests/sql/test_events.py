"""Events: which are written, matched, coalesced, claimed and marked, and what their payloads say."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.destinations import EVENTS, check_payload, destination
from tests.support.sql_world import INGEST, Project, Widget, World

NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def write(world: World, to: Widget, text: str, key: str = "/a", at: datetime = NOW) -> UUID:
    """A message, as ingestion stores it."""
    world.ask("select fn.create_partitions(%s, 0)", at)
    id = world.value("select fn.uuid_v7(%s)", at)
    world.connection.execute(INGEST.encode(), {
        "account": to.account_id, "widget": to.id, "key": key, "id": id, "no": 1, "day": at.date(), "body": text,
        "ms": round(at.timestamp() * 1000), "context": None, "visitor": b"visitor", "dedup_key": None,
    })  # fmt: skip
    return UUID(str(id))


def events(world: World) -> list[str]:
    world.ask("select fn.close_event_responses(id, now(), 100) from account")
    world.ask("call fn.run_by_account('{emit votes}', now() + interval '2 minutes')")
    return [row[0] for row in world.ask("select type from event order by created_at, id")]


def match(world: World, now: datetime) -> int:
    # Messages are due when they are stored, by the clock of the database.
    world.ask("update event_response set due_at = least(due_at, %s)", now)
    world.ask("call fn.run_by_account('{emit votes}', %s)", now)
    return int(world.value("select fn.match_events(%s)", now))


def claim(world: World, now: datetime) -> dict[str, Any] | None:
    rows = world.dicts("select * from fn.claim_delivery(%s)", now)
    return rows[0] | {"payload": check_payload(rows[0]["payload"])} if rows else None


def mark(world: World, row: dict[str, Any], problem: str | None, now: datetime, **more: Any) -> str:
    values = {"status": None, "answer": None, "duration_ms": 5, "is_final": False, "retry_after": None, **more}
    return str(
        world.value(
            "select fn.mark_delivery(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            row["account_id"], row["id"], row["attempt"], problem, *values.values(), now,
        )
    )  # fmt: skip


def test_nothing_is_written_without_a_destination_that_takes_it(world: World) -> None:
    project = world.project()
    votes, notes = world.widget(project), world.widget(project, "message")
    world.send(votes, 1, NOW)
    write(world, notes, "One")
    assert (events(world), world.ask("select 1 from event_response")) == ([], [])
    assert world.ask("select 1 from late_response") == []
    destination(world, project, events=["message.created"])
    other = world.project()
    write(world, world.widget(other, "message"), "Of another project")
    world.send(votes, 1, NOW)
    write(world, notes, "Two")
    assert (events(world), world.ask("select 1 from event_response")) == (["message.created"], [])


def test_a_message_is_sent_with_its_page_and_widget_and_without_its_visitor(world: World) -> None:
    project = world.project()
    notes = world.widget(project, "message")
    destination(world, project)
    response_id = write(world, notes, "Which key?", "https://example.com/docs")
    assert match(world, NOW + MINUTE) > 0
    row = claim(world, NOW + MINUTE)
    assert row is not None
    payload = row["payload"]
    assert payload["type"] == "message.created"
    assert payload["id"].startswith("evt_")
    assert payload["data"]["page"]["url"] == "https://example.com/docs"
    assert payload["data"]["widget"]["type"] == "message"
    assert payload["data"]["response"]["id"] == str(response_id)
    assert payload["data"]["response"]["message"] == "Which key?"
    assert "visitor" not in json.dumps(payload)
    assert row["message_id"] == payload["id"]


def test_votes_are_coalesced_by_page_and_minute(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project)
    sent = datetime.now(UTC)
    for _ in range(3):
        world.send(votes, 1, sent)
    world.send(votes, 2, sent)
    world.send(votes, 2, sent, "/b")
    assert world.ask("select 1 from event") == []
    now = datetime.now(UTC)
    assert match(world, now - MINUTE) == 0  # the minute is not over
    while match(world, now + 2 * MINUTE):
        pass
    payloads = []
    while (row := claim(world, now + 2 * MINUTE)) is not None:
        payloads.append(row["payload"]["data"])
        assert mark(world, row, None, now + 2 * MINUTE, status=200) == "delivered"
    by_page = {data["page"]["key"]: data for data in payloads}
    # The test may run over the end of a minute.
    assert sum(data["responses"] for data in payloads if data["page"]["key"] == "/a") == 4
    assert by_page["/b"]["responses"] == 1
    assert by_page["/b"]["options"][0]["count"] == 1
    assert len(payloads) <= 4
    assert world.ask("select 1 from event_response") == []


def vote_events(world: World) -> list[tuple[str, int]]:
    """The minutes of events of votes, and how many votes each has."""
    rows = world.ask(
        "select data ->> 'minute', data -> 'counts' from event where type = 'response.created' order by id"
    )
    return [(minute[11:16], sum(counts.values())) for minute, counts in rows]


def test_votes_are_written_by_nobody_but_the_job_of_the_minute(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project)
    world.send(votes, 1, datetime.now(UTC))
    assert world.ask("select 1 from event_response union all select 1 from late_response") == []
    assert world.value("call fn.run_by_account('{emit votes}', now())") == 0  # its minute is not over
    later = datetime.now(UTC) + 2 * MINUTE
    world.refresh(later)
    assert vote_events(world) == []
    world.ask("call fn.run_by_account('{emit votes}', %s)", later)
    assert [count for _, count in vote_events(world)] == [1]
    assert world.value("call fn.run_by_account('{emit votes}', %s)", later + HOUR) == 0


def test_late_votes_are_in_one_event_each(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project)
    now = datetime.now(UTC)
    world.ask("update roll_up set votes_until = date_trunc('minute', %s)", now - 10 * MINUTE)
    # Stored now, created while minutes of which no event was made yet were open, and before them.
    world.send(votes, 1, now - 5 * MINUTE)
    world.send(votes, 2, now - HOUR)
    assert world.value("select count(*) from late_response") == 2
    assert world.value("call fn.run_by_account('{emit votes}', %s)", now) == 2
    assert world.value("select count(*) from late_response") == 0
    # And after their minute had its event.
    world.send(votes, 1, now - 5 * MINUTE)
    assert world.value("call fn.run_by_account('{emit votes}', %s)", now) == 1
    assert world.value("call fn.run_by_account('{emit votes}', %s)", now + HOUR) == 0
    minute = f"{now - 5 * MINUTE:%H:%M}"
    assert sorted(vote_events(world)) == sorted([(minute, 1), (minute, 1), (f"{now - HOUR:%H:%M}", 1)])


def test_a_late_vote_of_an_open_minute_waits_for_the_event_of_it(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project)
    minute = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
    world.ask("update roll_up set votes_until = %s", minute - 5 * MINUTE)
    world.send(votes, 1, minute + timedelta(seconds=1))
    assert world.value("select count(*) from late_response") == 1
    assert world.value("call fn.run_by_account('{emit votes}', %s)", minute + timedelta(seconds=95)) == 0
    assert world.value("call fn.run_by_account('{emit votes}', %s)", minute + 3 * MINUTE) == 1
    assert vote_events(world) == [(f"{minute:%H:%M}", 1)]


def test_votes_of_an_account_with_a_fault_wait_and_no_others_are_sent_twice(world: World) -> None:
    projects = [world.project() for _ in range(3)]
    for project in projects:
        destination(world, project)
        world.send(world.widget(project), 1, datetime.now(UTC))
    at, account_id = datetime.now(UTC) + 2 * MINUTE, projects[1].account_id
    world.ask(f"alter table event add constraint fault check (account_id <> '{account_id}')")
    for later in (at, at + MINUTE):
        with pytest.raises(psycopg.errors.RaiseException, match="1 accounts failed"):
            world.ask("call fn.run_by_account('{emit votes}', %s)", later)
    assert [count for _, count in vote_events(world)] == [1, 1]
    world.ask("alter table event drop constraint fault")
    assert world.value("call fn.run_by_account('{emit votes}', %s)", at + 2 * MINUTE) == 1
    assert [count for _, count in vote_events(world)] == [1, 1, 1]
    # What is older than an hour no longer makes each run longer.
    world.ask("update roll_up set votes_until = %s", at - 5 * HOUR)
    world.ask("select fn.finish_votes(%s, false)", at)
    assert world.value("select votes_until > %s from roll_up", at - 2 * HOUR)


def test_every_vote_is_in_one_event_however_transactions_and_the_job_overlap(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project)
    now = datetime.now(UTC)
    world.send(votes, 1, now)
    with psycopg.connect(world.dsn) as other:
        other.execute("begin")
        other.execute("select now()")
        slow = World.__new__(World)
        slow.__dict__.update(world.__dict__ | {"connection": other})
        slow.send(votes, 1, now, "/b")
        # The job does not wait for it, nor close its minute.
        assert world.value("call fn.run_by_account('{emit votes}', now() + interval '29 seconds')") == 0
        other.commit()
    world.ask("call fn.run_by_account('{emit votes}', %s)", now + 3 * MINUTE)
    assert sum(count for _, count in vote_events(world)) == 2


def test_messages_tests_and_other_projects_are_no_votes(world: World) -> None:
    project, other = world.project(), world.project()
    destination(world, project, events=["response.created"])
    write(world, world.widget(project, "message"), "One")
    world.send(world.widget(other), 1, datetime.now(UTC))
    world.send(world.widget(world.project(account_id=project.account_id)), 1, NOW - HOUR)
    world.ask("call fn.run_by_account('{emit votes}', %s)", NOW + HOUR)
    assert vote_events(world) == []
    # A clock that was wrong for a while stops nothing.
    world.ask("update roll_up set votes_until = now() + interval '1 year'")
    assert world.value("call fn.run_by_account('{emit votes}', %s)", NOW) == 0
    world.send(world.widget(project), 1, datetime.now(UTC))
    assert world.value("call fn.run_by_account('{emit votes}', now() + interval '2 minutes')") == 1


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({}, 2), ({"patterns": ["/docs/*"]}, 1), ({"patterns": ["/blog/*"]}, 0), ({"has_text": True}, 2),
        ({"options": ["nothing"]}, 0), ({"events": ["export.ready"]}, 0),
    ],
)  # fmt: skip
def test_a_filter_holds_back_what_it_does_not_name(world: World, filter: dict[str, Any], count: int) -> None:
    project = world.project()
    notes = world.widget(project, "message")
    destination(world, project, **{"events": ["message.created"], **filter})
    write(world, notes, "One", "/docs/a")
    write(world, notes, "Two", "/other")
    match(world, NOW + MINUTE)
    assert world.value("select count(*) from delivery") == count


def test_a_filter_by_widget_takes_only_its_messages(world: World) -> None:
    project = world.project()
    one, other = world.widget(project, "message"), world.widget(project, "message")
    destination(world, project, widget_ids=[one.id])
    write(world, other, "Other")
    write(world, one, "One")
    match(world, NOW + MINUTE)
    row = claim(world, NOW + MINUTE)
    assert row is not None
    assert row["payload"]["data"]["response"]["message"] == "One"
    assert world.value("select count(*) from delivery") == 1


def test_a_digest_gathers_and_is_sent_once_at_its_time(world: World) -> None:
    project = world.project("Europe/Paris")
    notes = world.widget(project, "message")
    id = destination(world, project, pace="hourly")
    begin = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)
    for n in range(7):
        write(world, notes, f"Message {n}", "/a")
        match(world, begin + n * MINUTE)
    assert claim(world, begin + 30 * MINUTE) is None
    row = claim(world, begin + 40 * MINUTE)
    assert row is not None
    data = row["payload"]["data"]
    assert row["payload"]["type"] == "digest"
    assert (data["events"], data["pages"][0]["messages"]) == (7, 7)
    assert [response["message"] for response in data["pages"][0]["newest"]] == [f"Message {n}" for n in (6, 5, 4, 3, 2)]
    assert mark(world, row, None, begin + 40 * MINUTE, status=204) == "delivered"
    # Another pace sends nothing twice.
    world.ask(
        "select fn.update_destination(%s, %s, %s, null, null, null, null, null, null, null, null, 'each', null, null)",
        project.account_id, project.id, id,
    )  # fmt: skip
    match(world, begin + HOUR)
    assert claim(world, begin + 2 * HOUR) is None


def test_a_daily_digest_keeps_to_the_projects_zone(world: World) -> None:
    sql = "select fn.digest_at('daily', 9::smallint, 'America/New_York', %s)"
    assert world.value(sql, datetime(2026, 11, 25, 13, 59, tzinfo=UTC)) == datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert world.value(sql, datetime(2026, 11, 25, 14, 0, tzinfo=UTC)) == datetime(2026, 11, 26, 14, tzinfo=UTC)
    # Across the change of the clocks.
    assert world.value(sql, datetime(2026, 10, 31, 14, 0, tzinfo=UTC)) == datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_an_older_claim_marks_nothing(world: World) -> None:
    project = world.project()
    destination(world, project)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    first = claim(world, NOW)
    assert first is not None
    assert claim(world, NOW + timedelta(seconds=59)) is None
    second = claim(world, NOW + MINUTE)  # the first worker was killed
    assert second is not None
    assert (second["id"], second["attempt"], second["message_id"]) == (first["id"], 2, first["message_id"])
    assert mark(world, first, None, NOW + MINUTE, status=200) == "lost"
    assert mark(world, second, None, NOW + MINUTE, status=200) == "delivered"
    assert claim(world, NOW + DAY) is None


def test_two_connections_claim_one_delivery_of_a_destination(world: World) -> None:
    project = world.project()
    destination(world, project)
    notes = world.widget(project, "message")
    write(world, notes, "One")
    write(world, notes, "Two")
    match(world, NOW)
    with psycopg.connect(world.dsn) as other:
        from app.database import functions

        sql = functions.within(world.schema, "select id from fn.claim_delivery(%s)").encode()
        assert len(other.execute(sql, [NOW]).fetchall()) == 1
        assert claim(world, NOW) is None  # locked by the other transaction
        other.commit()
    assert claim(world, NOW) is None  # and claimed by it


def test_a_dead_receiver_loses_nothing_and_delays_no_other(world: World) -> None:
    project = world.project()
    dead, well = destination(world, project, name="Dead"), destination(world, project, name="Well")
    notes = world.widget(project, "message")
    for n in range(20):
        write(world, notes, f"Message {n}")
    match(world, NOW)
    now, attempts, delivered = NOW, 0, 0
    # Both are due; a turn each.
    for _ in range(40):
        row = claim(world, now)
        if row is None:
            break
        if row["destination_id"] == dead:
            attempts += 1
            assert mark(world, row, "connect", now) == "waiting"
        else:
            delivered += 1
            assert row["destination_id"] == well
            assert mark(world, row, None, now, status=200) == "delivered"
    assert (attempts, delivered) == (1, 20)
    written = 20
    for tick in range(7 * 24 * 12):
        now += 5 * MINUTE
        if tick % 72 == 0:  # a message every six hours of the week
            write(world, notes, f"Message {written}", at=now)
            match(world, now)
            written += 1
        while (row := claim(world, now)) is not None:
            if row["destination_id"] == dead:
                attempts += 1
                assert mark(world, row, "connect", now) == "waiting"
            else:
                delivered += 1
                assert row["attempt"] == 1
                assert mark(world, row, None, now, status=200) == "delivered"
        assert delivered == written, "the other one got a message later than at once"
    assert written == 48
    assert 15 < attempts < 40
    failing_since = world.value("select failing_since from destination where id = %s", dead)
    assert failing_since == NOW
    now += DAY / 2
    texts = set()
    while (row := claim(world, now)) is not None:
        texts.add(row["payload"]["data"]["response"]["message"])
        mark(world, row, None, now, status=200)
    assert texts == {f"Message {n}" for n in range(written)}
    assert world.value("select failing_since from destination where id = %s", dead) is None
    assert world.value("select count(*) from delivery where outcome is distinct from 'delivered'") == 0


def test_retry_after_is_obeyed_and_a_delivery_given_up_after_ten_days(world: World) -> None:
    project = world.project()
    destination(world, project)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    row = claim(world, NOW)
    assert row is not None
    assert mark(world, row, "server_error", NOW, status=503, retry_after=7200) == "waiting"
    assert claim(world, NOW + 2 * HOUR - MINUTE) is None
    row = claim(world, NOW + 2 * HOUR)
    assert row is not None
    assert mark(world, row, "server_error", NOW + 2 * HOUR, status=503, retry_after=1e9) == "waiting"
    row = claim(world, NOW + DAY + 2 * HOUR)  # a day at most
    assert row is not None
    assert mark(world, row, "server_error", NOW + 11 * DAY, status=500) == "failed"


def test_gone_disables_the_destination(world: World) -> None:
    project = world.project()
    id = destination(world, project)
    notes = world.widget(project, "message")
    write(world, notes, "One")
    write(world, notes, "Two")
    match(world, NOW)
    row = claim(world, NOW)
    assert row is not None
    assert mark(world, row, "gone", NOW, status=410, is_final=True) == "failed"
    assert claim(world, NOW + DAY) is None
    write(world, notes, "Three")
    assert world.value("select count(*) from event_response") == 0
    world.ask(
        "select fn.update_destination(%s, %s, %s, null, null, null, null, null, null, null, null, null, null, true)",
        project.account_id, project.id, id,
    )  # fmt: skip
    assert claim(world, datetime.now(UTC) + MINUTE) is not None


def test_a_deleted_response_is_not_sent(world: World) -> None:
    project = world.project()
    destination(world, project)
    id = write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    world.ask("select fn.delete_response(%s, %s)", project.account_id, id)
    assert claim(world, NOW) is None
    assert world.value("select outcome from delivery") == "dropped"


def test_growth_updates_a_message_and_other_work_emits_events(world: World) -> None:
    project = world.project()
    destination(world, project, events=[name for name in EVENTS if name != "response.created"])
    votes = world.widget(project)
    world.follow_ups(votes)
    response = world.send(votes, 1, NOW)
    world.grow(response, message="Why not")
    world.grow(response, message="Why not so")
    world.ask("select fn.add_reconcile_result(%s, %s, %s, 10, 2, null)", project.account_id, project.id, NOW)
    world.ask("select fn.add_reconcile_result(%s, %s, %s, 10, 0, null)", project.account_id, project.id, NOW)
    assert sorted(events(world)) == ["message.created", "message.updated", "reconcile.difference"]


def test_a_closed_period_is_an_event_once(world: World) -> None:
    project = world.project(at=datetime(2026, 8, 1, tzinfo=UTC))
    destination(world, project)
    world.close(datetime(2026, 8, 31, 12, tzinfo=UTC))
    world.close(datetime(2026, 8, 31, 13, tzinfo=UTC))
    rows = world.ask("select data ->> 'period', data ->> 'startsOn' from event where type = 'recap.closed' order by 1")
    assert rows == [("week", "2026-08-24")]


def test_overdue_jobs_are_events_of_operators_only(world: World) -> None:
    project, other = world.project(), world.project()
    owner_id = world.value("select person_id from member where account_id = %s", project.account_id)
    world.ask("update person set is_operator = id = %s", owner_id)
    for each in (project, other):
        destination(world, each, events=["job.overdue"])
    world.ask(
        "insert into job_run (job, due_at, started_at, finished_at) values ('refresh stats', %s, %s, %s)",
        *[NOW - DAY] * 3,
    )
    world.ask("select fn.emit_overdue_jobs(%s)", NOW)
    world.ask("select fn.emit_overdue_jobs(%s)", NOW + HOUR)
    rows = world.ask("select distinct account_id from event where data ->> 'job' = 'refresh stats'")
    assert rows == [(project.account_id,)]
    assert world.value("select count(*) from event where data ->> 'job' = 'refresh stats'") == 1


def test_a_project_takes_its_events_with_it(world: World) -> None:
    project = world.project()
    destination(world, project)
    votes = world.widget(project)
    world.send(votes, 1, NOW)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    world.ask("select fn.purge_project(%s, %s)", project.account_id, project.id)
    for table in ("event", "event_response", "delivery", "destination"):
        assert world.value(f"select count(*) from {table}") == 0, table


def test_the_mail_of_a_member_is_queued_once_and_none_to_who_has_left(world: World) -> None:
    project = world.project()
    email = world.value(
        "select email from person join member on person_id = id where account_id = %s", project.account_id
    )
    destination(world, project, type="email", url=None, secret=None, recipient=email.upper())
    notes = world.widget(project, "message")
    write(world, notes, "One")
    match(world, NOW)
    row = claim(world, NOW)
    assert row is not None
    sql = "select fn.mail_delivery(%s, %s, %s, 'https://feelback.example', %s)"
    assert world.value(sql, row["account_id"], row["id"], 1, NOW) == "delivered"
    assert world.value(sql, row["account_id"], row["id"], 1, NOW) == "lost"
    assert world.ask("select recipient from mail where template = 'event'") == [(email,)]
    write(world, notes, "Two")
    match(world, NOW)
    world.ask("delete from member where account_id = %s", project.account_id)
    row = claim(world, NOW + MINUTE)
    assert row is not None
    assert world.value(sql, row["account_id"], row["id"], 1, NOW) == "failed"
    with pytest.raises(psycopg.errors.Error, match="must be a member"):
        destination(world, project, type="email", url=None, secret=None, recipient="stranger@example.com")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 101}, "100 characters"), ({"type": "pigeon"}, "webhook, email, slack"),
        ({"url": "ftp://example.com"}, "https://"), ({"url": "https://me:pw@example.com/"}, "without a user"),
        ({"events": []}, "events must be"), ({"events": ["x"]}, "message.created"),
        ({"patterns": [""]}, "page patterns"),
        ({"patterns": ["*"] * 21}, "20 page patterns"), ({"pace": "never"}, "pace"), ({"hour": 24}, "Hours"),
        ({"hour": 99999}, "Hours"), ({"sentiments": ["sad"]}, "sentiments"),
        ({"languages": ["EN"]}, "two or three letters"), ({"languages": ["en"] * 21}, "20 languages"),
        ({"quiet_from": 5}, "Quiet hours"),
        ({"quiet_from": 5, "quiet_until": 24}, "Hours"), ({"widget_ids": [uuid.uuid4()]}, "widgets"),
    ],
)  # fmt: skip
def test_settings_that_are_not_valid_are_refused(world: World, settings: dict[str, Any], message: str) -> None:
    project = world.project()
    with pytest.raises(psycopg.errors.Error, match=message) as error:
        destination(world, project, **settings)
    assert error.value.sqlstate == "FB422"
    assert world.value("select count(*) from destination") == 0


def test_a_project_has_at_most_twenty(world: World) -> None:
    project = world.project()
    for _ in range(20):
        destination(world, project)
    with pytest.raises(psycopg.errors.Error, match="at most 20"):
        destination(world, project)


def test_a_test_event_and_a_resent_delivery_are_due_at_once(world: World) -> None:
    project = world.project()
    id = destination(world, project, pace="daily")
    delivery_id = world.value("select fn.send_test_event(%s, %s, %s, %s)", project.account_id, project.id, id, NOW)
    row = claim(world, NOW)
    assert row is not None
    assert (row["id"], row["payload"]["type"]) == (delivery_id, "test")
    assert mark(world, row, "secret", NOW, is_final=True) == "failed"
    sql = "select fn.resend_delivery(%s, %s, %s, %s, %s)"
    world.ask(sql, project.account_id, project.id, id, delivery_id, NOW + MINUTE)
    again = claim(world, NOW + MINUTE)
    assert again is not None
    assert (again["id"], again["attempt"], again["message_id"]) == (delivery_id, 2, row["message_id"])
    rows = world.dicts("select * from fn.deliveries(%s, %s, %s)", project.account_id, project.id, id)
    assert [(each["state"], each["types"], each["attempts"]) for each in rows] == [("waiting", ["test"], 2)]


@pytest.mark.parametrize("is_replay", [False, True])
def test_an_old_delivery_that_is_sent_again_is_tried_as_a_new_one(world: World, is_replay: bool) -> None:
    project = world.project()
    id = destination(world, project)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    row = claim(world, NOW)
    assert row is not None
    world.ask("update delivery set attempts = 9, created_at = %s", NOW - 20 * DAY)
    assert mark(world, row | {"attempt": 9}, "connect", NOW) == "failed"
    if is_replay:
        sql = "select fn.replay_events(%s, %s, %s, %s, %s)"
        assert world.value(sql, project.account_id, project.id, id, NOW - 21 * DAY, NOW) == 1
    else:
        sql = "select fn.resend_delivery(%s, %s, %s, %s, %s)"
        world.ask(sql, project.account_id, project.id, id, row["id"], NOW)
    for after, longest in ((timedelta(0), timedelta(seconds=6)), (MINUTE, 1.2 * MINUTE), (9 * DAY, 6 * MINUTE)):
        # Others are delivered meanwhile.
        world.ask("update destination set failures = 0, failing_since = null, retry_at = null, due_at = %s", NOW)
        row = claim(world, NOW + after)
        assert row is not None
        assert mark(world, row, "connect", NOW + after) == "waiting"
        assert world.value("select next_at from delivery") <= NOW + after + longest
    world.ask("update destination set retry_at = null, due_at = %s", NOW)
    row = claim(world, NOW + 10 * DAY + MINUTE)
    assert row is not None
    assert row["attempt"] == 13
    assert mark(world, row, "connect", NOW + 10 * DAY + MINUTE) == "failed"


def test_events_and_deliveries_are_deleted_after_thirty_days(world: World) -> None:
    project = world.project()
    destination(world, project)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    for job in ("delete old events", "delete old event deliveries"):
        assert world.value("call fn.run_by_account(%s, %s)", [job], NOW + 29 * DAY) == 0
        assert world.value("call fn.run_by_account(%s, %s)", [job], NOW + 31 * DAY) == 1


@pytest.mark.parametrize(
    ("quiet", "local", "later"),
    [
        ((22, 7), "2026-11-25 21:59", "2026-11-25 21:59"), ((22, 7), "2026-11-25 22:00", "2026-11-26 07:00"),
        ((22, 7), "2026-11-26 06:59", "2026-11-26 07:00"), ((22, 7), "2026-11-26 07:00", "2026-11-26 07:00"),
        ((12, 14), "2026-11-26 13:30", "2026-11-26 14:00"), ((12, 14), "2026-11-26 11:59", "2026-11-26 11:59"),
        ((9, 9), "2026-11-26 09:30", "2026-11-26 09:30"), ((None, None), "2026-11-26 03:00", "2026-11-26 03:00"),
        ((22, 7), "2026-10-25 00:30", "2026-10-25 07:00"),  # the clocks go back at three
    ],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_project(
    world: World, quiet: tuple[int | None, int | None], local: str, later: str
) -> None:
    at = world.value(
        "select fn.delivery_at(jsonb_populate_record(null::destination, %s), 'Europe/Paris',"
        " %s::timestamp at time zone 'Europe/Paris') at time zone 'Europe/Paris'",
        json.dumps(dict(zip(("quiet_from", "quiet_until"), quiet, strict=True))), local,
    )  # fmt: skip
    assert f"{at:%Y-%m-%d %H:%M}" == later


def test_messages_of_quiet_hours_are_one_digest_after_them(world: World) -> None:
    project = world.project()
    destination(world, project, quiet_from=22, quiet_until=7)
    notes = world.widget(project, "message")
    night = datetime(2026, 8, 3, 23, tzinfo=UTC)
    for n in range(3):
        write(world, notes, f"Message {n}")
        match(world, night + n * HOUR)
    assert claim(world, night + 7 * HOUR) is None
    row = claim(world, night + 8 * HOUR)
    assert row is not None
    assert (row["payload"]["type"], row["payload"]["data"]["events"]) == ("digest", 3)


NIGHT = datetime(2026, 8, 3, 22, 30, tzinfo=UTC)  # half an hour into quiet hours from 22 to 7
MORNING = datetime(2026, 8, 4, 7, tzinfo=UTC)


def quiet_message(world: World, at: datetime) -> tuple[Project, UUID]:
    """A message that is due at a time, and its destination with quiet hours from 22 to 7."""
    project = world.project()
    id = destination(world, project, quiet_from=22, quiet_until=7)
    write(world, world.widget(project, "message"), "One", at=at)
    match(world, at)
    return project, id


@pytest.mark.parametrize("more", [{}, {"retry_after": 1800.0}])
def test_a_failed_delivery_is_not_tried_again_in_quiet_hours(world: World, more: dict[str, float]) -> None:
    quiet_message(world, NIGHT - 31 * MINUTE)
    now = NIGHT - 31 * MINUTE
    attempts = []
    while now < MORNING + HOUR:
        if (row := claim(world, now)) is not None:
            attempts.append(now)
            assert mark(world, row, "connect", now, **more) == "waiting"
        now += MINUTE / 2
    assert len(attempts) >= 2
    assert [at for at in attempts if NIGHT - 30 * MINUTE <= at < MORNING] == []
    assert MORNING <= min(at for at in attempts if at > NIGHT) <= MORNING + MINUTE


def test_what_was_due_before_quiet_hours_and_is_late_waits_for_their_end(world: World) -> None:
    quiet_message(world, NIGHT - HOUR)
    assert claim(world, NIGHT) is None
    assert claim(world, MORNING - MINUTE) is None
    row = claim(world, MORNING)
    assert row is not None
    assert row["payload"]["data"]["response"]["message"] == "One"


def test_a_member_sends_in_quiet_hours_what_is_tried_again_after_them(world: World) -> None:
    project, id = quiet_message(world, NIGHT - HOUR)
    row = claim(world, NIGHT - HOUR)
    assert row is not None
    assert mark(world, row, "connect", NIGHT - HOUR) == "waiting"
    world.ask("select fn.send_test_event(%s, %s, %s, %s)", project.account_id, project.id, id, NIGHT)
    test = claim(world, NIGHT)
    assert test is not None
    assert test["payload"]["type"] == "test"
    # It is back, and what failed before still waits for the morning.
    assert mark(world, test, None, NIGHT, status=200) == "delivered"
    assert claim(world, NIGHT + HOUR) is None
    sql = "select fn.resend_delivery(%s, %s, %s, %s, %s)"
    world.ask(sql, project.account_id, project.id, id, row["id"], NIGHT + HOUR)
    again = claim(world, NIGHT + HOUR)
    assert again is not None
    assert mark(world, again, "connect", NIGHT + HOUR) == "waiting"
    assert claim(world, MORNING - MINUTE) is None
    assert claim(world, MORNING) is not None


def test_new_quiet_hours_hold_back_what_waits(world: World) -> None:
    project, id = quiet_message(world, NIGHT - 2 * HOUR)
    row = claim(world, NIGHT - 2 * HOUR)
    assert row is not None
    mark(world, row, "connect", NIGHT - 2 * HOUR, retry_after=3600.0)  # at 21:30
    sql = (
        "select fn.update_destination(%s, %s, %s, null, null, null, null, null, null, null, null, null, null, null, %s,"
        " _quiet_from => %s, _quiet_until => %s, _has_quiet_hours => true)"
    )
    world.ask(sql, project.account_id, project.id, id, NIGHT - 2 * HOUR, 21, 8)
    assert claim(world, MORNING + HOUR - MINUTE) is None
    assert claim(world, MORNING + HOUR) is not None


def test_a_filter_by_sentiment_takes_only_its_votes(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    destination(world, project, name="Unhappy", sentiments=["unhappy"])
    destination(world, project, name="Both", sentiments=["unhappy", "happy"])
    happy = world.value("select no from fn.scored_option where widget_id = %s and weight > 0", votes.id)
    world.send(votes, happy, NOW)
    match(world, datetime.now(UTC) + 2 * MINUTE)
    rows = world.ask(
        "select d.name from delivery as v"
        " join destination as d on d.account_id = v.account_id and d.id = v.destination_id"
    )
    assert rows == [("Both",)]


def test_a_filter_by_language_takes_only_its_messages(world: World) -> None:
    project = world.project()
    notes, votes = world.widget(project, "message"), world.widget(project)
    every = [*EVENTS, "page.turned"]
    destination(world, project, name="German", events=every, languages=["de", "nds"])
    destination(world, project, name="English", events=every, languages=["en"])
    destination(world, project, name="All", events=every)
    german, unknown = write(world, notes, "Hallo"), write(world, notes, "Aloha")
    world.ask('update response set context = \'{"$language": "de"}\' where id = %s', german)
    world.send(votes, 1, NOW)
    match(world, datetime.now(UTC) + 2 * MINUTE)
    sql = """
        select d.name, e.type, e.response_id from delivery as v
        join destination as d on d.account_id = v.account_id and d.id = v.destination_id
        cross join unnest(v.event_ids) as i (id)
        join event as e on e.account_id = v.account_id and e.id = i.id
        order by d.name, e.type, e.response_id
    """
    assert world.ask(sql) == [
        ("All", "message.created", min(german, unknown)), ("All", "message.created", max(german, unknown)),
        ("All", "response.created", None), ("German", "message.created", german),
    ]  # fmt: skip
    rows = [claim(world, datetime.now(UTC) + 2 * MINUTE) for _ in range(2)]
    assert {row["payload"]["data"].get("response", {}).get("language") for row in rows if row} <= {"de", None}
    # Events that are about no message pass it.
    world.ask("select fn.emit(%s, %s, 'recap.closed', '{}')", project.account_id, project.id)
    match(world, datetime.now(UTC) + 2 * MINUTE)
    sql = (
        "select count(*) from delivery as v cross join unnest(v.event_ids) as i (id)"
        " join event as e on e.account_id = v.account_id and e.id = i.id where e.type = 'recap.closed'"
    )
    assert world.value(sql) == 3


def test_a_destination_that_fails_for_a_day_is_paused_and_its_owner_mailed_once(world: World) -> None:
    project = world.project()
    destination(world, project)
    write(world, world.widget(project, "message"), "One")
    match(world, NOW)
    for hours in (0, 12, 25, 40):
        row = claim(world, NOW + hours * HOUR)
        assert row is not None
        assert mark(world, row, "connect", NOW + hours * HOUR) == "waiting"
        assert (world.value("select paused_at from destination") is not None) == (hours >= 25)
    assert world.value("select count(*) from mail where template = 'destination_paused'") == 1
    row = claim(world, NOW + 60 * HOUR)
    assert row is not None
    mark(world, row, None, NOW + 60 * HOUR, status=200)
    assert world.value("select paused_at from destination") is None


def test_a_replay_sends_what_was_sent_and_what_was_not(world: World) -> None:
    project = world.project()
    id = destination(world, project)
    notes = world.widget(project, "message")
    write(world, notes, "One")
    match(world, NOW)
    row = claim(world, NOW)
    assert row is not None
    mark(world, row, None, NOW, status=200)
    late = destination(world, project, name="Late")
    sql = "select fn.replay_events(%s, %s, %s, %s, %s)"
    assert world.value(sql, project.account_id, project.id, late, NOW - HOUR, NOW + HOUR) == 1
    assert world.value(sql, project.account_id, project.id, late, NOW - HOUR, NOW + HOUR) == 0  # it waits already
    assert world.value(sql, project.account_id, project.id, id, NOW + HOUR, NOW + HOUR) == 0
    assert world.value(sql, project.account_id, project.id, id, NOW - HOUR, NOW + HOUR) == 1
    rows = [claim(world, NOW + HOUR) for _ in range(2)]
    assert {each["message_id"] for each in rows if each} == {row["message_id"]}
    with pytest.raises(psycopg.errors.Error, match="last 30 days"):
        world.value(sql, project.account_id, project.id, id, NOW - 31 * DAY, NOW)


def test_each_type_of_event_is_as_the_openapi_document_says(world: World) -> None:
    project = world.project()
    every_type = [row[0] for row in world.ask("select name from fn.event_type")]
    destination(world, project, events=every_type)
    destination(world, project, events=every_type, pace="hourly")
    notes, votes = world.widget(project, "message"), world.widget(project)
    message = write(world, notes, "One")
    world.send(votes, 1, NOW)
    match(world, datetime.now(UTC) + 2 * MINUTE)
    counts = {"responses": 10, "unhappy": 5}
    data: dict[str, dict[str, Any]] = {
        "message.updated": {"responseId": str(message)},
        "message.resolved": {"responseId": str(message)},
        "page.turned": {
            "placementId": str(world.placement(votes)), "since": "2026-08-03", "before": counts, "after": counts,
        },
        "refusals.spike": {
            "hour": "2026-08-03T12:00:00.000Z", "refusals": [{"reason": "origin", "count": 60, "usual": 0.5}],
        },
        "recap.closed": {"period": "week", "startsOn": "2026-08-03"},
        "export.ready": {"export": {"id": str(project.id), "kind": "responses", "format": "csv", "rows": 5}},
        "reconcile.difference": {"checked": 10, "differed": 1},
        "job.overdue": {"job": "refresh stats"},
    }  # fmt: skip
    for type, value in data.items():
        world.ask("select fn.emit(%s, %s, %s, %s)", project.account_id, project.id, type, json.dumps(value))
    later = datetime.now(UTC) + 3 * HOUR
    match(world, later)
    later += 2 * HOUR
    types = set()
    while (row := claim(world, later)) is not None:
        types.add(row["payload"]["type"])
        mark(world, row, None, later, status=200)
    assert types == {*every_type, "digest"}
