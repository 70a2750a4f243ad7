"""Issues in a browser: connected on a phone, opened from a message beside the list; light and dark."""

import asyncpg
from playwright.async_api import expect

from tests.support.drive_inbox import PAGE
from tests.support.inbox_browser import check, pytestmark, signed_in, site
from tests.support.replies import message
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool


async def test_a_repository_is_connected_on_a_phone(site: Server) -> None:
    async with signed_in(site, viewport={"width": 390, "height": 844}, color_scheme="dark") as page:
        await page.goto("/projects/demo/issues")
        await check(page, "issues-phone-dark")
        await page.get_by_label("Forge", exact=True).select_option("gitlab")
        await page.get_by_label("Repository").fill("acorn/docs")
        await page.get_by_label("Token").fill("glpat-x")
        await page.get_by_role("button", name="Connect").click()
        await expect(page.get_by_text("It is shown only now.")).to_be_visible()
        await check(page, "issues-connected-phone-dark")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_an_issue_is_opened_beside_the_list(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    await message(pool)
    await pool.execute(
        "insert into tracker (account_id, project_id, type, url, path, token, hook_id, hook_secret, title, body,"
        " created_at) select account_id, id, 'forgejo', 'https://codeberg.org', 'acorn/docs', 'x', gen_random_uuid(),"
        " 'x', 't', 'b', now()"
        " from project where slug = 'demo'"
    )
    async with signed_in(site, viewport={"width": 1280, "height": 900}) as page:
        await page.keyboard.press("j")
        await page.get_by_role("button", name="Open issue").click()
        await expect(page.locator("#result")).to_contain_text("Opening an issue")
        await expect(page.locator("#issue")).to_contain_text("Opening an issue at Forgejo")
        await expect(page.get_by_role("button", name="Open issue")).to_have_count(0)
        url = "https://codeberg.org/acorn/docs/issues/12"
        await pool.execute("update issue set state = 'closed', number = '12', url = $1", url)
        await page.goto(PAGE)
        await page.keyboard.press("j")
        await expect(page.get_by_role("link", name="Forgejo acorn/docs #12")).to_be_visible()
        await page.locator("#issue").scroll_into_view_if_needed()
        await check(page, "issue-desk")
