"""Transferring the ownership of an account."""

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import join, person_id

Pool = asyncpg.Pool


async def test_ownership_is_transferred_after_a_confirmation(
    owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    ann = await join(app, owner, pool, "ann@example.com", "viewer")
    id = await person_id(pool, "ann@example.com")
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    path = f"/members/{id}/transfer"
    assert (await owner.get(path)).headers["Location"] == f"/confirmation?next={path}"
    assert (await owner.post(path, {})).headers["Location"] == "/confirmation?next=/account"
    await pool.execute("update session set confirmed_at = now()")
    await owner.get(path)
    assert (await owner.post(path, {})).headers["Location"] == "/members"
    assert sorted(mail[0] for mail in await mails(pool)) == ["ann@example.com", "demo@feelback.example"]
    assert (await owner.get(path)).status_code == 403
    await ann.get("/account")
    assert "You own this account" in ann.text
    assert (await owner.get("/installation/mails")).status_code == 404
