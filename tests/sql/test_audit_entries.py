import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from tests.support import factories

Pool = asyncpg.Pool
ADD_ENTRY = "select fn.add_audit_entry($1, $2, $3, $4)"


async def audit_entries(pool: "Pool[asyncpg.Record]") -> list[tuple[str, str, str, str]]:
    rows = await pool.fetch("select actor, what, about, details::text from audit order by at, id")
    return [tuple(row) for row in rows]


async def test_it_writes_down_who_did_what(pool: "Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool)
    key = await factories.api_key(pool, project)
    key_id = await pool.fetchval("select id from api_key")
    person_id = await pool.fetchval("select person_id from member")
    email = await pool.fetchval("select email from person")
    await pool.execute("delete from audit")
    for actor in (
        TenantPool(pool, project.account_id, person_id),
        TenantPool(pool, project.account_id, None, key_id, project.id),
        pool,
    ):
        await db.value(actor, ADD_ENTRY, project.account_id, "project.renamed", "Blog", '{"from": "Log", "to": null}')
    assert await audit_entries(pool) == [
        (email, "project.renamed", "Blog", '{"from": "Log"}'),
        (f"manage key …{key[-4:]}", "project.renamed", "Blog", '{"from": "Log"}'),
        ("command line", "project.renamed", "Blog", '{"from": "Log"}'),
    ]


async def test_it_can_only_be_added_to(pool: "Pool[asyncpg.Record]") -> None:
    await factories.account(pool)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local role feelback_panel")
        await connection.execute("select set_config('feelback.account_id', id::text, true) from account")
        for sql in ("update audit set what = 'a.b'", "delete from audit"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(sql)


@pytest.mark.parametrize("what", ["", "Project renamed", "project", "project.", "project.renamed."])
async def test_it_wants_a_noun_and_a_verb(pool: "Pool[asyncpg.Record]", what: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(ADD_ENTRY, await factories.account(pool), what, "", "{}")
