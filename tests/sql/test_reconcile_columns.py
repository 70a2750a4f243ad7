"""Every column of every aggregate, damaged: reconciling finds it, and puts it right."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.support.settings import CITUS
from tests.support.sql_world import World, local

DAY = timedelta(days=1)
NOW = local("2026-09-15T12:00")
AGGREGATES = (
    "tally_day", "tally", "widget", "widget_day", "project_day", "project_roll", "widget_hour", "placement_window",
    "widget_window", "placement_score", "page_score", "period_close", "period", "reason_tally_day", "reason_tally",
)  # fmt: skip
# Everything else in the schema. A new table with figures that are computed from others belongs into fn.aggregate.
OTHERS = {
    # what people and pages are
    "account", "api_key", "follow_up", "invitation", "member", "option", "page", "page_key_change", "person",
    "placement", "project", "reason", "recovery_code", "window_choice",
    "session", "token", "installation", "known_browser", "known_device", "encrypted_key", "schema_version",
    # responses, and what is written with them
    "response", "response_edit", "message_state", "message_action", "visit", "address_visit", "visitor_salt", "refusal",
    "passage",
    # whose a widget or an API key is, for look-ups that do not know
    "directory",
    # what members make of messages
    "triage", "triage_action", "tag", "message_tag", "note", "saved_view", "reply", "opt_out", "tracker", "issue",
    # page views, which leave no row from which they could be counted again
    "seen_day",
    # events, and where they are sent
    "destination", "event", "event_response", "late_response", "delivery", "turn_test",
    # what owners say of their pages
    "release",
    # what undoing a merge of pages needs
    "page_merge", "merge_response", "merge_hold", "merge_visitor", "merge_visit", "merge_tally",
    "merge_reason_tally",
    # work that waits, and what became of work
    "tally_change", "period_change",
    "roll_up", "deletion", "deleted_account", "export", "job_run", "mail", "mail_body", "attempt",
    "worker_start", "message_roll", "export_part", "network_day", "write_check", "web_process", "backup_state",
    "reconciliation", "reconcile_result", "reconcile_slice", "retention_result", "audit",
    # recaps
    "recap_recipient", "recap_turn", "recap_choice", "recap_delivery",
    # money, of which what was used stays used
    "billing", "billing_event", "plan", "plan_price", "invoice", "subscription", "usage", "project_usage",
    "customer_subscription", "entitlement", "billing_issue", "deleted_customer", "trial",
    "schema_digest",
}  # fmt: skip
# By type, how a value is damaged; the first that a table lets in is taken.
DAMAGE = {
    "bigint": ["coalesce({c}, 0) + 3"],
    "integer": ["coalesce({c}, 0) + 3"],
    "smallint": ["coalesce({c}, 0) + 3"],
    "date": ["{c} + 1000", "{c} - 1"],
    "uuid": ["overlay(gen_random_uuid()::text placing '0000' from 1)::uuid"],  # sorts first: the next must pass over it
    "text": [
        "{c} || 'x'",
        "case {c} when 'week' then 'year' when 'placement' then 'widget' when 'widget' then 'project'"
        " else 'widget' end",
        "case {c} when 'year' then 'week' else 'month' end",
    ],
    "double precision": ["coalesce({c}, 0) + 0.25"],
    "smallint[]": ["array_append({c}, 9::smallint)"],
    "bigint[]": ["array_append({c}, 9)"],
    "timestamp with time zone": ["{c} + interval '1000 days'", "{c} - interval '9 days'"],
}
EVERY_WAY = {"date", "timestamp with time zone"}  # forward and back are not the same


@pytest.fixture(scope="module")
def counted_world(module_database: str) -> Iterator[World]:
    """Two projects with responses of some weeks to widgets of several types, rolled up and closed.

    All tests share it: each leaves it as it was, which is what it is about.
    """
    world = World(module_database)
    if not CITUS:
        world.ask("set plan_cache_mode = force_generic_plan")  # planning costs more here than what is planned
    for zone in ("Europe/Rome", "America/New_York"):
        project = world.project(zone, NOW - 80 * DAY)
        for type in ("updown", "rating", "pulse"):
            to = world.widget(project, type)
            world.follow_ups(to)
            for n in range(24):
                response = world.send(
                    to,
                    1 if type == "pulse" else 1 + n % 2,
                    NOW - 3 * n * DAY - timedelta(hours=2),
                    "/a" if n % 3 else "/b",
                )
                world.grow(response, ["a", "b"][: n % 3])
    world.close(NOW)
    yield world
    world.close_connection()


def columns(world: World, table: str) -> list[tuple[str, str, bool, bool]]:
    """Name and type of each column of a table, whether it may be null, and whether it is part of the key."""
    only = world.value("select columns from fn.aggregate where table_name = %s", table)
    rows = world.ask(
        "select a.attname, format_type(a.atttypid, null), not a.attnotnull, a.attnum = any (i.indkey::smallint[])"
        " from pg_attribute as a join pg_index as i on i.indrelid = a.attrelid and i.indisprimary"
        " where a.attrelid = ('public.' || %s)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum",
        table,
    )
    return [row for row in rows if only is None or row[0] in only]  # type: ignore[misc]


def rounded(value: Any) -> Any:
    return round(value, 9) if isinstance(value, float) else tuple(value) if isinstance(value, list) else value


def snapshot(world: World) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every aggregate that counts anything, of the accounts that there are."""
    rows_of = {}
    for table in AGGREGATES:
        listed = columns(world, table)
        names = [name for name, *_ in listed]
        selected = ", ".join(f'"{name}"' for name in (names if table != "widget" else ["id", *names]))
        counters = [name for name, type, _, is_key in listed if not is_key]
        is_counter = all(type in ("bigint", "integer") for _, type, _, is_key in listed if not is_key)
        zero = " and (" + " or ".join(f'"{name}" <> 0' for name in counters) + ")" if is_counter else ""
        rows = world.ask(f'select {selected} from "{table}" where account_id in (select id from account){zero}')
        rows_of[table] = {tuple(rounded(value) for value in row) for row in rows}
    return rows_of


