"""The profile: sessions, ending them, and new browsers."""

import re
from datetime import timedelta

import asyncpg
import pytest
from quart import Quart

from app.panel.shared.browsers import family
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        ("curl/8", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_it_names_browsers_as_people_do(user_agent: str, name: str) -> None:
    assert family(user_agent) == name


async def sign_in(app: Quart, user_agent: str) -> Browser:
    browser = Browser(app)
    await browser.get("/sign-in")
    form = {"email": demo_project.EMAIL, "password": DEMO_PASSWORD}
    assert (await browser.post("/sign-in", form, **{"User-Agent": user_agent})).status_code == 303
    return browser


async def test_it_lists_them_and_ends_one(app: Quart, loaded: demo_project.Demo, stranger: Browser) -> None:
    mine, other = await sign_in(app, FIREFOX), await sign_in(app, SAFARI)
    await mine.get("/me")
    names = re.findall(r"<li>\s*<p>\s*<strong>([^<]+)</strong>", mine.text.partition('id="devices"')[0])
    assert names == ["Firefox on Linux", "Safari on iOS"]
    assert "stranger" not in mine.text
    (end,) = re.findall(r'action="(/me/sessions/[0-9a-f-]{36}/revoke)"', mine.text)
    await stranger.get("/me")
    assert (await stranger.post(end, {})).status_code == 404
    assert (await other.get("/me")).status_code == 200
    assert (await mine.post(end, {})).headers["Location"] == "/me"
    assert (await other.get("/me")).status_code == 303
    assert (await mine.get("/me")).status_code == 200


async def test_it_ends_all_others(app: Quart, loaded: demo_project.Demo, stranger: Browser) -> None:
    mine, *others = [await sign_in(app, FIREFOX) for _ in range(3)]
    await mine.get("/me")
    await mine.post("/me/sessions/revoke", {})
    assert [(await each.get("/me")).status_code for each in (mine, stranger, *others)] == [200, 200, 303, 303]


async def test_it_notes_when_one_was_last_seen(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/me")
    await pool.execute("update session set last_seen_at = now() - interval '4 minutes'")
    await owner.get("/me")
    assert await pool.fetchval("select now() - last_seen_at from session") > timedelta(minutes=4)
    await pool.execute("update session set last_seen_at = now() - interval '6 minutes'")
    await owner.get("/me")
    assert await pool.fetchval("select now() - last_seen_at from session") < timedelta(minutes=1)


async def test_it_tells_of_a_browser_that_was_not_seen_before(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine = await sign_in(app, FIREFOX)
    for user_agent in (FIREFOX.replace("140.0", "141.0"), SAFARI):
        await mine.get("/me")
        assert (await mine.post("/sign-out", {})).headers["Location"] == "/sign-in"
        await mine.get("/sign-in")
        form = {"email": loaded.email, "password": loaded.password}
        assert (await mine.post("/sign-in", form, **{"User-Agent": user_agent})).status_code == 303
    assert await mails(pool) == []  # whatever it calls itself, it is the same
    await sign_in(app, FIREFOX)  # nor is another one the same that calls itself so
    ((recipient, template, context),) = await mails(pool)
    assert (recipient, template, context["browser"]) == (loaded.email, "sign_in_notice", "Firefox on Linux")
    assert re.fullmatch(r"\d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", context["at"])
    assert not await pool.fetchval("select bool_or(browser_hash::text like '%Firefox%') from known_browser")
