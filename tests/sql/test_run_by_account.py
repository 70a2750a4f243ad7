"""Jobs work for one account after the other: what is wrong with one stops no other."""

import json
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from app.database import roles
from tests.support.settings import CITUS, SECRET
from tests.support.sql_world import Widget, World

ROLL_UP = "call fn.run_by_account('{gather tally changes, roll up tallies}')"
TOTALS = "select account_id, sum(count) from project_day group by account_id"
# A batch of six responses, in no order of accounts or pages, as ingestion has them.
INGEST = """
    select count(*) from fn.ingest_responses(
        %(accounts)s::uuid[], %(widgets)s::uuid[], array['/0', '/1', '/0', '/1', '/0', '/1'],
        array(select fn.uuid_v7(now()) from generate_series(1, 6)),
        array_fill(extract(epoch from now())::bigint * 1000, array[6]), array_fill(%(day)s::date, array[6]),
        array[1, 2, 1, 2, 1, 2]::smallint[], array_fill(null::text, array[6]), array_fill(null::text, array[6]),
        array_fill(null::text, array[6]), array_fill(null::bytea, array[6]), array_fill(null::bytea, array[6]),
        array_fill(null::bigint, array[6]), array_fill(null::bytea, array[6]), 1000000, null
    )
"""
EDIT = """
    do $$
    declare
        _row record;
    begin
        select * into _row from public.response order by random() limit 1;
        perform fn.update_response(_row.account_id, _row.id, (3 - _row.option_no)::smallint, null, null);
    end
    $$
"""
ROUNDS = 25


@pytest.fixture
def widgets(world: World) -> list[Widget]:
    """Widgets of three accounts with a response each, in the order of their accounts; their windows are rolled."""
    widgets = sorted((world.widget(world.project()) for _ in range(3)), key=lambda widget: widget.account_id)
    world.ask("call fn.run_by_account('{roll windows}')")
    for widget in widgets:
        world.send(widget, 1, datetime.now(UTC))
    return widgets


@pytest.fixture
def other(world: World) -> Iterator[psycopg.Connection]:
    """Another connection, in a transaction."""
    with closing(psycopg.connect(world.dsn)) as connection:
        yield connection


def totals(world: World) -> dict[uuid.UUID, int]:
    return {account: int(total) for account, total in world.ask(TOTALS)}


def test_each_account_has_its_own_transaction(world: World, widgets: list[Widget]) -> None:
    assert world.value(ROLL_UP) == 6
    assert world.value("select count(distinct xmin::text) from project_day") == len(widgets)


def test_an_account_that_stays_locked_is_named_and_left_for_the_next_run(
    world: World, widgets: list[Widget], other: psycopg.Connection
) -> None:
    first, *rest = (widget.account_id for widget in widgets)
    other.execute("select from tally_day where account_id = %s for update", [first])
    with pytest.raises(psycopg.errors.RaiseException, match=f"{first}: another transaction has locked it"):
        world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys(rest, 1)
    other.rollback()
    world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys((first, *rest), 1)


def test_an_account_that_is_locked_for_a_while_is_done_at_the_end(
    world: World, widgets: list[Widget], other: psycopg.Connection
) -> None:
    other.execute("select from tally_day where account_id = %s for update", [widgets[0].account_id])
    release = threading.Timer(4, other.rollback)  # the first attempt waits for two seconds, the second for ten
    release.start()
    world.ask(ROLL_UP)
    release.join()
    assert totals(world) == {widget.account_id: 1 for widget in widgets}


def test_a_fault_of_an_account_stops_no_other_and_is_raised_at_the_end(world: World, widgets: list[Widget]) -> None:
    first, *rest = (widget.account_id for widget in widgets)
    world.ask(f"alter table project_day add constraint fault check (account_id <> '{first}')")
    with pytest.raises(psycopg.errors.RaiseException, match=f"1 accounts failed. roll up tallies of account {first}: "):
        world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys(rest, 1)
    world.ask("alter table project_day drop constraint fault")
    world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys((first, *rest), 1)


def test_what_a_fault_left_out_is_gathered_by_the_next_run(world: World, widgets: list[Widget]) -> None:
    first = widgets[0].account_id
    gathered = world.value("select gathered_at::text from roll_up")
    world.ask(f"alter table tally_change add constraint fault check (account_id <> '{first}')")
    with pytest.raises(psycopg.errors.RaiseException, match="gather tally changes"):
        world.ask(ROLL_UP)
    assert world.value("select gathered_at::text from roll_up") == gathered
    world.ask("alter table tally_change drop constraint fault")
    world.ask(ROLL_UP)
    assert totals(world) == {widget.account_id: 1 for widget in widgets}
    assert world.value("select gathered_at::text from roll_up") != gathered


