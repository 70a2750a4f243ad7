"""Signing in by a mailed link."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from quart import Quart

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import ask, mails, the_link, use
from tests.support.settings import SECRET

Pool = asyncpg.Pool
ROOT = Path(__file__).parents[3]


async def test_it_signs_in_by_a_mailed_link(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/sign-in/link", loaded.email)
    link = await the_link(pool, "magic_link")
    assert await pool.fetchval("select count(*) from session") == 0
    assert (await browser.get(link)).status_code == 200
    assert f'As <strong class="address">{loaded.email}' in browser.text
    assert await pool.fetchval("select count(*) from session") == 0
    response = await browser.post(link, {})
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert (await browser.get("/projects/demo")).status_code == 200


async def test_it_works_once(
    browser: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/sign-in/link", loaded.email)
    link, thief = await the_link(pool, "magic_link"), Browser(app)
    await thief.get(link)
    await use(browser, link)
    response = await thief.post(link, {})
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers


async def test_it_ends_after_half_an_hour(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/sign-in/link", loaded.email)
    link = await the_link(pool, "magic_link")
    await browser.get(link)
    await pool.execute(
        "update token set expires_at = (expires_at at time zone 'UTC' - interval '30 minutes') at time zone 'UTC'"
    )
    assert (await browser.post(link, {})).status_code == 404
    assert (await browser.get(link)).status_code == 404


async def test_it_ends_the_session_that_the_browser_had(
    stranger: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(stranger, "/sign-in/link", loaded.email)
    await use(stranger, await the_link(pool, "magic_link"))
    assert await pool.fetchval("select array_agg(p.email) from session join person as p on p.id = person_id") == [
        loaded.email
    ]


async def test_its_form_is_refused_from_elsewhere(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/sign-in/link", loaded.email)
    link = await the_link(pool, "magic_link")
    await browser.get(link)
    assert (await browser.post(link, {}, Origin="https://evil.example")).status_code == 403
    assert (await browser.post(link, {"csrf": ""})).status_code == 403
    assert (await browser.post(link, {})).status_code == 303


async def test_who_has_not_verified_the_address_does_that(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await ask(browser, "/sign-up", "ann@example.com")
    await ask(browser, "/sign-in/link", "ann@example.com")
    assert [template for _, template, _ in await mails(pool)] == ["verify", "verify"]


async def test_it_says_how_to_get_a_link_without_a_mail_server(browser: Browser) -> None:
    await ask(browser, "/sign-in/link", "ann@example.com")
    assert "feelback link ann@example.com" in browser.text


@pytest.mark.parametrize("token", ["", "x", "%00", "%ff" * 40, "a" * 5000])
async def test_an_unknown_link_is_not_found(browser: Browser, token: str) -> None:
    assert (await browser.get(f"/links/{token}")).status_code == 404


def feelback(database: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-m", "app", "link", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30
    )


async def test_the_command_line_prints_one(
    browser: Browser, loaded: demo_project.Demo, database: str, pool: "Pool[asyncpg.Record]"
) -> None:
    result = feelback(database, loaded.email)
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("The link works once, until ")
    link = result.stdout.strip().removeprefix("http://localhost:8000")
    assert (await use(browser, link)).status_code == 303
    assert await mails(pool) == []


async def test_the_command_line_signs_somebody_up(browser: Browser, database: str) -> None:
    result = feelback(database, "ann@example.com")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "Error: No one has signed up as ann@example.com. Add --create to sign them up.\n"
    result = feelback(database, "Ann@example.com", "--create")
    assert (await use(browser, result.stdout.strip().removeprefix("http://localhost:8000"))).status_code == 303
    await browser.get("/me")
    assert "ann@example.com" in browser.text
