"""Deleting one's own profile: requested, shown on every page, withdrawn, done."""

import asyncpg
from quart import Quart

from tests.support import factories
from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import join

Pool = asyncpg.Pool


async def test_a_person_is_deleted_and_stays(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/me/delete")
    assert "You own Demo" in owner.text
    assert (await owner.post("/me/delete", {})).status_code == 409
    ann = await join(app, owner, pool, "ann@example.com")
    await ann.get("/me/delete")
    assert (await ann.post("/me/delete", {})).headers["Location"] == "/me"
    assert [mail[:2] for mail in await mails(pool)] == [("ann@example.com", "person_deletion")]
    await ann.get("/projects")
    assert "Your profile will be deleted on" in ann.text
    assert (await ann.get("/me/delete")).status_code == 200
    await ann.post("/me/delete/cancel", {})
    await ann.get("/projects")
    assert "Your profile will be deleted" not in ann.text
    await ann.get("/me/delete")
    await ann.post("/me/delete", {})
    assert await pool.fetchval("select fn.delete_people(now() + interval '15 days')") == 1
    assert (await ann.get("/projects")).headers["Location"] == "/sign-in?next=/projects"
    await owner.get("/members")
    assert "ann@example.com" not in owner.text
    await owner.get("/audit")
    assert "ann@example.com" not in owner.text


async def test_the_only_operator_stays(
    operator: Browser, app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await factories.delete_accounts(pool, "Ours")
    await operator.get("/me/delete")
    assert (await operator.post("/me/delete", {})).status_code == 409
    assert "only operator" in operator.text
    await pool.execute(
        "update person set deletion_at = now() where is_operator"
    )  # asked for before they were the only one
    assert await pool.fetchval("select fn.delete_people()") == 0
    await join(app, owner, pool, "ann@example.com")
    await pool.execute("select fn.update_operator('ann@example.com', true)")
    assert (await operator.post("/me/delete", {})).headers["Location"] == "/me"
    assert await pool.fetchval("select fn.delete_people(now() + interval '15 days')") == 1
