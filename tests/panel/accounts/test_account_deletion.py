"""Deleting an account: scheduled, shown on every page, cancelled."""

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import join

Pool = asyncpg.Pool


async def test_a_deletion_is_scheduled_and_cancelled(
    stranger: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    await stranger.get("/me")
    ann = await join(app, stranger, pool, "ann@example.com", "admin")
    assert (await ann.get("/account/delete")).status_code == 403
    await stranger.get("/account/delete")
    assert (await stranger.post("/account/delete", {"name": "others"})).status_code == 422
    assert await mails(pool) == []
    assert (await stranger.post("/account/delete", {"name": "Others"})).headers["Location"] == "/account"
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
    await ann.post("/account/delete/cancel", {})
    await stranger.get("/projects")
    assert "will be deleted" not in stranger.text


async def test_members_of_a_deleted_account_have_none(stranger: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await stranger.get("/account/delete")
    await stranger.post("/account/delete", {"name": "Others"})
    await pool.execute("select fn.delete_accounts(now() + interval '15 days')")
    assert (await stranger.get("/projects")).headers["Location"] == "/accounts/new"


async def test_the_account_of_the_command_line_cannot_be_deleted(operator: Browser) -> None:
    await operator.get("/account/delete")
    assert "cannot be deleted" in operator.text
    assert (await operator.post("/account/delete", {"name": "Ours"})).status_code == 409