def test_a_fault_that_stays_holds_the_mark_for_an_hour_at_most(world: World, widgets: list[Widget]) -> None:
    first = widgets[0].account_id
    world.ask("update roll_up set gathered_at = now() - interval '3 hours'")
    world.ask(f"alter table tally_change add constraint fault check (account_id <> '{first}')")
    with pytest.raises(psycopg.errors.RaiseException, match="gather tally changes"):
        world.ask(ROLL_UP)
    assert world.value(
        "select gathered_at between now() - interval '61 minutes' and now() - interval '59 minutes' from roll_up"
    )
    world.ask("alter table tally_change drop constraint fault")
    world.ask("update response set created_at = %s", datetime.now(UTC) - timedelta(hours=2))
    world.ask(ROLL_UP)
    assert first not in totals(world)
    world.ask("call fn.reconcile(now())")
    world.ask(ROLL_UP)
    assert totals(world) == {widget.account_id: 1 for widget in widgets}


def test_an_account_that_another_scheduler_has_is_left_to_it(
    world: World, widgets: list[Widget], other: psycopg.Connection
) -> None:
    first, *rest = (widget.account_id for widget in widgets)
    other.execute("select pg_advisory_xact_lock(hashtext('roll up tallies'), hashtext(%s))", [str(first)])
    world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys(rest, 1)


def test_windows_of_two_accounts_change_at_the_same_time(
    world: World, widgets: list[Widget], other: psycopg.Connection
) -> None:
    first, *rest = (widget.account_id for widget in widgets)
    other.execute("select fn.lock_roll_up(%s)", [first])
    with pytest.raises(psycopg.errors.RaiseException, match=f"{first}: another transaction has locked it"):
        world.ask(ROLL_UP)
    assert totals(world) == dict.fromkeys(rest, 1)
    # A process of the previous version locks all of them.
    locked = "select pg_try_advisory_xact_lock(hashtext('fn.roll_up_tallies'))"
    assert world.value(locked) is False
    other.rollback()
    assert world.value(locked) is True


def test_it_goes_on_until_an_account_has_no_more(world: World, widgets: list[Widget]) -> None:
    for n in range(250):
        world.send(widgets[1], 1, datetime.now(UTC), f"/{n}")
    world.ask(ROLL_UP)
    assert totals(world)[widgets[1].account_id] == 251
    assert world.value("select count(*) from tally_change") == 0


def test_the_role_of_jobs_may_run_each(world: World) -> None:
    names = [name for (name,) in world.ask("select name from fn.account_job")]
    with closing(psycopg.connect(roles.url(world.dsn, roles.JOBS, SECRET), autocommit=True)) as connection:
        row = connection.execute("call fn.run_by_account(%s)", [names]).fetchone()
    assert row == (0,)


def test_it_runs_no_job_that_is_not_listed(world: World) -> None:
    with pytest.raises(psycopg.errors.NoDataFound):
        world.ask("call fn.run_by_account('{delete everything}')")


def test_the_work_of_each_returns_how_much(world: World) -> None:
    faults = []
    for name, work in world.ask("select name, work from fn.account_job"):
        world.ask(f"prepare work (uuid, timestamptz, jsonb) as select {work}")
        what = {"from": "2026-09-15T12:00Z", "until": "2026-09-15T12:01Z"} if name == "emit votes" else []
        if world.ask(f"execute work (gen_random_uuid(), now(), '{json.dumps(what)}')") not in ([(0,)], []):
            faults.append(name)
        world.ask("deallocate work")
    assert faults == []


def test_batches_of_several_accounts_are_stored_while_they_are_rolled_up(world: World, widgets: list[Widget]) -> None:
    # On a cluster a batch is of one account.
    batches = [[widget] * 6 for widget in widgets] if CITUS else [[*widgets, *reversed(widgets)]]
    day = world.value("select day from fn.ingest_widget(%s, now())", widgets[0].id)
    errors: list[psycopg.Error] = []
    done = threading.Event()

    def run(sql: str, times: Iterable[object]) -> None:
        try:
            with closing(psycopg.connect(world.dsn, autocommit=True)) as connection:
                for _ in times:
                    for batch in batches if sql == INGEST else [[]]:
                        accounts, ids = [each.account_id for each in batch], [each.id for each in batch]
                        arguments = {"accounts": accounts, "widgets": ids, "day": day} if batch else None
                        connection.execute(sql.encode(), arguments)
        except psycopg.Error as error:
            errors.append(error)

    writers = [threading.Thread(target=run, args=(sql, range(ROUNDS))) for sql in (INGEST, INGEST, EDIT)]
    roll_up = threading.Thread(target=run, args=(ROLL_UP, iter(done.is_set, True)))
    for thread in (roll_up, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    roll_up.join()
    assert errors == []
    world.ask(ROLL_UP)
    each = 6 * len(batches) // len(widgets)
    assert totals(world) == {widget.account_id: 1 + each * 2 * ROUNDS for widget in widgets}
    assert world.value("call fn.reconcile(now())") == 0
