"""The account: name, retention of audit entries, leaving."""

import asyncpg
import pytest
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive_people import join

Pool = asyncpg.Pool


@pytest.mark.parametrize(
    ("name", "days", "status"), [("New", "30", 303), ("", "30", 422), ("New", "29", 422), ("New", "x", 422)]
)
async def test_it_is_edited(owner: Browser, pool: "Pool[asyncpg.Record]", name: str, days: str, status: int) -> None:
    await owner.get("/account")
    assert (await owner.post("/account", {"name": name, "audit_days": days})).status_code == status
    assert await pool.fetchval("select (name, audit_days)::text from account") == (
        "(New,30)" if status == 303 else "(Demo,365)"
    )


async def test_what_a_role_may_not_do_is_not_offered(teammate: Browser, owner: Browser, operator: Browser) -> None:
    await teammate.get("/account")
    assert "Leave account" in teammate.text
    assert "audit_days" not in teammate.text
    assert "/account/delete" not in teammate.text
    await owner.get("/account")
    assert "audit_days" in owner.text
    assert "/account/leave" not in owner.text
    assert "/account/delete" in owner.text
    await operator.get("/account")
    assert "The command line creates projects in this account" in operator.text
    assert "/account/delete" not in operator.text


async def test_a_member_leaves_and_creates_an_account(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com")
    await ann.post("/account/leave", {})
    await ann.get("/accounts/new")
    assert "You’re not a member of any account" in ann.text
    assert "ann@example.com" in ann.text
    assert (await ann.get("/me")).status_code == 200
    assert (await ann.post("/accounts", {"name": " "})).status_code == 422
    assert (await ann.post("/accounts", {"name": "Ann's own"})).status_code == 303
    assert (await ann.get("/projects")).status_code == 200
    assert (await owner.post("/account/leave", {})).status_code == 409
