"""Deleting a project: needs its name, an admin and a fresh confirmation."""

import asyncpg

from tests.support.browser import Browser
from tests.support.citus import at_once

Pool = asyncpg.Pool
AT = "/projects/demo/delete"


@at_once
async def test_it_wants_the_name_of_the_project(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    name = await pool.fetchval("select name from project where slug = 'demo'")
    await owner.get(AT)
    assert (await owner.post(AT, {"name": f"{name}?"})).status_code == 422
    assert await pool.fetchval("select count(*) from project where slug = 'demo'") == 1
    assert (await owner.post(AT, {"name": name})).headers["Location"] == "/projects"
    assert await pool.fetchval("select count(*) from project where slug = 'demo'") == 0
    assert (await owner.get("/projects/demo")).status_code == 404


async def test_only_admins_delete(teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update member set role = 'editor' where role <> 'owner'")
    assert (await teammate.get(AT)).status_code == 403
    await pool.execute("update member set role = 'admin' where role <> 'owner'")
    assert (await teammate.get(AT)).status_code == 200


async def test_it_wants_a_fresh_confirmation(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/projects/demo")
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    assert (await owner.get(AT)).headers["Location"] == f"/confirmation?next={AT}"
