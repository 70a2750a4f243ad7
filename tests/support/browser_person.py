"""Somebody at a browser: signing up, making a project and a widget."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.support.sdk_pages import CHROMIUM
from tests.support.serving import Server

Pool = asyncpg.Pool

PASSWORD = "a good long password"

VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => console.error("CSP", event.violatedDirective))"""


@dataclass
class Person:
    """A browser; every fault on a console, and every request of the panel to elsewhere, is kept in `faults`."""

    context: BrowserContext
    panel: Server
    faults: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        """A new tab."""
        page = await self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._heard(page, said.type, said.text))
        await page.add_init_script(VIOLATIONS)
        return page

    def _heard(self, page: Page, type: str, text: str) -> None:
        if type in ("error", "warning"):
            self.faults.append(f"{page.url}: {text}")


@contextlib.asynccontextmanager
async def person(panel: Server, **options: Any) -> AsyncIterator[Person]:
    """A browser of its own, without a fault in the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(base_url=panel.url, **options)
        found = Person(context, panel)
        try:
            yield found
        finally:
            await browser.close()
        assert found.faults == []


async def mailed_link(pool: "Pool[asyncpg.Record]", template: str) -> str:
    """The link in the newest mail of that name."""
    context = await pool.fetchval(
        "select context::text from mail where template = $1 order by id desc limit 1", template
    )
    return str(json.loads(context)["url"])


async def sign_up(page: Page, pool: "Pool[asyncpg.Record]") -> None:
    """Signs up, opens the mailed link, and chooses a password."""
    await page.goto("/sign-up")
    await page.get_by_label("E-mail").fill("ada@example.com")
    await page.get_by_role("button", name="Mail me a link").click()
    await expect(page.get_by_role("button", name="Mail me a link")).to_have_count(0)
    await page.goto(await mailed_link(pool, "verify"))
    await page.get_by_label("Name of your account").fill("Ada")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await page.wait_for_url("**/projects/new")


async def make_project(page: Page, name: str, site: str) -> None:
    """Makes a project."""
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Address of the site").fill(site)
    await page.get_by_role("button", name="Make the project").click()
    await page.wait_for_url("**/widgets/new")


async def make_set(page: Page, type: str) -> str:
    """Makes a set of a type by the gallery; its id."""
    await page.locator(f"a[href*='type={type}&']").first.click()
    await page.get_by_role("button", name="Make the widget").click()
    await page.wait_for_url("**/integrate?widget=*")
    return page.url.partition("widget=")[2]
