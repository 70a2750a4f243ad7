"""A clock that stands still for functions of the database, so that a slow machine gives no attempts back."""

from datetime import timedelta

import asyncpg
import pytest

from tests.support.settings import CITUS

Pool = asyncpg.Pool
CREATE = """
    create table stopped_clock as select now() as at;
    create function stopped_now() returns timestamptz language sql stable security definer
        as 'select at from public.stopped_clock'
"""


async def stop(pool: "Pool[asyncpg.Record]", function: str) -> None:
    """Have a function of the schema fn take the present as its default for _now, until `move`."""
    if CITUS:
        pytest.skip("a cluster has these functions in another form")
    await pool.execute(CREATE)
    definition = await pool.fetchval("select pg_get_functiondef($1::regproc)", f"fn.{function}")
    default = "_now timestamp with time zone DEFAULT now()"
    assert default in definition
    await pool.execute(definition.replace(default, default.replace("now()", "public.stopped_now()")))


async def move(pool: "Pool[asyncpg.Record]", by: timedelta) -> None:
    """Move the stopped clock."""
    await pool.execute("update stopped_clock set at = at + $1", by)
