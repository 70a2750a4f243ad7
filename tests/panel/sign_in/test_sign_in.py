import asyncio
import dataclasses
import time
from datetime import timedelta
from hashlib import sha256

import asyncpg
import pytest
from quart import Quart

from app import config
from app.config import Settings
from app.http.context import services
from app.server.quart_app import create_app
from app.site import demo_project
from tests.support import stopped_clock
from tests.support.browser import Browser
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool
WRONG = "The email address or the password is wrong."


async def test_it_signs_in_and_goes_on(browser: Browser, loaded: demo_project.Demo) -> None:
    response = await browser.sign_in("  Demo@Feelback.example ", loaded.password, next="/projects/demo?x=1")
    assert (response.status_code, response.headers["Location"]) == (303, "/projects/demo?x=1")
    assert (await browser.get("/projects/demo")).status_code == 200
    assert loaded.email in browser.text
    assert (await browser.get("/sign-in?next=/projects")).headers["Location"] == "/projects"


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb", ""])
async def test_it_goes_on_to_no_other_site(browser: Browser, loaded: demo_project.Demo, after: str) -> None:
    assert (await browser.sign_in(loaded.email, loaded.password, next=after)).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (demo_project.EMAIL, "wrong"),
        (demo_project.EMAIL, ""),
        (demo_project.EMAIL, "x" * 2000),
        ("nobody@example.com", DEMO_PASSWORD),
        ("no\0body", "a\0b"),
        ("", ""),
    ],
)
async def test_it_says_the_same_whatever_is_wrong(
    browser: Browser, loaded: demo_project.Demo, email: str, password: str
) -> None:
    response = await browser.sign_in(email, password)
    assert response.status_code == 422
    assert WRONG in browser.text
    assert 'type="password"' in browser.text
    assert 'value="wrong"' not in browser.text
    assert "Set-Cookie" not in response.headers
    assert (await browser.get("/projects")).status_code == 303


async def test_it_takes_as_long_for_an_address_that_nobody_has(browser: Browser, loaded: demo_project.Demo) -> None:
    async def seconds(email: str) -> float:
        start = time.process_time()  # other programs' work is not in it
        await browser.sign_in(email, "wrong")
        return time.process_time() - start

    took = [(await seconds(loaded.email), await seconds("nobody@example.com")) for _ in range(4)]
    known, unknown = (min(each) for each in zip(*took, strict=True))
    assert 0.7 < known / unknown < 1.4


async def test_it_stops_guessing_after_ten_tries_a_minute_on_all_machines(
    app: Quart, settings: Settings, browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await stopped_clock.stop(pool, "take_attempt")
    other = create_app(settings)  # as another machine has it
    services(other).pool = pool
    browsers = [browser, Browser(other)]
    for each in browsers:
        await each.get("/sign-in")
    tries = [browsers[n % 2].post("/sign-in", {"email": loaded.email, "password": "wrong"}) for n in range(10)]
    assert {(await each).status_code for each in tries} == {422}
    for each in browsers:
        response = await each.sign_in(loaded.email, loaded.password)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "6"
        assert "Too many attempts. Try again in " in each.text
    assert (await browser.sign_in("another@example.com", "wrong")).status_code == 422
    await stopped_clock.move(pool, timedelta(seconds=5))
    assert (await browser.sign_in(loaded.email, loaded.password)).headers["Retry-After"] == "1"
    await stopped_clock.move(pool, timedelta(seconds=1))
    assert (await browser.sign_in(loaded.email, loaded.password)).status_code == 303


async def test_it_counts_no_tries_where_limits_are_off(
    settings: Settings, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    app = create_app(dataclasses.replace(settings, limits=False))
    services(app).pool = pool
    await Browser(app).sign_in(loaded.email, "wrong")
    assert await pool.fetchval("select count(*) from attempt") == 0


async def test_it_keeps_no_address_of_those_who_try(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.sign_in(loaded.email, "wrong")
    keys = [row[0] for row in await pool.fetch("select key from attempt")]
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}
    guesses = [sha256(part).digest() for part in (b"\x7f\0\0\1", loaded.email.encode())]
    assert not set(keys) & set(guesses)


async def test_it_keeps_only_the_hash_of_a_new_token_each_time(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    assert await pool.fetchval("select count(*) from session") == 0
    first = (await browser.sign_in(loaded.email, loaded.password)).headers["Set-Cookie"]
    old = await pool.fetchval("select token_hash from session")
    token = first.partition("=")[2].partition(";")[0]
    assert len(token) == 43
    assert token.encode() not in old
    await browser.get("/projects")
    second = await browser.post("/sign-in", {"email": loaded.email, "password": loaded.password})
    assert second.headers["Set-Cookie"] != first
    rows = await pool.fetch("select token_hash, expires_at - created_at as lasts from session")
    assert len(rows) == 1
    assert rows[0]["token_hash"] != old
    assert rows[0]["lasts"] == timedelta(days=30)


async def test_it_ends_the_session_on_sign_out(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/projects")
    response = await owner.post("/sign-out", {})
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert await pool.fetchval("select count(*) from session") == 0
    assert (await owner.get("/projects")).status_code == 303


async def test_a_session_that_is_over_signs_nobody_in(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update session set expires_at = now()")
    assert (await owner.get("/projects")).status_code == 303
    assert (await owner.get("/projects", **{"HX-Request": "true"})).headers["HX-Redirect"] == "/sign-in"
    screen = {"HX-Request": "true", "HX-Current-URL": "http://localhost/projects/demo?period=7d"}
    response = await owner.get("/projects/demo/window?period=30d", **screen)
    assert response.headers["HX-Redirect"] == "/sign-in?next=/projects/demo%3Fperiod%3D7d"


async def test_somebody_in_no_account_sees_no_project(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("delete from member")
    for path in ("/projects", "/projects/demo", "/projects/nothing"):
        assert (await owner.get(path)).headers["Location"] == "/accounts/new"
    await owner.get("/accounts/new")
    assert "You’re not a member of any account" in owner.text
    assert "Acorn" not in owner.text


@pytest.mark.parametrize(
    ("base_url", "cookie"),
    [("http://localhost", "feelback="), ("https://feelback.example", "__Host-feelback=")],
)
async def test_its_cookie_is_out_of_reach(
    pool: "Pool[asyncpg.Record]", database: str, loaded: demo_project.Demo, base_url: str, cookie: str
) -> None:
    app = create_app(config.load({"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "BASE_URL": base_url}))
    services(app).pool = pool
    browser = Browser(app)
    response = await browser.sign_in(loaded.email, loaded.password)
    cookie_text = response.headers["Set-Cookie"]
    assert cookie_text.startswith(cookie)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(cookie_text.split("; "))
    assert ("Secure" in cookie_text) == base_url.startswith("https")
    assert ("Strict-Transport-Security" in response.headers) == base_url.startswith("https")


async def test_many_may_sign_in_at_once(app: Quart, loaded: demo_project.Demo) -> None:
    browsers = [Browser(app) for _ in range(4)]
    responses = await asyncio.gather(*(each.sign_in(loaded.email, loaded.password) for each in browsers))
    assert {each.status_code for each in responses} == {303}
