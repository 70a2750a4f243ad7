"""Every function that acts for an account: as each role, as a stranger, as nobody. One without a case fails."""

import re
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from tests.panel.permissions.cases import ROLES, Call
from tests.panel.permissions.conftest import CALLS

Pool = asyncpg.Pool


async def test_every_function_has_a_case(pool: "Pool[asyncpg.Record]") -> None:
    wanted = {row[0] for row in await pool.fetch("select name from fn.callable where acts_as = 'account'")}
    assert {re.findall(r"fn\.(\w+)", call.sql)[0] for call in CALLS} == wanted


@pytest.mark.parametrize("call", CALLS, ids=lambda call: re.findall(r"fn\.(\w+)", call.sql)[0])
async def test_it_is_for_members_of_its_role(
    pool: "Pool[asyncpg.Record]",
    app_pool: "Pool[asyncpg.Record]",
    people: dict[str, UUID],
    account_id: UUID,
    call: Call,
) -> None:
    sql = await _filled(pool, call, account_id)
    other_id = await pool.fetchval("select account_id from member where person_id = $1", people["stranger"])
    outside = [
        TenantPool(app_pool, None),
        TenantPool(app_pool, other_id, people["stranger"]),
        TenantPool(app_pool, account_id, people["stranger"]),  # what a fault in the panel could do
    ]
    # Of a function that only looks, row security alone may hide all; what changes something must ask who it is.
    for actor in outside[: 2 if call.least == "viewer" else 3]:
        await _shows_nothing(actor, sql)
    at = ROLES.index(call.least)
    for role in ROLES[:at]:
        with pytest.raises(FeelbackError) as refused:
            await _rows(TenantPool(app_pool, account_id, people[role]), sql)
        assert refused.value.status == 403, role
    await _rows(TenantPool(app_pool, account_id, people[call.least]), sql)


async def _filled(pool: "Pool[asyncpg.Record]", call: Call, account_id: UUID) -> str:
    project_id = await pool.fetchval("select id from project where account_id = $1 and slug = 'demo'", account_id)
    set_id = await pool.fetchval("select id from content_set where account_id = $1 and type = 'updown'", account_id)
    ids = {"account": account_id, "project": project_id, "set": set_id}
    if call.ids:
        ids |= dict(await pool.fetchrow(call.ids, account_id) or {})
    return re.sub(r"\{(\w+)\}", lambda found: f"'{ids[found[1]]}'", call.sql)


async def _rows(actor: TenantPool, sql: str) -> list[asyncpg.Record]:
    async with db._acquire(actor) as asked:
        return list(await asked.fetch(sql))


async def _shows_nothing(actor: TenantPool, sql: str) -> None:
    try:
        rows = await _rows(actor, sql)
    except FeelbackError as error:
        if error.status != 404:
            raise
    else:
        assert [row for row in rows if any(value not in (None, 0, "", []) for value in row.values())] == []
