"""Why visitors chose an option, in a browser: live, on a phone, in both themes, and the inbox as messages are added."""

import asyncpg
from playwright.async_api import expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, signed_in, site
from tests.support.reason_demo import grow, reasons
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool


async def test_reasons_are_readable_everywhere_and_live(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    path = f"/projects/demo/pages/{example.page_id}"
    for scheme, width in (("dark", 1280), ("light", 390)):
        viewport = {"width": width, "height": 900}
        async with signed_in(site, color_scheme=scheme, viewport=viewport) as page:
            for address in (f"{path}?period=365d", f"/projects/demo/widgets/{example.widget_id}"):
                await page.goto(address)
                await expect(page.locator("#why .lines .count").first).to_have_text("4")
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                await page.evaluate(AXE.read_text())
                assert await page.evaluate(AXE_VIOLATIONS) == []
    async with signed_in(site) as page:
        await page.goto(f"{path}?period=365d")
        await expect(page.locator("#live")).to_have_text("Live")
        await grow(pool, example, example.outdated[0], ["unclear", "outdated"], "Both")
        await pool.execute("call fn.refresh_stats(now())")
        await expect(page.locator("#why .lines .count").first).to_have_text("5")
        await expect(page.locator("#why blockquote").nth(1)).to_have_text("Both")
        await page.locator("#why .lines a.plain").first.click()
        await expect(page.locator(".filter-chip", has_text="Hard to understand")).to_be_visible()


async def test_a_message_that_is_added_to_an_older_response_arrives_live(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    older = (
        "select id from response where widget_id = $1 and option_no = 2 and body is null and id > $2"
        " order by id limit 1"
    )
    async with signed_in(site) as page:
        await page.goto("/projects/demo/inbox")
        await expect(page.locator("#live")).to_have_text("Live")
        last = await page.locator("li.inbox-row").last.get_attribute("data-id")
        id = await pool.fetchval(older, example.widget_id, last)
        await grow(pool, example, id, ["outdated"], "Added days later")
        row = page.locator(f"#m-{id}")
        await expect(row).to_contain_text("Added days later")
        await expect(row).to_contain_text("Out of date")
        await row.get_by_role("link", name="Show messages with the reason Out of date").click()
        await expect(page.locator("li.inbox-row")).to_have_count(1)
