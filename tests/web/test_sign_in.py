import asyncio
import time
from datetime import timedelta

import asyncpg
import pytest
from quart import Quart

from app import config, demo
from app.web import attempts, create_app
from tests.web.browser import Browser

Pool = asyncpg.Pool
WRONG = "The e-mail address or the password is wrong."


async def test_it_signs_in_and_goes_on(browser: Browser, loaded: demo.Demo) -> None:
    response = await browser.sign_in("  Demo@Feelback.example ", loaded.password, next="/projects/demo?x=1")
    assert (response.status_code, response.headers["Location"]) == (303, "/projects/demo?x=1")
    assert (await browser.get("/projects/demo")).status_code == 200
    assert loaded.email in browser.text
    assert (await browser.get("/sign-in?next=/projects")).headers["Location"] == "/projects"


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb", ""])
async def test_it_goes_on_to_no_other_site(browser: Browser, loaded: demo.Demo, after: str) -> None:
    assert (await browser.sign_in(loaded.email, loaded.password, next=after)).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (demo.EMAIL, "wrong"),
        (demo.EMAIL, ""),
        (demo.EMAIL, "x" * 2000),
        ("nobody@example.com", demo.PASSWORD),
        ("no\0body", "a\0b"),
        ("", ""),
    ],
)
async def test_it_says_the_same_whatever_is_wrong(
    browser: Browser, loaded: demo.Demo, email: str, password: str
) -> None:
    response = await browser.sign_in(email, password)
    assert response.status_code == 422
    assert WRONG in browser.text
    assert 'type="password"' in browser.text
    assert 'value="wrong"' not in browser.text
    assert "Set-Cookie" not in response.headers
    assert (await browser.get("/projects")).status_code == 303


async def test_it_takes_as_long_for_an_address_that_nobody_has(browser: Browser, loaded: demo.Demo) -> None:
    async def seconds(email: str) -> float:
        start = time.process_time()  # other programs' work is not in it
        await browser.sign_in(email, "wrong")
        return time.process_time() - start

    took = [(await seconds(loaded.email), await seconds("nobody@example.com")) for _ in range(4)]
    known, unknown = (min(each) for each in zip(*took, strict=True))
    assert 0.7 < known / unknown < 1.4


async def test_it_stops_guessing_after_ten_tries_a_minute(app: Quart, browser: Browser, loaded: demo.Demo) -> None:
    now = 1000.0
    app.extensions["attempts"] = attempts.Attempts(clock=lambda: now)
    await browser.get("/sign-in")
    tries = [browser.post("/sign-in", {"email": loaded.email, "password": "wrong"}) for _ in range(10)]
    assert {(await each).status_code for each in tries} == {422}
    response = await browser.sign_in(loaded.email, loaded.password)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "61"
    assert "Try again in 61 seconds." in browser.text
    assert (await browser.sign_in("another@example.com", "wrong")).status_code == 422
    now += 60
    assert (await browser.sign_in(loaded.email, loaded.password)).status_code == 303


async def test_it_stops_trying_many_people_from_one_address(
    app: Quart, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "TRIES_OF_ALL", 3)
    app.extensions["attempts"] = attempts.Attempts()
    found = [(await browser.sign_in(f"{n}@example.com", "wrong")).status_code for n in range(4)]
    assert found == [422, 422, 422, 429]


async def test_it_forgets_the_oldest_tries_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_KEPT", 3)
    kept = attempts.Attempts()
    for email in ("a", "b", "a", "c"):
        kept.count(b"1", email)
    assert [email for _, email in kept._tries] == ["a", attempts.ALL, "c"]


async def test_it_keeps_only_the_hash_of_a_new_token_each_time(
    browser: Browser, loaded: demo.Demo, pool: "Pool[asyncpg.Record]"
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


async def test_somebody_in_no_account_sees_no_project(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("delete from member")
    assert (await owner.get("/projects")).status_code == 200
    assert "No project yet" in owner.text
    assert (await owner.get("/projects/demo")).status_code == 404


@pytest.mark.parametrize(
    ("base_url", "cookie"),
    [("http://localhost", "feelback="), ("https://feelback.example", "__Host-feelback=")],
)
async def test_its_cookie_is_out_of_reach(
    pool: "Pool[asyncpg.Record]", database: str, loaded: demo.Demo, base_url: str, cookie: str
) -> None:
    app = create_app(config.load({"DATABASE_URL": database, "SECRET_KEY": "s" * 40, "BASE_URL": base_url}))
    app.extensions["pool"] = pool
    browser = Browser(app)
    response = await browser.sign_in(loaded.email, loaded.password)
    told = response.headers["Set-Cookie"]
    assert told.startswith(cookie)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(told.split("; "))
    assert ("Secure" in told) == base_url.startswith("https")
    assert ("Strict-Transport-Security" in response.headers) == base_url.startswith("https")


async def test_many_may_sign_in_at_once(app: Quart, loaded: demo.Demo) -> None:
    browsers = [Browser(app) for _ in range(4)]
    done = await asyncio.gather(*(each.sign_in(loaded.email, loaded.password) for each in browsers))
    assert {each.status_code for each in done} == {303}
