"""Sessions that nobody uses end; sign-ins and failures are in the audit log; no address can speak for the panel."""

import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
from quart import Quart

from app.queries import accounts
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import code, set_up_app

Pool = asyncpg.Pool
PAGE = "/projects/demo/inbox"


async def signed(pool: "Pool[asyncpg.Record]") -> list[tuple[Any, ...]]:
    rows = await pool.fetch(
        "select actor, what, about, details ->> 'browser', details ->> 'step' from audit where what like 'sign_in.%'"
        " order by at, id"
    )
    return [tuple(row) for row in rows]


async def test_a_session_that_is_not_used_ends(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    age = "update session set last_seen_at = now() - $1::text::interval"
    await pool.execute(age, "6 days 23 hours")
    assert (await owner.get("/me")).status_code == 200
    assert await pool.fetchval("select last_seen_at > now() - interval '1 minute' from session")
    await pool.execute(age, "7 days 1 minute")
    for _ in range(2):
        assert (await owner.get("/me")).headers["Location"] == "/sign-in?next=/me"
    assert await pool.fetchval("select last_seen_at < now() - interval '1 day' from session")


async def test_an_open_page_does_not_use_it(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    await pool.execute("select fn.create_session(id, sha256('x')) from person")
    await pool.execute("update session set last_seen_at = now() - interval '1 hour'")
    hash = sha256(b"x").digest()
    day = timedelta(days=1)
    assert await accounts.session_actor(pool, hash, day, is_used=False)
    assert await pool.fetchval("select last_seen_at < now() - interval '59 minutes' from session")
    assert not await accounts.session_actor(pool, hash, timedelta(minutes=30), is_used=False)
    assert await accounts.session_actor(pool, hash, day)
    assert await pool.fetchval("select last_seen_at > now() - interval '1 minute' from session")


async def test_sign_ins_are_audited(
    browser: Browser, owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
    other = Browser(browser.client.app)
    await other.get("/sign-in")
    for password in ("wrong", loaded.password):
        await other.post("/sign-in", {"email": loaded.email, "password": password}, **firefox)
    assert await signed(pool) == [
        ("Feelback", "sign_in.failed", loaded.email, "Firefox on Linux", None),
        (loaded.email, "sign_in.succeeded", loaded.email, "Firefox on Linux", None),
    ]
    await other.get("/audit")
    assert f"Sign-in as {loaded.email} failed" in re.sub("<[^>]+>", "", other.text)
    assert "wrong" not in await pool.fetchval("select string_agg(n::text, '') from audit as n")


async def test_an_address_that_nobody_has_leaves_no_entry(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await browser.sign_in("nobody@example.com", "wrong")
    assert await signed(pool) == []


async def test_second_steps_are_audited(
    app: Quart, owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, _ = await set_up_app(owner)
    other = Browser(app)
    await other.sign_in(loaded.email, loaded.password)
    assert await signed(pool) == []  # not signed in yet
    step = re.search(r'name="step" value="([^"]+)"', other.text)
    assert step
    for each in ("000000", code(secret)):
        await other.post("/sign-in/code", {"step": step[1], "code": each, "next": "/"})
    assert [(row[1], row[4]) for row in await signed(pool)] == [
        ("sign_in.failed", "code"), ("sign_in.succeeded", "code"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["said", "result", "saved", "deleted", "message", "wrong", "error"])
async def test_no_address_speaks_for_the_panel(owner: Browser, loaded: demo_project.Demo, name: str) -> None:
    text = "Your+session+has+expired.+Sign+in+at+evil.example"
    for page in (PAGE, "/projects/demo/recaps", "/projects/demo/settings", "/account", "/sign-in", "/me",
                 "/projects/demo/responses", f"/projects/demo/widgets/{loaded.widgets['pulse']}/settings"):  # fmt: skip
        await owner.get(f"{page}?{name}={text}")
        assert "evil.example" not in owner.text, page


async def test_the_result_of_an_action_is_shown_once(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await pool.fetchval("select id from response where body is not null order by id desc limit 1")
    await owner.get(PAGE)
    response = await owner.post(f"{PAGE}/actions", {"action": "star", "ids": str(id)})
    assert "Starred" not in response.headers["Location"]
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("feelback-flash=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    await owner.get(response.headers["Location"])
    assert "Starred: 1 message" in owner.text
    await owner.get(PAGE)
    assert "Starred: 1 message" not in owner.text
    owner.client.set_cookie("localhost", "feelback-flash", cookie.partition("=")[2].partition(";")[0][:-2] + "xx")
    await owner.get(PAGE)
    assert "Starred" not in owner.text.partition('id="result"')[2][:200]
