"""Jobs on a cluster: each account's work is done on its node, and what is wrong with one stops no other."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from app.database import distribution
from tests.support import citus
from tests.support.destinations import destination
from tests.support.factories import Project
from tests.support.sql_world import World


@pytest.fixture
def spread(server: str, template: str) -> Iterator[World]:
    """Four accounts or more, on both workers, each with a response that is counted and not rolled up."""
    with citus.clone(server, "spread", template) as dsn:
        world = World(dsn)
        world.ask("set statement_timeout = 0")
        world.ask("select fn.create_partitions()")
        count = 0
        while count < 4 or len({place.port for place in distribution.places(world.connection)}) < 2:
            count += 1
            widget = world.widget(world.project())
            page, placement = uuid.uuid4(), uuid.uuid4()
            world.ask(
                "insert into page (account_id, id, project_id, key, created_at) values (%s, %s, %s, '/a', now())",
                widget.account_id, page, widget.project_id,
            )  # fmt: skip
            world.ask(
                "insert into placement (account_id, id, widget_id, page_id, key, created_at)"
                " values (%s, %s, %s, %s, '/a', now())",
                widget.account_id, placement, widget.id, page,
            )  # fmt: skip
            world.ask(
                "insert into response"
                " (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body)"
                " values (%s, %s, %s, %s, 1, current_date, now(), 'Words')",
                widget.account_id, world.value("select fn.uuid_v7(now())"), widget.id, placement,
            )  # fmt: skip
            for table, columns in (("tally_day", "placement_id, day"), ("tally", "placement_id")):
                world.ask(
                    f"insert into {table} (account_id, {columns}, option_no, count)"
                    f" values (%s, %s{', current_date' if 'day' in columns else ''}, 1, 1)",
                    widget.account_id, placement,
                )  # fmt: skip
        yield world
        world.close_connection()


def rolled(world: World) -> set[uuid.UUID]:
    """The accounts whose responses have been rolled up."""
    return {account for (account,) in world.ask("select account_id from project_day where count = 1")}


@citus.needs_citus
def test_jobs_work_for_each_account_on_its_node(spread: World) -> None:
    accounts = {account for (account,) in spread.ask("select account_id from project")}
    assert len({place.port for place in distribution.places(spread.connection)}) > 1
    spread.ask("call fn.refresh_stats()")
    assert rolled(spread) == accounts
    assert spread.value("select count(distinct account_id) from placement_score") == len(accounts)
    assert spread.value("call fn.run_by_account('{gather messages}')") == len(accounts)
    assert spread.value("call fn.run_by_account('{close periods}', now() + interval '8 days')") > 0
    assert spread.value("select count(*) from period where unit = 'week' and scope = 'project'") == len(accounts)
    assert spread.value("call fn.run_by_account('{enqueue recaps}', now() + interval '8 days')") == len(accounts)
    spread.ask(
        "insert into event (account_id, id, project_id, type, created_at)"
        " select account_id, gen_random_uuid(), id, 'test', now() - interval '31 days' from project"
    )
    spread.ask("call fn.purge('delete old events')")
    assert spread.value("select count(*) from event") == 0
    spread.ask("update message_state set folder = 'deleted', moved_at = now() - interval '8 days'")
    assert spread.value("call fn.run_by_account('{delete deleted messages}')") == len(accounts)
    assert spread.value("select count(*) from response") == 0
    spread.ask(
        "insert into deletion (account_id, id, project_id, kind, name, responses, requested_at)"
        " select account_id, id, id, 'project', name, 0, now() - interval '1 hour' from project"
    )
    spread.ask("call fn.run_by_account('{continue deletions}')")
    assert spread.value("select count(*) from project") == 0
    # Each of them runs where there is nothing to do.
    names = [name for (name,) in spread.ask("select name from fn.account_job")]
    assert spread.value("call fn.run_by_account(%s)", names) == 0


@citus.needs_citus
def test_a_locked_or_faulty_account_stops_no_other_on_another_node(spread: World) -> None:
    first, *rest = sorted(account for (account,) in spread.ask("select account_id from project"))
    second = rest.pop()
    spread.ask(f"alter table project_day add constraint fault check (account_id <> '{second}')")
    with closing(psycopg.connect(spread.dsn)) as other:
        other.execute("select from tally_day where account_id = %s for update", [first])
        with pytest.raises(
            psycopg.errors.RaiseException, match=f"2 accounts failed. roll up tallies of account {second}"
        ):
            spread.ask("call fn.refresh_stats()")
    assert rolled(spread) == set(rest)
    spread.ask("alter table project_day drop constraint fault")
    spread.ask("call fn.refresh_stats()")
    assert rolled(spread) == {first, second, *rest}


@citus.needs_citus
def test_every_job_runs(spread: World) -> None:
    spread.ask("select fn.sync_plan_prices(true, '[]')")
    jobs = spread.ask("select name, command from fn.job")
    for _, command in jobs:
        spread.ask(command)
    assert len(jobs) > 40


@citus.needs_citus
def test_events_of_each_account_are_delivered(spread: World) -> None:
    projects = [Project(*row) for row in spread.ask("select account_id, id from project")]
    for project in projects:
        destination(spread, project, events=["response.created"])
        spread.send(spread.widget(project), 1, datetime.now(UTC))
    at = datetime.now(UTC) + timedelta(minutes=2)
    assert spread.value("call fn.run_by_account('{emit votes}', %s)", at) == len(projects)
    assert spread.value("call fn.run_by_account('{emit votes}', %s)", at) == 0
    matched = [spread.value("select fn.match_events(%s)", at) for _ in range(len(projects) + 1)]
    assert matched == [1] * len(projects) + [0]
    claimed = [row for _ in projects for row in spread.dicts("select * from fn.claim_delivery(%s)", at)]
    assert spread.ask("select * from fn.claim_delivery(%s)", at) == []
    assert {row["account_id"] for row in claimed} == {project.account_id for project in projects}
    for row in claimed:
        mark = "select fn.mark_delivery(%s, %s, 1, null, 200, null, 5, false, null, %s)"
        assert spread.value(mark, row["account_id"], row["id"], at) == "delivered"


@citus.needs_citus
def test_exports_of_each_account_are_claimed_once(spread: World) -> None:
    spread.ask(
        "insert into export (account_id, id, project_id, person_id, kind, format, requested_at, expected)"
        " select p.account_id, gen_random_uuid(), p.id, m.person_id, 'responses', 'csv', now() - interval '1 minute', 1"
        " from project as p join member as m on m.account_id = p.account_id"
    )
    count = spread.value("select count(*) from export")
    claim = uuid.uuid4()
    claimed = [spread.ask("select account_id, id from fn.claim_export(%s)", claim) for _ in range(count + 1)]
    assert claimed[-1] == []
    assert len({row for rows in claimed for row in rows}) == count
    for account_id, id in (row for rows in claimed for row in rows):
        assert spread.value("select fn.finish_export(%s, %s, %s, 'https://example.com')", account_id, id, claim)
    assert spread.value("select count(*) from mail where template = 'export_ready'") == count


@citus.needs_citus
def test_usage_and_payments_of_each_account_are_announced(spread: World) -> None:
    accounts = spread.value("select count(*) from account")
    spread.ask("select fn.sync_plan_prices(true, '[]')")
    spread.ask("update plan set responses = 1 where name = 'free'")
    spread.ask("update person set verified_at = now()")
    spread.ask("call fn.refresh_stats()")
    assert spread.value("call fn.run_by_account('{count usage}')") == accounts
    assert spread.value("call fn.run_by_account('{count usage}')") == 0
    for (account_id,) in spread.ask("select id from account"):
        spread.ask(
            "insert into customer_subscription"
            " (account_id, id, customer_id, status, plan, unit, amount, currency, created_at, trial_ends_at)"
            " values (%s, 'sub', 'cus', 'trialing', 'starter', 'month', 900, 'usd', now(), now() + interval '1 day')",
            account_id,
        )  # fmt: skip
        spread.ask(
            "insert into entitlement (account_id, id, plan, reason, starts_at, ends_at)"
            " values (%s, gen_random_uuid(), 'starter', 'grace', now() - interval '2 days', now() - interval '1 day')",
            account_id,
        )  # fmt: skip
    assert spread.value("call fn.run_by_account('{announce payments,announce grace ends}')") == 2 * accounts
    templates = dict(spread.ask("select template, count(*) from mail group by template"))
    assert templates == dict.fromkeys(["usage_notice", "trial_ending", "plan_ended"], accounts)


@citus.needs_citus
def test_wrong_counts_are_mended_on_each_node(spread: World) -> None:
    spread.ask("call fn.refresh_stats()")
    spread.ask("call fn.reconcile(now())")
    assert spread.ask("call fn.reconcile(now())")[0][::2] == (0, 0)
    for table in ("tally_day", "tally", "project_day"):
        spread.ask(f"update {table} set count = count + 1")
    spread.ask("delete from placement_window")
    differed, _, failed = spread.ask("call fn.reconcile(now())")[0]
    assert (differed >= 4 * 4, failed) == (True, 0)
    assert spread.ask("call fn.reconcile(now())")[0][::2] == (0, 0)
    assert spread.value("select array_agg(distinct count) from tally_day") == [1]
