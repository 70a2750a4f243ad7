"""Expired rows are deleted in small batches that block nobody."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD_MAIL = "delete old mail"
Pool = asyncpg.Pool


@pytest.fixture
async def mails(pool: "Pool[asyncpg.Record]") -> list[asyncpg.Record]:
    """Five mails that were sent, one a day."""
    await pool.execute("delete from mail")
    return await pool.fetch(
        "insert into mail (id, recipient, template, context, created_at, next_at, outcome, done_at)"
        " select fn.uuid_v7(at), 'ann@example.com', 'x', '{}', at, at, 'sent', at"
        " from generate_series($1::timestamptz, $2, '1 day') as at returning id",
        NOW,
        NOW + 4 * DAY,
    )


async def test_a_batch_takes_no_more_than_its_limit(pool: "Pool[asyncpg.Record]", mails: list[asyncpg.Record]) -> None:
    sql = "select fn.purge_batch($1, $2, 2)"
    assert await pool.fetchval(sql, OLD_MAIL, NOW + 30 * DAY) == 0
    assert [await pool.fetchval(sql, OLD_MAIL, NOW + 33 * DAY) for _ in range(3)] == [2, 1, 0]


async def test_it_neither_waits_for_a_locked_row_nor_takes_it(
    pool: "Pool[asyncpg.Record]", mails: list[asyncpg.Record]
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select from mail where id = $1 for update", mails[0]["id"])
        await pool.execute("call fn.purge($1, $2)", OLD_MAIL, NOW + 40 * DAY, timeout=5)
    assert await pool.fetchval("select id from mail") == mails[0]["id"]
    await pool.execute("call fn.purge($1, $2)", OLD_MAIL, NOW + 40 * DAY)
    assert await pool.fetchval("select count(*) from mail") == 0


async def test_it_goes_on_until_nothing_is_old(pool: "Pool[asyncpg.Record]", mails: list[asyncpg.Record]) -> None:
    await pool.execute(
        "insert into attempt (key, free_at) select sha256(int8send(n)), $1 from generate_series(1, 10001) as n",
        NOW,
    )
    await pool.execute("call fn.purge('delete old attempts', $1)", NOW)
    assert await pool.fetchval("select count(*) from attempt") == 0


async def test_it_takes_no_rule_that_is_not_listed(pool: "Pool[asyncpg.Record]") -> None:
    with pytest.raises(asyncpg.NoDataFoundError):
        await pool.fetchval("select fn.purge_batch('delete everything')")
