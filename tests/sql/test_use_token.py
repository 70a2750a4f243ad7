import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

Pool = asyncpg.Pool
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)


@pytest.fixture
async def person(pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("select fn.create_account('A', 'ann@example.com', null, $1)", NOW)


async def send(pool: "Pool[asyncpg.Record]", token: str, purpose: str = "reset") -> None:
    sql = "select fn.request_link('ann@example.com', $1, sha256($2::text::bytea), 'url', $3)"
    await pool.execute(sql, purpose, token, NOW)


async def use(pool: "Pool[asyncpg.Record]", token: str, purpose: str = "reset", minutes: float = 0) -> str:
    try:
        sql = "select email from fn.use_token(sha256($1::text::bytea), $2, $3)"
        return str(await pool.fetchval(sql, token, purpose, NOW + timedelta(minutes=minutes)))
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""


@pytest.mark.parametrize(("purpose", "minutes"), [("magic_link", 30), ("reset", 60)])
async def test_it_ends(pool: "Pool[asyncpg.Record]", person: None, purpose: str, minutes: int) -> None:
    await send(pool, "a", purpose)
    assert await use(pool, "a", purpose, minutes) == "FB404"
    assert await use(pool, "a", purpose, minutes - 0.1) == "ann@example.com"


async def test_one_of_many_at_once_uses_it(pool: "Pool[asyncpg.Record]", person: None) -> None:
    await send(pool, "a")
    results = await asyncio.gather(*(use(pool, "a") for _ in range(8)))
    assert sorted(results) == ["FB404"] * 7 + ["ann@example.com"]


async def test_it_uses_up_the_others_of_its_purpose_only(pool: "Pool[asyncpg.Record]", person: None) -> None:
    for token, purpose in (("a", "reset"), ("b", "reset"), ("c", "magic_link")):
        await send(pool, token, purpose)
    assert [await use(pool, "a", "magic_link"), await use(pool, "a"), await use(pool, "b")] == [
        "FB404", "ann@example.com", "FB404",
    ]  # fmt: skip
    assert await use(pool, "c", "magic_link") == "ann@example.com"


async def test_its_mail_is_not_sent_once_it_is_out_of_date(pool: "Pool[asyncpg.Record]", person: None) -> None:
    await send(pool, "a")
    assert await pool.fetchval("select give_up_at from mail") == NOW + timedelta(hours=1)
    assert await pool.fetchrow("select * from fn.claim_mail('x', $1)", NOW + timedelta(hours=1)) is None
