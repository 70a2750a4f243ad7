"""An account's screens in a browser, in both themes and on a phone; switching without JavaScript."""

from contextlib import AbstractAsyncContextManager
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import Page

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, signed_in, site
from tests.support.serving import Server

Pool = asyncpg.Pool
__all__ = ["pytestmark", "site"]


async def settle(pool: "Pool[asyncpg.Record]") -> dict[str, str]:
    """Give the demo's owner a second account with people, scheduled for deletion; returns URLs of screens by name."""
    person_id = await pool.fetchval("select id from person where email = $1", demo_project.EMAIL)
    account_id = await pool.fetchval("select fn.open_account($1, 'Second')", person_id)
    id: UUID = await pool.fetchval(
        "insert into person (id, email, verified_at) values (gen_random_uuid(), $1, now()) returning id",
        "somebody.with.a.very.long.address.indeed@department.example.com",
    )
    for each in await pool.fetch("select id from account"):
        await pool.execute("insert into member values ($1, $2, 'editor')", each["id"], id)
        await pool.execute(
            """insert into invitation (account_id, id, email, role, invited_by, token_hash, created_at, expires_at)
            select $1, gen_random_uuid(), n || '@example.com', 'viewer', $2, sha256('token'), now(),
                now() + n * interval '1 day'
            from generate_series(-1, 1) as n""",
            each["id"], person_id,
        )  # fmt: skip
    await pool.execute("update account set deletion_at = now() + interval '1 day' where id = $1", account_id)
    return {
        "account": "/account", "deletion": "/account/delete", "new": "/accounts/new", "members": "/members",
        "none": "/members?q=nothing", "member": f"/members/{id}", "ownership": f"/members/{id}/transfer",
        "audit": "/audit", "nothing": "/audit?q=nothing", "me": "/me", "profile deletion": "/me/delete",
        "invitation": "/invitations/token",
    }  # fmt: skip


def on(site: Server, device: str) -> AbstractAsyncContextManager[Page]:
    if device == "phone":
        return signed_in(site, viewport={"width": 390, "height": 844})
    return signed_in(site, color_scheme=device)


@pytest.mark.parametrize("device", ["light", "dark", "phone"])
async def test_every_screen_is_accessible(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, device: str
) -> None:
    screens = await settle(pool)
    async with on(site, device) as page:
        for name, address in screens.items():
            await page.goto(address)
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], name
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        await page.goto(screens["member"])
        await page.get_by_role("button", name="Remove").click()
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == []


async def test_accounts_are_switched_by_keyboard_without_javascript(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await settle(pool)
    async with signed_in(site, java_script_enabled=False) as page:
        await page.goto("/account")
        assert await page.inner_text("h1") == "Demo"
        await page.focus(".account-button")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Switch to Second").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await page.goto("/account")
        assert await page.inner_text("h1") == "Second"
