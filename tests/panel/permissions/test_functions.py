"""Every function that acts for an account: as each role, as a stranger, as nobody. A function without a case fails."""

from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.migrate import SQL
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from tests.panel.permissions.cases import ROLES, Call
from tests.support.permission_cases import CALLS, filled_call, function_name

Pool = asyncpg.Pool
ANY_MEMBER = "-- Any member may read this: row-level security decides, not fn.allow."
LEFT_TO_ROW_SECURITY = {
    path.stem for path in (SQL / "functions").glob("*/*.sql") if ANY_MEMBER in path.read_text().splitlines()[:2]
}


async def test_every_function_has_a_case(pool: "Pool[asyncpg.Record]") -> None:
    names = {row[0] for row in await pool.fetch("select name from fn.callable where acts_as = 'account'")}
    assert {function_name(call) for call in CALLS} == names


@pytest.mark.parametrize("call", CALLS, ids=function_name)
async def test_it_is_for_members_of_its_role(
    pool: "Pool[asyncpg.Record]",
    app_pool: "Pool[asyncpg.Record]",
    people: dict[str, UUID],
    account_id: UUID,
    call: Call,
) -> None:
    sql = await filled_call(pool, call, account_id)
    other_id = await pool.fetchval("select account_id from member where person_id = $1", people["stranger"])
    outside = [
        TenantPool(app_pool, None),
        TenantPool(app_pool, other_id, people["stranger"]),
        TenantPool(app_pool, account_id, people["stranger"]),  # as a bug in the panel could
    ]
    # Of a function that only looks, row security alone may hide all; what changes something must ask who it is.
    for actor in outside[: 2 if call.least == "viewer" else 3]:
        await _shows_nothing(actor, sql)
    at = ROLES.index(call.least)
    for role in ROLES[:at]:
        with pytest.raises(FeelbackError) as error:
            await _rows(TenantPool(app_pool, account_id, people[role]), sql)
        assert error.value.status == 403, role
    await _rows(TenantPool(app_pool, account_id, people[call.least]), sql)


@pytest.mark.parametrize("call", CALLS, ids=function_name)
async def test_it_asks_for_a_role_or_says_that_row_level_security_decides(
    pool: "Pool[asyncpg.Record]",
    app_pool: "Pool[asyncpg.Record]",
    people: dict[str, UUID],
    account_id: UUID,
    call: Call,
) -> None:
    name = function_name(call)
    sql = await filled_call(pool, call, account_id)
    # Row-level security shows them the account's rows, so that only fn.allow can refuse them.
    actor = TenantPool(app_pool, account_id, people["stranger"])
    if name in LEFT_TO_ROW_SECURITY:
        await _rows(actor, sql)
        # What changes something always asks for a role.
        assert await pool.fetchval("select bool_and(provolatile <> 'v') from pg_proc where proname = $1", name)
        return
    with pytest.raises(FeelbackError) as error:  # else its second line must be ANY_MEMBER
        await _rows(actor, sql)
    assert error.value.status == 404


async def _rows(actor: TenantPool, sql: str) -> list[asyncpg.Record]:
    async with db._acquire(actor) as connection:
        return list(await connection.fetch(sql))


async def _shows_nothing(actor: TenantPool, sql: str) -> None:
    try:
        rows = await _rows(actor, sql)
    except FeelbackError as error:
        if error.status != 404:
            raise
    else:
        assert [row for row in rows if any(value not in (None, 0, "", []) for value in row.values())] == []
