"""A person at a browser: sign up, create a project and a widget."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from playwright.async_api import BrowserContext, Page, expect

from tests.support.chromium import connected
from tests.support.sdk_pages import SHELL
from tests.support.serving import Server

Pool = asyncpg.Pool

PASSWORD = "a good long password"

VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => console.error("CSP", event.violatedDirective))"""


@dataclass
class Person:
    """A browser; errors and warnings of its consoles are collected in `faults`."""

    context: BrowserContext
    panel: Server
    faults: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        """A new tab."""
        page = await self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._add_fault(page, message.type, message.text))
        await page.add_init_script(VIOLATIONS)
        return page

    def _add_fault(self, page: Page, type: str, text: str) -> None:
        if type in ("error", "warning"):
            self.faults.append(f"{page.url}: {text}")


@contextlib.asynccontextmanager
async def person(panel: Server, **options: Any) -> AsyncIterator[Person]:
    """A new context of Chromium; fails if there were faults."""
    async with connected(SHELL) as browser:
        context = await browser.new_context(base_url=panel.url, **options)
        result = Person(context, panel)
        yield result
    assert not result.faults, "\n".join(result.faults)


async def mailed_link(pool: "Pool[asyncpg.Record]", template: str) -> str:
    """The link in the newest mail of that template."""
    context = await pool.fetchval(
        "select context::text from mail where template = $1 order by id desc limit 1", template
    )
    return str(json.loads(context)["url"])


async def sign_up(page: Page, pool: "Pool[asyncpg.Record]") -> None:
    """Sign up, open the emailed link and choose a password."""
    await page.goto("/sign-up")
    await page.get_by_label("Email").fill("ada@example.com")
    await page.get_by_role("button", name="Email me a link").click()
    await expect(page.get_by_role("button", name="Email me a link")).to_have_count(0)
    await page.goto(await mailed_link(pool, "verify"))
    await page.get_by_label("Account name").fill("Ada")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await page.wait_for_url("**/projects/new")


async def create_project(page: Page, name: str, site: str) -> None:
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Website URL").fill(site)
    await page.get_by_role("button", name="Create project").click()
    await page.wait_for_url("**/widgets/new")


async def create_widget(page: Page, type: str) -> str:
    """Create a widget of a type in the gallery; returns its id."""
    await page.locator(f"a[href*='type={type}&']").first.click()
    await page.get_by_role("button", name="Create widget").click()
    await page.wait_for_url("**/integrate?widget=*")
    return page.url.partition("widget=")[2]
