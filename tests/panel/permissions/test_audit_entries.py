"""Every function that acts for an account and changes something writes an audit entry; one that reads writes none."""

from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from tests.panel.permissions.cases import Call
from tests.support.permission_cases import CALLS, filled_call, function_name

Pool = asyncpg.Pool
# Changes that the other members of the account need not know of.
WITHOUT_ENTRY = {
    "update_recap_choice": "which recaps one gets oneself",
    "request_recap": "mails a recap to the person who requests it",
    "update_passages": "where passages are on a page that has changed",
    "update_window_choice": "what one's own screens show",
    "request_billing": "asks Stripe again",
    "update_customer": "Stripe's name for the account; what is bought has an entry by request_billing_sync",
}


@pytest.mark.parametrize("call", CALLS, ids=function_name)
async def test_a_change_writes_an_audit_entry(
    pool: "Pool[asyncpg.Record]",
    app_pool: "Pool[asyncpg.Record]",
    people: dict[str, UUID],
    account_id: UUID,
    call: Call,
) -> None:
    name = function_name(call)
    changes = await pool.fetchval("select bool_or(provolatile = 'v') from pg_proc where proname = $1", name)
    sql = await filled_call(pool, call, account_id)
    entries = "select count(*) from audit where account_id = $1"
    before = await pool.fetchval(entries, account_id)
    async with db._acquire(TenantPool(app_pool, account_id, people[call.least])) as connection:
        await connection.fetch(sql)
    count = await pool.fetchval(entries, account_id) - before
    assert count == (1 if changes and name not in WITHOUT_ENTRY else 0)


async def test_exempt_functions_are_volatile(pool: "Pool[asyncpg.Record]") -> None:
    rows = await pool.fetch(
        "select c.name from fn.callable as c join pg_proc as p on p.proname = c.name "
        "where c.acts_as = 'account' and p.provolatile = 'v'"
    )
    assert WITHOUT_ENTRY.keys() <= {row[0] for row in rows}
    assert len(rows) > 15 + len(WITHOUT_ENTRY)
