"""Several accounts of one person: switching, and forms of another tab."""

import asyncpg
from quart import Quart

from tests.support.browser import Browser

Pool = asyncpg.Pool


async def switch(browser: Browser, pool: "Pool[asyncpg.Record]", name: str) -> int:
    id = await pool.fetchval("select id from account where name = $1", name)
    return (await browser.post("/accounts/switch", {"account": str(id)})).status_code


async def test_it_switches_by_the_menu(owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/me")
    assert "Switch to" not in owner.text
    await owner.post("/accounts", {"name": "Second"})
    assert (await owner.get("/projects/demo")).status_code == 404
    await owner.get("/members")
    id = await pool.fetchval("select id from account where name = 'Demo'")
    assert f'name="account" value="{id}"' in owner.text
    assert await switch(owner, pool, "Demo") == 303
    assert (await owner.get("/projects/demo")).status_code == 200
    await stranger.get("/me")
    for account in (str(id), "x", ""):
        assert (await stranger.post("/accounts/switch", {"account": account})).status_code == 404
    assert (await stranger.get("/projects/demo")).status_code == 404


async def test_a_form_of_another_account_s_page_is_not_taken(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/me")
    await owner.post("/accounts", {"name": "Second"})
    await owner.get("/account")  # one tab
    stale = owner.token
    await owner.get("/members")  # another one, where they switch
    await switch(owner, pool, "Demo")
    owner.token = stale
    for path, form in (("/account", {"name": "New", "audit_days": "30"}), ("/account/delete", {"name": "Demo"})):
        assert (await owner.post(path, form)).status_code == 409
        assert "switched to another account" in owner.text
        owner.token = stale
    assert await pool.fetchval("select count(*) from account where name = 'New' or deletion_at is not null") == 0
    assert await switch(owner, pool, "Second") == 303  # what is a person's own is taken
    owner.token = stale
    assert (await owner.post("/account", {"name": "New", "audit_days": "30"})).status_code == 303


async def test_a_fragment_leads_who_is_in_no_account_on(app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    id = await pool.fetchval(
        "insert into person (id, email, verified_at) values (gen_random_uuid(), 'a@b.c', now()) returning id"
    )
    browser = Browser(app)
    await browser.enter(pool, id)
    response = await browser.get("/audit/entries", **{"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (403, "/accounts/new")
