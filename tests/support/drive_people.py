"""Invitations into an account, for tests."""

import re
from uuid import UUID

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive import mails

Pool = asyncpg.Pool


async def invite(browser: Browser, pool: Pool, email: str, role: str = "editor") -> str:
    """Invite an address; returns the path of the emailed link."""
    await browser.get("/members")
    response = await browser.post("/members/invitations", {"email": email, "role": role})
    assert (response.status_code, response.headers["Location"]) == (303, "/members#invitations")
    ((recipient, template, context),) = await mails(pool)
    assert (recipient, template) == (email, "invitation")
    assert re.fullmatch(r"http://localhost:8000/invitations/[\w-]{43}", context["url"])
    return str(context["url"]).removeprefix("http://localhost:8000")


async def join(app: Quart, owner: Browser, pool: Pool, email: str, role: str = "editor") -> Browser:
    """Sign somebody up by an invitation; returns their browser."""
    browser, link = Browser(app), await invite(owner, pool, email, role)
    assert (await browser.get(link)).status_code == 200
    assert (await browser.post(link, {})).status_code == 303
    await browser.get("/members")
    return browser


async def person_id(pool: Pool, email: str) -> UUID:
    return await pool.fetchval("select id from person where email = $1", email)  # type: ignore[no-any-return]


async def every_page(app: Quart, owner: Browser, pool: Pool) -> None:
    """Open the pages of members that need a second member."""
    await pool.execute("delete from mail")
    await join(app, owner, pool, "ann@example.com")
    id = await person_id(pool, "ann@example.com")
    for page in (f"/members/{id}", f"/members/{id}/transfer"):
        assert (await owner.get(page)).status_code == 200
