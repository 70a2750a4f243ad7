"""Changing the password and the email address while signed in."""

import asyncpg
import pytest
from quart import Quart

from app.panel.sign_in import passwords
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import mails, the_link, use

Pool = asyncpg.Pool
NEW = "another good one"


async def test_a_member_changes_the_password(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    other = Browser(app)
    await other.enter(pool, await pool.fetchval("select id from person"))
    await mails(pool)
    await owner.get("/me/password")
    assert (await owner.post("/me/password", {"password": "password1"})).status_code == 422
    assert (await owner.post("/me/password", {"password": NEW})).headers["Location"] == "/me"
    assert (await owner.get("/me")).status_code == 200
    assert (await other.get("/me")).status_code == 303
    assert (await other.sign_in(loaded.email, NEW)).status_code == 303
    assert (await mails(pool))[0][1] == "security_notice"


async def test_it_runs_no_hash_for_a_password_that_cannot_be(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(_: str) -> str:
        raise AssertionError

    monkeypatch.setattr(passwords, "hash_password", run)
    await owner.get("/me/password")
    assert (await owner.post("/me/password", {"password": "x" * 60_000})).status_code == 422


async def test_it_changes_the_address_by_a_link_to_the_new_one(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get("/me/email")
    await owner.post("/me/email", {"email": "New@Example.com"})
    assert "Check your inbox" in owner.text
    ((recipient, _, context),) = await mails(pool)
    assert recipient == "new@example.com"
    assert await pool.fetchval("select email from person") == loaded.email
    link = context["url"].removeprefix("http://localhost:8000")
    elsewhere = Browser(app)
    assert (await use(elsewhere, link)).status_code == 200
    assert "new@example.com" in elsewhere.text
    assert await pool.fetchval("select email from person") == "new@example.com"
    assert [mail[:2] for mail in await mails(pool)] == [(loaded.email, "security_notice")]
    assert (await elsewhere.post(link, {})).status_code == 404
    assert (await elsewhere.sign_in("new@example.com", loaded.password)).status_code == 303


async def test_it_tells_nobody_that_an_address_is_taken(
    owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    pages = []
    for email in ("stranger@example.com", "free@example.com"):
        await owner.get("/me/email")
        assert (await owner.post("/me/email", {"email": email})).status_code == 200
        pages.append(owner.text.replace(email, "X"))
    assert pages[0] == pages[1]
    assert [mail[:2] for mail in await mails(pool)] == [
        ("stranger@example.com", "already_registered"), ("free@example.com", "email_change"),
    ]  # fmt: skip


async def test_an_address_that_was_taken_meanwhile_stays_theirs(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get("/me/email")
    await owner.post("/me/email", {"email": "new@example.com"})
    link = await the_link(pool, "email_change")
    await pool.execute("select fn.create_account('Quick', 'new@example.com', null)")
    assert (await use(owner, link)).status_code == 409
    assert await mails(pool) == []
    await pool.execute("update person set verified_at = null where email = 'new@example.com'")  # they only asked
    assert (await use(owner, link)).status_code == 200
