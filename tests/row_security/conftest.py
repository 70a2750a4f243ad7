"""Two tenants with a row in every tenant table, read through the roles that the server signs in as."""

import asyncpg
import pytest

from tests.support import factories
from tests.support.tenants import TABLES, Tenant

Pool = asyncpg.Pool


@pytest.fixture
async def tenants(pool: "Pool[asyncpg.Record]") -> list[Tenant]:
    """Two tenants; every tenant table has at least one row of each."""
    rows = []
    for _ in range(2):
        project = await factories.project(pool)
        person_id = await pool.fetchval("select person_id from member where account_id = $1", project.account_id)
        await factories.widget(pool, of=project)
        rows.append(Tenant(project.account_id, person_id, project))
    # The values of a row do not matter here, so checks are dropped.
    for row in await pool.fetch(CHECKS):
        await pool.execute(row[0])
    for (table,) in await pool.fetch(TABLES):
        for tenant in rows:
            await _fill(pool, table, tenant)
    return rows


async def _fill(pool: "Pool[asyncpg.Record]", table: str, tenant: Tenant) -> None:
    """Insert a row of the tenant into a table; only its account matters."""
    column = "id" if table == "account" else "account_id"
    if await pool.fetchval(f"select exists (select from {table} where {column} = $1)", tenant.account_id):
        return
    columns = await pool.fetch(
        """
        select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
        from pg_attribute as a
        where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
            and (a.attnotnull or a.attname in ('project_id')) and not a.atthasdef and a.attgenerated = ''
        """,
        table,
    )
    known = {"account_id": f"'{tenant.account_id}'", "project_id": f"'{tenant.project.id}'", **KNOWN.get(table, {})}
    names = [row["name"] for row in columns]
    values = [known.get(row["name"]) or known.get(row["type"]) or VALUES[row["type"]] for row in columns]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")  # no foreign keys
        await connection.execute(f"insert into {table} ({', '.join(names)}) values ({', '.join(values)})")


CHECKS = """
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
    where contype = 'c' and conislocal and connamespace = 'public'::regnamespace
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "gen_random_uuid()::text",
    **dict.fromkeys(("text[]", "uuid[]", "smallint[]", "integer[]", "bigint[]", "bytea[]", "boolean[]"), "'{}'"),
    "bytea": "sha256(gen_random_uuid()::text::bytea)",
    "smallint": "7",
    "integer": "7",
    "bigint": "7",
    "date": "'2026-06-01'",
    "jsonb": "'{}'",
    "boolean": "false",
    "boolean[]": "'{}'",
    "double precision": "0",
    "interval": "'1 hour'",
    "timestamp with time zone": "'2026-06-01'",
}
KNOWN = {"response": {"id": "fn.uuid_v7()"}, "period": {"scope": "'project'"}}  # what the partitions need
