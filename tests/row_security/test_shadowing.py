"""A role that runs SQL of its own: it creates no objects, and names that it shadows change nobody's functions."""

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from app.database import roles
from tests.support.settings import SECRET

Pool = asyncpg.Pool
Connection = asyncpg.Connection
SIGN_IN = pytest.mark.parametrize("role", roles.SIGN_IN)
CREATE = (
    "create temporary table mine ()",
    "create domain pg_temp.bytea as pg_catalog.bytea",
    "create function pg_temp.now() returns pg_catalog.timestamptz language sql as 'select null'",
    "create schema mine",
    "create table public.mine ()",
    "create view public.mine as select 1",
    "create domain public.uuid as pg_catalog.uuid",
    "create function public.now() returns pg_catalog.timestamptz language sql as 'select null'",
    "create operator public.= (function = pg_catalog.int4ne, leftarg = pg_catalog.int4, rightarg = pg_catalog.int4)",
    "create function fn.mine() returns void language sql as ''",
    "create cast (pg_catalog.bytea as pg_catalog.uuid) without function",
)
# The spy notes as whom it runs. It stands behind every type, and every operator and function of Postgres that fn uses.
SHADOW = r"""
do $do$
declare
    _object record;
begin
    create function pg_temp.spy() returns pg_catalog.bool language plpgsql as $spy$
        begin
            perform pg_catalog.set_config(
                'spy.users', pg_catalog.concat(pg_catalog.current_setting('spy.users', true), ' ', current_user), false
            );
            return true;
        end
    $spy$;
    for _object in
        select format('create domain pg_temp.%I as pg_catalog.%1$I check (pg_temp.spy())', typname) as sql
        from pg_catalog.pg_type
        where typnamespace = 'pg_catalog'::regnamespace and typtype = 'b' and typelem = 0
        union all
        select format(
            'create function pg_temp.%I(%s) returns %s language plpgsql as
            ''begin perform pg_temp.spy(); return null; end''',
            p.proname, pg_get_function_identity_arguments(p.oid), p.prorettype::regtype
        )
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and exists (
            select from pg_catalog.pg_proc as f
            where f.pronamespace = 'fn'::regnamespace and strpos(f.prosrc, p.proname || '(') > 0
        )
        union all
        select format(
            'create function pg_temp.operator_%s(%s, %s) returns bool language plpgsql as
            ''begin perform pg_temp.spy(); return true; end''; create operator pg_temp.%s
            (function = pg_temp.operator_%1$s, leftarg = %2$s, rightarg = %3$s)',
            o.oid, o.oprleft::regtype, o.oprright::regtype, o.oprname
        )
        from pg_catalog.pg_operator as o
        where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprkind = 'b'
    loop
        begin
            execute _object.sql;
        exception when others then  -- pseudo-types and the like
        end;
    end loop;
end;
$do$
"""
SAMPLES = {
    "uuid": "'019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f'",
    "bytea": r"'\x00'",
    "text": "'a'",
    "jsonb": "'{}'",
    "interval": "'1 day'",
    "timestamp with time zone": "'2026-06-01'",
    "date": "'2026-06-01'",
    "boolean": "true",
}
CALLS = """
    select p.prokind, format('fn.%I', p.proname) as name, array(
        select format_type(t.type, null) from unnest(p.proargtypes) with ordinality as t (type, n) order by t.n
    ) as types
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'fn'::regnamespace and has_function_privilege(p.oid, 'execute') order by 2
"""


SIGNATURES = """
    select oid::regprocedure::text from pg_proc where pronamespace = 'fn'::regnamespace and proconfig is not null
"""


def argument(type: str) -> str:
    """A value of a type, as SQL with qualified names."""
    scalar = type.removesuffix("[]")
    sample = SAMPLES.get(scalar, "'1'")
    return f"(array[{sample}])::{type}" if type.endswith("[]") else f"{sample}::{type}"


