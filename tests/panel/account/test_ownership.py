"""Deleting an account and oneself, by the panel: asked for, shown on every page, taken back."""

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import join

Pool = asyncpg.Pool


async def test_an_account_is_deleted_and_kept(stranger: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    await stranger.get("/me")
    ann = await join(app, stranger, pool, "ann@example.com", "admin")
    assert (await ann.get("/account/deletion")).status_code == 403
    await stranger.get("/account/deletion")
    assert (await stranger.post("/account/deletion", {"name": "others"})).status_code == 422
    assert await mails(pool) == []
    assert (await stranger.post("/account/deletion", {"name": "Others"})).headers["Location"] == "/account"
    assert sorted(mail[:2] for mail in await mails(pool)) == [
        ("ann@example.com", "account_deletion"), ("stranger@example.com", "account_deletion"),
    ]  # fmt: skip
    for browser in (stranger, ann):
        await browser.get("/projects")
        assert "Others</strong> will be deleted on" in browser.text
    await ann.post("/accounts", {"name": "Ann's own"})
    await ann.get("/projects")
    assert "Your account <strong>Others</strong> will be deleted on" in ann.text
    id = await pool.fetchval("select id from account where name = 'Others'")
    await ann.post("/accounts/switch", {"account": str(id)})
    await ann.get("/account")
    await ann.post("/account/deletion/withdrawal", {})
    await stranger.get("/projects")
    assert "will be deleted" not in stranger.text


async def test_its_members_are_in_no_account_then(stranger: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await stranger.get("/account/deletion")
    await stranger.post("/account/deletion", {"name": "Others"})
    await pool.execute("select fn.delete_accounts(now() + interval '15 days')")
    assert (await stranger.get("/projects")).headers["Location"] == "/accounts/new"


async def test_the_first_account_cannot_be_deleted(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/account/deletion")
    assert "cannot be deleted" in owner.text
    assert (await owner.post("/account/deletion", {"name": "Demo"})).status_code == 409


async def test_a_person_is_deleted_and_stays(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/me/deletion")
    assert "you own Demo" in owner.text
    assert (await owner.post("/me/deletion", {})).status_code == 409
    ann = await join(app, owner, pool, "ann@example.com")
    await ann.get("/me/deletion")
    assert (await ann.post("/me/deletion", {})).headers["Location"] == "/me"
    assert [mail[:2] for mail in await mails(pool)] == [("ann@example.com", "person_deletion")]
    await ann.get("/projects")
    assert "You will be deleted on" in ann.text
    assert (await ann.get("/me/deletion")).status_code == 200
    await ann.post("/me/deletion/withdrawal", {})
    await ann.get("/projects")
    assert "You will be deleted" not in ann.text
    await ann.get("/me/deletion")
    await ann.post("/me/deletion", {})
    assert await pool.fetchval("select fn.delete_people(now() + interval '15 days')") == 1
    assert (await ann.get("/projects")).headers["Location"] == "/sign-in?next=/projects"
    await owner.get("/members")
    assert "ann@example.com" not in owner.text
    await owner.get("/audit")
    assert "ann@example.com" not in owner.text
