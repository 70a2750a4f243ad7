"""How often a widget was seen, in a browser: readable on a phone and a desk, in both themes."""

import asyncpg
from playwright.async_api import expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, signed_in, site
from tests.support.reason_demo import follow_up
from tests.support.seen_demo import add
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool


async def test_seen_counts_are_readable_everywhere(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await follow_up(pool)
    await add(pool, example, 1204, 3)
    for scheme, width in (("dark", 1280), ("light", 390)):
        async with signed_in(site, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
            for path in (f"pages/{example.page_id}?period=30d", f"widgets/{example.widget_id}"):
                await page.goto(f"/projects/demo/{path}")
                await expect(page.locator(".seen")).to_contain_text("Seen 1,204 times, response rate")
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                await page.evaluate(AXE.read_text())
                assert await page.evaluate(AXE_VIOLATIONS) == []