def damages(world: World, table: str) -> Iterator[tuple[str, list[str], str]]:
    """What to do to a table: what it is, the expressions to try, and which rows it is for."""
    scopes = [f"scope = '{scope}'" for scope in ("placement", "widget", "project")] if table == "period" else ["true"]
    for (name, type, is_nullable, is_key), scope in itertools.product(columns(world, table), scopes):
        ways = [each.format(c=f'"{name}"') for each in DAMAGE[type]]
        for n, tried in enumerate([[way] for way in ways] if type in EVERY_WAY else [ways]):
            yield f"{table}.{name} {n} {scope}", [f'"{name}" = {each}' for each in tried], scope
        if is_nullable and not is_key:
            yield f"{table}.{name} null {scope}", [f'"{name}" = null'], f'{scope} and "{name}" is not null'
    if table != "widget":
        for scope in scopes:
            yield f"{table} deleted {scope}", [], scope


def damage(world: World, table: str, ways: list[str], where: str) -> bool:
    """Does it to the first row that takes it, in the first way that one does; whether there is any."""
    # A row that was given an account that there is not is nobody's: only deleting that account would take it away.
    where += " and account_id in (select id from account)"
    if "count" in [name for name, *_ in columns(world, table)]:
        where += " and count <> 0"  # a row of zeros says as much as none
    rows = world.rows(table, where, most=60)
    if not ways and rows:
        world.ask(f'delete from "{table}" where {rows[0]}')
        return True
    for way, row in itertools.product(ways, rows):
        column, _, expression = way.partition(" = ")
        if CITUS and column == '"account_id"':  # no row moves to another account there
            return False
        value = world.value(f'select ({expression})::text from "{table}" where {row}')
        try:
            world.ask(f'update "{table}" set {column} = {"null" if value is None else repr(value)} where {row}')
        except (psycopg.errors.UniqueViolation, psycopg.errors.CheckViolation):
            continue
        return True
    return False


@pytest.mark.parametrize("table", AGGREGATES)
def test_it_finds_and_repairs_every_column(counted_world: World, table: str) -> None:
    world = counted_world
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    sound, faults, done = snapshot(world), [], 0
    for what, ways, where in damages(world, table):
        if not damage(world, table, ways, where):
            continue
        done += 1
        differed = world.value("call fn.reconcile(%s)", NOW)
        world.close(NOW)
        have = snapshot(world)
        wrong = {name: (sound[name] ^ have[name]) for name in sound if sound[name] != have[name]}
        if not differed or wrong:
            faults.append((what, differed, wrong))
            break  # what follows would see this too
    assert faults == []
    assert done >= len(columns(world, table))
    assert world.value("call fn.reconcile(%s)", NOW) == 0


def test_it_knows_every_aggregate(counted_world: World) -> None:
    assert [name for (name,) in counted_world.ask("select table_name from fn.aggregate order by no")] == list(
        AGGREGATES
    )
    tables = counted_world.ask(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and not relispartition and relname !~ 'yoyo'"
    )
    assert {name for (name,) in tables} - OTHERS - set(AGGREGATES) == set()
