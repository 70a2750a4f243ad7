"""The demo page, with a script and without."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import expect

from app.site import demo_project
from tests.support.needs import needs_both
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import Watch
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool
pytestmark = needs_both


@pytest.fixture
async def demo(pool: "Pool[asyncpg.Record]", database: str) -> AsyncIterator[Server]:
    """A server with the demo's data."""
    await demo_project.load(pool, DEMO_PASSWORD)
    with serving_in_thread({"DATABASE_URL": database}) as server:
        yield server


async def test_it_votes_on_the_demo_page(demo: Server) -> None:
    async with browsing() as page:
        watch = Watch(page, demo)
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        await page.goto(demo.url + "/demo")
        total = page.locator("#pulse [data-total]")
        before = int((await total.inner_text()).replace(",", ""))
        button = page.locator("#pulse").get_by_role("button")
        await expect(button).to_have_count(1)
        await expect(button.locator("[part=count]")).to_have_text(f"{before:,}")
        await button.click()
        await expect(total).to_have_text(f"{before + 1:,}")
        await expect(button.locator("[part=count]")).to_have_text(f"{before + 1:,}")
        await button.click()
        await expect(total).to_have_text(f"{before:,}")
        for type in ("updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form"):
            assert await page.locator(f"#{type}").get_by_role("button").count() > 0
        faults = "axe.run().then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.target)]))"
        assert await page.evaluate(faults) == []
        assert watch.errors == []


async def test_it_votes_on_the_demo_page_without_a_script(demo: Server) -> None:
    async with browsing(java_script_enabled=False) as page:
        await page.goto(demo.url + "/demo")
        total = page.locator("#yesno [data-total]")
        before = int((await total.inner_text()).replace(",", ""))
        await page.locator("#yesno").get_by_role("button").first.click()
        await expect(total).to_have_text(f"{before + 1:,}")
