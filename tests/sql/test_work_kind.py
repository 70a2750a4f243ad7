"""A kind of work is due exactly when a worker could claim some of it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.support.people import Team

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLAIMS = {
    "mail": "select id from fn.claim_mail('localhost', $1, false)",
    "recap": "select id from fn.claim_mail('localhost', $1, true)",
    "export": "select id from fn.claim_export(gen_random_uuid(), $1)",
    "billing": "select id from fn.claim_billing_event($1)",
}


async def enqueue(team: Team, kind: str) -> None:
    if kind in ("mail", "recap"):
        sql = "select fn.enqueue_mail('a@example.com', 'recap', '{}', $1, null, $2)"
        await team.pool.execute(sql, "recap" if kind == "recap" else None, NOW)
    elif kind == "export":
        project_id = await team.do("owner", "create_project($1, 'Acorn', 'acorn')")
        call = "request_export($1, $2, 'responses', 'csv', null, null, null, null, null, null, $3)"
        await team.do("editor", call, project_id, NOW)
    else:
        await team.pool.execute("select fn.enqueue_billing('cus_1', $1)", NOW)


async def due(pool: "asyncpg.Pool[asyncpg.Record]", now: datetime) -> list[str]:
    return [row[0] for row in await pool.fetch("select name from fn.work_kind where due_at <= $1", now)]


async def starts(pool: "asyncpg.Pool[asyncpg.Record]", now: datetime) -> bool:
    return bool(await pool.fetchval("select is_due from fn.claim_worker_start('m1', $1)", now))


@pytest.mark.parametrize("kind", CLAIMS)
async def test_it_is_due_until_it_is_claimed_and_again_when_the_claim_ends(team: Team, kind: str) -> None:
    await team.pool.execute("delete from mail")
    assert not await starts(team.pool, NOW)
    await enqueue(team, kind)
    assert await due(team.pool, NOW - MINUTE) == []
    assert await due(team.pool, NOW) == [kind]
    assert await starts(team.pool, NOW)
    assert len(await team.pool.fetch(CLAIMS[kind], NOW)) == 1
    assert await due(team.pool, NOW) == []
    assert not await starts(team.pool, NOW)
    assert await due(team.pool, NOW + 6 * MINUTE) == [kind]


async def test_the_comparison_with_stripe_is_due_at_ten_past_three(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    assert await due(pool, NOW) == []
    await pool.execute("update billing set is_on = true")
    assert await due(pool, NOW) == ["billing"]
    assert await pool.fetchval("select fn.claim_comparison($1)", NOW)
    assert await due(pool, NOW) == []
    await pool.execute("select fn.finish_comparison($1, true, $1)", NOW)
    ten_past_three = NOW.replace(hour=3, minute=10) + timedelta(days=1)
    for now in (NOW, ten_past_three - timedelta(seconds=1)):
        assert await due(pool, now) == []
        assert not await pool.fetchval("select fn.claim_comparison($1)", now)
    assert await due(pool, ten_past_three) == ["billing"]
    assert await pool.fetchval("select fn.claim_comparison($1)", ten_past_three)
    assert await due(pool, ten_past_three) == []
