"""The history: responses of two years, made in SQL, their exact tallies, and the aggregates that follow from them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg

from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench_rollup.clock import Cost, cost
from tests.programs.bench_rollup.scale import YEARS

# In the order of their time, as they come in production: the index on created_at is worth nothing otherwise.
ROWS = """
insert into response (
    account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, body
)
select
    c.account_id, fn.uuid_v7(s.at), c.widget_id, c.placement_id, 1 + floor(power(random(), 2) * c.options),
    (s.at at time zone c.zone)::date, s.at, uuid_send(gen_random_uuid()),
    case when c.is_text then 'A sentence or two, as people write them. ' || s.n end
from (
    select n, %(since)s + (n - random()) / %(rows)s * (%(until)s::timestamptz - %(since)s::timestamptz) as at,
        floor(power(random(), 3) * %(placements)s)::integer as no
    from generate_series(1, %(rows)s) as n
) as s
join bench.placement as c using (no)
"""
EMPTY = """
truncate tally, tally_day, widget_day, project_day, tally_change, placement_window, placement_score, page_score,
widget_window, project_roll, period, period_close, period_change
"""
TALLIES = (
    """
    insert into tally_day (account_id, placement_id, day, option_no, count, rolled)
    select account_id, placement_id, counted_on, option_no, count(*), count(*)
    from response group by 1, 2, 3, 4 order by 1, 2, 3, 4
    """,
    """
    insert into tally (account_id, placement_id, option_no, count)
    select account_id, placement_id, option_no, sum(count) from tally_day group by 1, 2, 3 order by 1, 2, 3
    """,
    """
    insert into widget_day (account_id, project_id, day, widget_id, option_no, count)
    select c.account_id, c.project_id, t.day, c.widget_id, t.option_no, sum(t.count)
    from tally_day as t join bench.placement as c using (account_id, placement_id)
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    """,
    """
    insert into project_day (account_id, project_id, day, count)
    select account_id, project_id, day, sum(count) from widget_day group by 1, 2, 3 order by 1, 2, 3
    """,
    "analyze tally_day, tally, widget_day, project_day",
)
WINDOWS = """
select count(fn.rebuild_windows(account_id, id, (%(now)s at time zone time_zone)::date)) from project
"""
PERIODS = "call fn.run_by_account('{close periods}', %(now)s)"


def months(until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The two years before `until`, cut where the partitions are."""
    at = until - YEARS
    while at < until:
        following = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
        yield at, min(following, until)
        at = following


def create_partitions(connection: psycopg.Connection, until: datetime) -> None:
    """Makes those of the past; those ahead are there."""
    connection.execute("select fn.create_partitions(%s, 25)", [until - YEARS])


def add_rows(
    connection: psycopg.Connection, rows: int, placements: int, until: datetime, progress: Callable[[str], None]
) -> None:
    """Adds `rows` responses, evenly over the two years before `until`."""
    connection.execute("set synchronous_commit = off")
    cuts = list(months(until))
    added = 0
    for at, (since, end) in enumerate(cuts, start=1):
        wanted = round(rows * ((end - until + YEARS) / YEARS)) - added
        connection.execute(
            ROWS.encode(), {"since": since, "until": end, "rows": wanted, "placements": placements}, prepare=False
        )
        added += wanted
        if at % 6 == 0 or at == len(cuts):
            progress(f"{added:,} of {rows:,} more responses")
    connection.execute("reset synchronous_commit")


def count(connection: psycopg.Connection) -> None:
    """Makes the tallies from the rows, all of them passed on, and empties what else is derived.

    Raises:
        BrokenCaseError: a tally is not what its rows are.
    """
    connection.execute("set work_mem = '512MB'")
    connection.execute("set synchronous_commit = off")
    for statement in (EMPTY, *TALLIES):
        connection.execute(statement.encode())
    connection.execute("reset work_mem")
    connection.execute("reset synchronous_commit")
    row = connection.execute(
        "select (select count(*) from response), (select sum(count) from tally), (select sum(count) from tally_day),"
        " (select sum(count) from widget_day), (select sum(count) from project_day)"
    ).fetchone()
    if not row or len(set(row)) > 1:
        raise BrokenCaseError(f"Rows, tallies, daily tallies, days of widgets and of projects differ: {row}")


def rebuild(connection: psycopg.Connection, now: datetime) -> tuple[Cost, Cost]:
    """Counts all windows, and closes all periods, from nothing but the daily tallies; returns what either costs."""
    return (
        cost(connection, lambda: connection.execute(WINDOWS.encode(), {"now": now})),
        cost(connection, lambda: connection.execute(PERIODS.encode(), {"now": now})),
    )


def settle(connection: psycopg.Connection) -> None:
    """Makes the materialized views, and does now what would otherwise go on beside what is measured."""
    connection.execute("update roll_up set gathered_at = now()")
    for statement in ("call fn.refresh_stats()", "select fn.refresh_leaders()", "vacuum (analyze)", "checkpoint"):
        connection.execute(statement.encode())
