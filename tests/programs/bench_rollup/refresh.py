"""What it costs to bring the aggregates up to date after new responses."""

from functools import partial

import psycopg

from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench_rollup.clock import Cost, cost
from tests.programs.bench_rollup.scale import Scale

BATCH = 500
# By the one way in that responses have, in batches as the server commits them; each from a visitor of its own.
RESPONSES = """
select count(*)
from (
    select array_agg(account_id) as account_ids, array_agg(widget_id) as widget_ids, array_agg(key) as keys,
        array_agg(fn.uuid_v7(now())) as ids, array_agg((extract(epoch from now()) * 1000)::bigint) as created_ms,
        array_agg((now() at time zone zone)::date) as days,
        array_agg((1 + floor(power(random(), 2) * options))::smallint) as option_nos,
        array_agg(uuid_send(gen_random_uuid())) as visitors, array_agg(uuid_send(gen_random_uuid())) as dedup_keys,
        array_fill(null::text, array[count(*)::integer]) as texts,
        array_fill(null::bytea, array[count(*)::integer]) as addresses,
        array_fill(null::bigint, array[count(*)::integer]) as dedup_ms
    from (
        select n, floor(power(random(), 3) * %(placements)s)::integer as no from generate_series(1, %(responses)s) as n
    ) as s
    join bench.placement using (no)
    group by n / %(batch)s
) as b
cross join lateral fn.ingest_responses(
    account_ids, widget_ids, keys, ids, created_ms, days, option_nos, texts, texts, texts, visitors, dedup_keys,
    dedup_ms, addresses, 1000000, null
)
"""
# As if the last refresh were longer ago than it looks back: it finds these responses, and not those of the last round.
# A response's time is in whole milliseconds.
LATER = "update roll_up set gathered_at = clock_timestamp() + interval '2 minutes' - interval '5 milliseconds'"
WAITING = "select (select sum(count - rolled) from tally_day)::bigint, (select count(*) from tally_change)"
STATS = "call fn.refresh_stats()"
# After LATER: by the clock itself the last one would be in the future, and all responses would be looked at again.
STATS_LATER = "call fn.refresh_stats(clock_timestamp() + interval '2 minutes')"
# What each hour does once.
CUT = "select fn.cut_windows(account_id, array_agg(project_id)) from project_roll group by account_id"
COMMANDS = {
    "refresh of days, windows and scores": STATS_LATER,
    "refresh of the leaders": "select fn.refresh_leaders()",
    "cut of the windows at a full hour": CUT,
}


def once(connection: psycopg.Connection, scale: Scale) -> dict[str, Cost]:
    """What each refresh costs after so many new responses.

    Raises:
        BrokenCaseError: responses were refused, or the refresh left something undone.
    """
    add_responses(connection, scale)
    costs = {name: cost(connection, partial(connection.execute, sql.encode())) for name, sql in COMMANDS.items()}
    check(connection)
    return costs


def add_responses(connection: psycopg.Connection, scale: Scale) -> None:
    """Makes new responses, of now.

    Raises:
        BrokenCaseError: some were refused.
    """
    connection.execute(LATER)
    parameters = {"placements": scale.placements, "responses": scale.responses, "batch": BATCH}
    if connection.execute(RESPONSES.encode(), parameters).fetchone() != (0,):
        raise BrokenCaseError("New responses were refused.")


def check(connection: psycopg.Connection) -> None:
    """Nothing waits to be passed on.

    Raises:
        BrokenCaseError: something does.
    """
    waiting = connection.execute(WAITING).fetchone()
    if waiting != (0, 0):
        raise BrokenCaseError(f"After a refresh these responses and daily tallies wait to be passed on: {waiting}")