@pytest.fixture
async def session(database: str, role: str) -> AsyncIterator[Connection]:
    """A connection as the role."""
    connection = await asyncpg.connect(roles.url(database, role, SECRET))
    yield connection
    await connection.close()


@SIGN_IN
async def test_no_role_may_create_an_object(session: Connection, pool: "Pool[asyncpg.Record]", role: str) -> None:
    for sql in CREATE:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidObjectDefinitionError)) as caught:
            await session.execute(sql)
        assert "must be owner" in str(caught.value) or "permission denied" in str(caught.value), sql
    for name in roles.ALL:
        temporary = await pool.fetchval("select has_database_privilege($1, current_database(), 'temporary')", name)
        assert temporary == (name == roles.OWNER)  # to refresh materialized views; nobody signs in as that role
        assert not await pool.fetchval("select has_database_privilege($1, current_database(), 'create')", name)
        schemas = await pool.fetch(
            "select nspname from pg_namespace where has_schema_privilege($1, oid, 'create') order by 1", name
        )
        assert [row[0] for row in schemas] == (["public"] if name == roles.OWNER else [])


@SIGN_IN
async def test_shadowed_names_run_as_nobody_else(
    database: str, session: Connection, pool: "Pool[asyncpg.Record]", role: str
) -> None:
    name = urlsplit(database).path[1:]
    await pool.execute(f"grant temporary on database {name} to {role}")  # as a server that we did not set up may
    calls = [tuple(row) for row in await session.fetch(CALLS)]
    await session.execute(SHADOW)
    assert await users(session) == set()
    await session.execute("select '1'::bytea")
    assert await users(session) == {role}  # the shadow is one

    for kind, function, types in calls:
        await call(session, kind, function, types)
    assert len(calls) > 5 or role == roles.INSIGHTS
    assert await users(session) <= {role}

    if role != roles.INGEST:
        return
    for row in await pool.fetch(SIGNATURES):  # the test can fail: this is how it was
        await pool.execute(f"alter routine {row[0]} set search_path = ''")
    other = await asyncpg.connect(roles.url(database, role, SECRET))
    try:
        await other.execute(SHADOW)
        for kind, function, types in calls:
            await call(other, kind, function, types)
        assert roles.OWNER in await users(other)
    finally:
        await other.close()


async def call(session: Connection, kind: bytes, function: str, types: list[str]) -> None:
    """Call a function with made-up values; what it answers does not matter."""
    arguments = ", ".join(map(argument, types))
    with contextlib.suppress(asyncpg.PostgresError):
        await session.execute(f"{'call' if kind == b'p' else 'select'} {function}({arguments})", timeout=20)


async def users(session: Connection) -> set[str]:
    """The users as whom the spy ran."""
    return set((await session.fetchval("select current_setting('spy.users', true)") or "").split())


async def test_every_function_finds_names_in_the_catalog_first(pool: "Pool[asyncpg.Record]") -> None:
    # A body of SQL that was parsed when it was created has its names resolved. A procedure that commits can have no
    # setting, and runs as its caller.
    open_functions = await pool.fetch(
        """
        select proname from pg_proc
        where pronamespace = 'fn'::regnamespace and prosqlbody is null
            and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)
            and (prosecdef or prokind <> 'p')
        """
    )
    assert [row[0] for row in open_functions] == []


async def test_policies_are_plain_expressions(pool: "Pool[asyncpg.Record]") -> None:
    # What Citus takes: no sub-select, no session_user, nothing restrictive. Table person belongs to no tenant.
    rules = await pool.fetch(
        """
        select polrelid::regclass::text as name, polpermissive, pg_get_expr(polqual, polrelid) as rule
        from pg_policy where polrelid <> 'person'::regclass
        """
    )
    assert len(rules) > 50
    for row in rules:
        assert row["polpermissive"], row["name"]
        assert "SELECT" not in row["rule"], row["name"]
        assert "SESSION_USER" not in row["rule"], row["name"]
