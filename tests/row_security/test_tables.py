"""Every tenant table through the server's roles: without an actor, with its actor, with another tenant's."""

import uuid

import asyncpg
import pytest

from app.database import db, roles
from app.database.tenant import TenantPool
from tests.support.settings import SECRET
from tests.support.tenants import TABLES, Tenant

Pool = asyncpg.Pool
DENIED = asyncpg.InsufficientPrivilegeError
FORBIDDEN = (
    *(f"select 1 from public.{table}" for table in ("person", "session", "token", "mail")),
    "select 1 from mv.leader",
    "set role feelback_owner",
    "create table public.mine ()",
    "create function fn.mine() returns void language sql as ''",
)


async def rows(pool: "Pool[asyncpg.Record]", table: str, **actor: uuid.UUID | None) -> list[uuid.UUID]:
    """The accounts whose rows of a table an actor sees; without an actor, the pool's role."""
    column = "id" if table == "account" else "account_id"
    executor = TenantPool(pool, **actor) if actor else pool  # type: ignore[arg-type]
    sql = f"select coalesce(array_agg(distinct {column}), '{{}}') from public.{table}"
    return list(await db.value(executor, sql))


async def test_it_shows_each_actor_their_own_and_nobody_else(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    one, other = tenants
    tables = [row[0] for row in await pool.fetch(TABLES)]
    assert len(tables) > 20
    for table in tables:
        assert {one.account_id, other.account_id} <= set(await rows(pool, table)), table  # so that a test can fail
        assert await rows(app_pool, table) == [], table
        assert await rows(app_pool, table, account_id=None) == [], table
        assert await rows(app_pool, table, account_id=uuid.uuid4()) == [], table
        for tenant in tenants:
            assert await rows(app_pool, table, account_id=tenant.account_id) == [tenant.account_id], table


async def test_it_holds_a_key_to_its_project(app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]) -> None:
    one, other = tenants
    accounts = await rows(app_pool, "widget", account_id=one.account_id, project_id=one.project.id)
    assert accounts == [one.account_id]
    for table in ("project", "widget", "api_key", "refusal", "widget_day", "period"):
        assert await rows(app_pool, table, account_id=one.account_id, project_id=other.project.id) == []


async def test_it_forgets_the_actor_with_the_transaction(
    app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    acting = TenantPool(app_pool, tenants[0].account_id, tenants[0].person_id)
    assert await db.value(acting, "select count(*) from public.project") == 1
    with pytest.raises(asyncpg.DivisionByZeroError):
        await db.value(acting, "select 1 / 0")
    for _ in range(10):
        assert await app_pool.fetchval("select count(*) from public.project") == 0
        assert not await app_pool.fetchval("select current_setting('feelback.account_id', true)")


@pytest.mark.parametrize("role", [roles.APP, roles.INGEST, roles.JOBS])
async def test_it_owns_nothing_and_writes_to_no_table(
    pool: "Pool[asyncpg.Record]", database: str, tenants: list[Tenant], role: str
) -> None:
    owned = await pool.fetchval(
        """
        select count(*) from pg_roles as r
        where r.rolname = $1 and (
            r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb
            or exists (select from pg_class where relowner = r.oid)
            or exists (select from pg_proc where proowner = r.oid)
            or exists (select from pg_auth_members where member = r.oid)
        )
        """,
        role,
    )
    assert owned == 0
    own = await db.connect(roles.url(database, role, SECRET))
    try:
        for (table,) in await pool.fetch(TABLES):
            column = "id" if table == "account" else "account_id"
            actor = TenantPool(own, tenants[0].account_id, tenants[0].person_id)
            for sql in (f"delete from public.{table}", f"update public.{table} set {column} = {column}"):
                with pytest.raises(DENIED):
                    await db.value(actor, sql)
            if role != roles.APP:
                with pytest.raises(DENIED):
                    await db.value(actor, f"select 1 from public.{table}")
        for sql in FORBIDDEN:
            with pytest.raises(DENIED):
                await own.execute(sql)
    finally:
        await own.close()


async def test_it_protects_every_table(pool: "Pool[asyncpg.Record]") -> None:
    bare = await pool.fetch(
        """
        select c.relname from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and not (c.relrowsecurity and c.relforcerowsecurity)
            and (c.relname in ('account', 'person') or exists (
                select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'account_id'
            ))
        """
    )
    assert [row[0] for row in bare] == []


async def test_it_lets_each_role_call_just_its_functions(pool: "Pool[asyncpg.Record]") -> None:
    for role in (roles.APP, roles.INGEST, roles.JOBS):
        may = await pool.fetch(
            """
            select proname from pg_proc
            where pronamespace = 'fn'::regnamespace and has_function_privilege($1, oid, 'execute')
            """,
            role,
        )
        listed = await pool.fetch("select name from fn.callable where 'feelback_' || caller = $1", role)
        assert listed
        assert {row[0] for row in may} == {row[0] for row in listed}


async def test_it_limits_functions_that_act_for_an_account(pool: "Pool[asyncpg.Record]") -> None:
    wrong = await pool.fetch(
        """
        select p.proname, pg_get_userbyid(p.proowner), p.prosecdef from pg_proc as p
        join fn.callable as c on c.name = p.proname
        where p.pronamespace = 'fn'::regnamespace and c.acts_as not in ('caller', 'server')
            and (not p.prosecdef or pg_get_userbyid(p.proowner)
                <> case c.acts_as when 'account' then 'feelback_panel' else 'feelback_owner' end)
        """
    )
    assert wrong == []


PLAN = """
create function public.plan(_account_id uuid) returns setof text
language plpgsql security definer
as $$
begin
    return query execute format('explain select count from public.tally_day where account_id = %L', _account_id);
end;
$$;
alter function public.plan(uuid) owner to feelback_panel
"""


async def test_it_looks_for_the_actor_once_a_statement(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    """Also in a function of feelback_panel, which has a rule for operators too: per row it costs more than reading."""
    await pool.execute(PLAN)
    acting = TenantPool(app_pool, tenants[0].account_id)
    plan = [row[0] for row in await db.many(acting, lambda line: (line,), "select public.plan($1)", acting.account_id)]
    (once,) = (line for line in plan if "feelback.account_id" in line)
    assert "One-Time Filter" in once
    assert "pg_has_role" not in "".join(plan)
