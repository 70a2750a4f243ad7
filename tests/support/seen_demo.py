"""Seen counts in the demo."""

from datetime import date

import asyncpg

from tests.support.reason_demo import ReasonExample

Pool = asyncpg.Pool


async def add(pool: "Pool[asyncpg.Record]", of: ReasonExample, count: int, days_ago: int) -> date:
    """Count views of the widget on its page; the day."""
    day: date = await pool.fetchval(
        "select (now() at time zone p.time_zone)::date - $2::integer from project as p where p.id = $1",
        of.project_id, days_ago,
    )  # fmt: skip
    await pool.execute(
        "select fn.add_seen_counts(array[$1::uuid], array[$2::uuid], array[(select key from page where id = $3)],"
        " array[$4::date], array[$5::bigint])",
        of.account_id, of.widget_id, of.page_id, day, count,
    )  # fmt: skip
    return day
