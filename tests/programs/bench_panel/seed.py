"""One project with all the responses, and somebody who is signed in."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.programs.bench_rollup import history, tenants
from tests.programs.bench_rollup.scale import Scale

FACTS = """
select
    (
        select c.page_id from bench.placement as b join placement as c on c.id = b.placement_id order by b.no limit 1
    ) as busy,
    (select placement_id from bench.placement order by no desc limit 1) as quiet,
    (select widget_id from bench.widget order by widget_no limit 1) as widget,
    (select o.value from option as o, bench.widget as s where o.widget_id = s.widget_id and s.widget_no = 1
        order by o.no desc limit 1) as option,
    (select id from response order by id desc limit 1) as response
"""


def load(
    connection: psycopg.Connection, rows: int, placements: int, until: datetime, progress: Any
) -> dict[str, object]:
    """Loads a project of `rows` responses in two years on `pages` pages; what its addresses are made of."""
    tenants.create(connection, Scale((rows,), 1, 1, placements, 0), until - history.YEARS)
    history.create_partitions(connection, until)
    history.add_rows(connection, rows, placements, until, progress)
    progress("tallies, windows and periods")
    history.count(connection)
    history.rebuild(connection, until)
    history.settle(connection)
    with connection.cursor(row_factory=dict_row) as cursor:
        facts = cursor.execute(FACTS).fetchone()
    assert facts
    today = until.date()
    days = {"from_day": today - timedelta(400), "to_day": today - timedelta(341), "long_ago": today - timedelta(600)}
    return {**facts, **days}


def sign_in(connection: psycopg.Connection) -> str:
    """The token of a session of the project's owner."""
    token = secrets.token_urlsafe(32)
    connection.execute("update installation set claimed_at = now()")
    connection.execute("select fn.create_session(person_id, %s) from member limit 1", [sha256(token.encode()).digest()])
    return token
