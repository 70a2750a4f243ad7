"""What each read costs, by the CPU time of the session that answers, over many projects and pages."""

from dataclasses import dataclass
from datetime import date, timedelta

import psycopg

from tests.programs.bench_rollup.clock import Cost, cost

KEYS_A_READ = 50
BUSIEST = 200


@dataclass(frozen=True)
class Read:
    """A read: the statement, and the query that makes its arguments, those of many calls."""

    name: str
    sql: str
    arguments: str


ANY_PROJECT = "select account_id, id from project order by random() limit %(calls)s"
READS = (
    Read(
        "tallies of 50 pages",
        "select * from fn.tallies(%s, %s, %s)",
        "select array_agg(account_id), array_agg(widget_id), array_agg(key) from ("
        "select mod(n, %(calls)s) as call, floor(random() * (select count(*) from bench.placement))::integer as no"
        f" from generate_series(1, %(calls)s * {KEYS_A_READ}) as n"
        ") as k join bench.placement using (no) group by call",
    ),
    Read(
        "windows of a page",
        "select * from fn.placement_windows(%s, %s)",
        "select account_id, placement_id from bench.placement order by random() limit %(calls)s",
    ),
    Read("windows of a project's widgets", "select * from fn.widget_windows(%s, %s, 30::smallint)", ANY_PROJECT),
    Read("windows of a project", "select * from fn.project_windows(%s, %s)", ANY_PROJECT),
    Read("leaders of a project", "select * from fn.leaders(%s, %s, 30::smallint)", ANY_PROJECT),
    Read(
        "trend of a project, 90 days",
        "select * from fn.trend(%s, %s, %s, %s)",
        "select account_id, id, %(today)s::date - 89, %(today)s::date from project order by random() limit %(calls)s",
    ),
    Read(
        "52 weeks of a project",
        "select * from fn.periods(%s, %s, 'week', %s, %s)",
        "select account_id, id, %(year_ago)s::date, %(today)s::date from project order by random() limit %(calls)s",
    ),
    # A page has no row for a week without a response: only of the busiest are the answers as long at every size.
    Read(
        "52 weeks of a busy page",
        "select * from fn.periods(%s, %s, 'week', %s, %s)",
        "select account_id, placement_id, %(year_ago)s::date, %(today)s::date"
        f" from bench.placement where no < {BUSIEST} order by random() limit %(calls)s",
    ),
)


def measure(connection: psycopg.Connection, read: Read, calls: int, today: date) -> tuple[Cost, float]:
    """What a call costs once warm, and how many rows it returns, on average."""
    parameters = {"calls": calls, "today": today, "year_ago": today - timedelta(days=364)}
    connection.execute("select setseed(0.5)")
    arguments = connection.execute(read.arguments.encode(), parameters).fetchall()
    rows = 0

    def call_all() -> None:
        nonlocal rows
        rows = sum(len(connection.execute(read.sql.encode(), each, prepare=True).fetchall()) for each in arguments)

    call_all()
    return cost(connection, call_all) / len(arguments), rows / len(arguments)
