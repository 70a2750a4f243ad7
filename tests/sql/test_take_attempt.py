import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg

Pool = asyncpg.Pool
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
SQL = "select fn.take_attempt(sha256('a'), 10, '1 minute', $1)"


async def test_it_gives_tries_back_one_by_one(pool: "Pool[asyncpg.Record]") -> None:
    async def take(seconds: float) -> int:
        return int(await pool.fetchval(SQL, NOW + timedelta(seconds=seconds)))

    assert [await take(0) for _ in range(12)] == [0] * 10 + [6, 6]
    assert [await take(5.5), await take(6), await take(6)] == [1, 0, 6]
    assert [await take(40) for _ in range(7)] == [0] * 5 + [2, 2]
    assert [await take(3600) for _ in range(11)] == [0] * 10 + [6]


async def test_it_counts_each_key_by_itself(pool: "Pool[asyncpg.Record]") -> None:
    for key in ("a", "b"):
        sql = "select fn.take_attempt(sha256($1::text::bytea), 1, '1 hour', $2)"
        assert [await pool.fetchval(sql, key, NOW) for _ in range(2)] == [0, 3600]


async def test_it_gives_no_try_twice_to_those_who_ask_at_once(pool: "Pool[asyncpg.Record]") -> None:
    waits = await asyncio.gather(*(pool.fetchval(SQL, NOW) for _ in range(40)))
    assert waits.count(0) == 10


async def test_it_forgets_who_has_all_tries_again(pool: "Pool[asyncpg.Record]") -> None:
    await pool.fetchval(SQL, NOW)
    assert await pool.fetchval("select fn.purge_batch('delete old attempts', $1)", NOW + timedelta(seconds=5)) == 0
    assert await pool.fetchval("select fn.purge_batch('delete old attempts', $1)", NOW + timedelta(seconds=6)) == 1
