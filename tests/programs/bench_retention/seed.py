"""A project with a million expired responses, and one of the same account that keeps as many forever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

PAGES = 500
DAYS = timedelta(days=300)  # over which the old responses are spread
RETENTION_DAYS = 30
# In the order of their time, and each with a visit that never expires, as of a visitor with a token.
ROWS = """
with placement as (
    select c.*, w.project_id, row_number() over (order by c.id) - 1 as no
    from placement as c join widget as w on w.account_id = c.account_id and w.id = c.widget_id
), stored as (
    insert into response (
        account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key
    )
    select c.account_id, fn.uuid_v7(s.at), c.widget_id, c.id, 1 + s.n %% 2, s.at::date, s.at, s.hash, s.hash
    from (
        select n, %(since)s + (n - 1) * %(step)s::interval as at, uuid_send(gen_random_uuid()) as hash
        from generate_series(%(first)s::integer, %(last)s::integer) as n
    ) as s
    join placement as c on c.no = s.n %% (select count(*) from placement)
    returning account_id, id, placement_id, dedup_key
)
insert into visit (account_id, dedup_key, placement_id, response_id, expires_at)
select account_id, dedup_key, placement_id, id, 'infinity' from stored
"""
TALLIES = (
    "insert into tally_day (account_id, placement_id, day, option_no, count, rolled)"
    " select account_id, placement_id, counted_on, option_no, count(*), count(*) from response group by 1, 2, 3, 4",
    "insert into tally (account_id, placement_id, option_no, count)"
    " select account_id, placement_id, option_no, sum(count) from tally_day group by 1, 2, 3",
    "vacuum (analyze)",
    "checkpoint",
)


@dataclass(frozen=True)
class Seed:
    """The two widgets, and how many responses each project has."""

    account_id: UUID
    brief_id: UUID
    keeps_id: UUID
    brief_widget: UUID
    keeps_widget: UUID
    rows: int


def create(connection: psycopg.Connection, rows: int, progress: Callable[[str], None]) -> Seed:
    """Load `rows` expired responses, and as many that are kept."""
    now = datetime.now(UTC)
    since = now - DAYS - timedelta(days=RETENTION_DAYS + 5)
    connection.execute("set time zone 'UTC'")
    connection.execute("set synchronous_commit = off")
    connection.execute("select fn.create_partitions(%s, 13)", [since])
    account_id = _id(connection, "select account_id from fn.create_account('Bench', 'bench@example.com', null)")
    ids = []
    for slug in ("brief", "keeps"):
        project_id = _id(
            connection, "select fn.create_project(%s, 'Bench', %s, 'UTC', '{*}', %s)", account_id, slug, since
        )
        widget_id = _id(connection, "select fn.create_widget(%s, %s, 'Votes', 'updown')", account_id, project_id)
        connection.execute(
            "select fn.create_placements(array_fill(%s::uuid, array[%s]), array_fill(%s::uuid, array[%s]),"
            " array(select '/page-' || n from generate_series(1, %s) as n), 100000)",
            [account_id, PAGES, widget_id, PAGES, PAGES],
        )
        ids += [project_id, widget_id]
    chunk = 100_000
    for first in range(1, 2 * rows + 1, chunk):
        last = min(first + chunk - 1, 2 * rows)
        values = {"since": since, "step": DAYS / (2 * rows), "first": first, "last": last}
        connection.execute(ROWS.encode(), values, prepare=False)
        if last % 500_000 == 0:
            progress(f"{last:,} of {2 * rows:,} responses")
    for statement in TALLIES:
        connection.execute(statement.encode())
    connection.execute(
        "update project set retention_days = %s where account_id = %s and id = %s",
        [RETENTION_DAYS, account_id, ids[0]],
    )
    return Seed(account_id, ids[0], ids[2], ids[1], ids[3], rows)


def left(connection: psycopg.Connection, seed: Seed) -> tuple[int, int]:
    """How many old responses each of the two projects still has."""
    counts = dict(
        connection.execute(
            "select widget_id, count(*) from response"
            " where account_id = %s and counted_on < current_date - %s::integer group by 1",
            [seed.account_id, RETENTION_DAYS],
        ).fetchall()
    )
    return counts.get(seed.brief_widget, 0), counts.get(seed.keeps_widget, 0)


def _id(connection: psycopg.Connection, sql: str, *arguments: object) -> UUID:
    row = connection.execute(sql.encode(), arguments).fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]
