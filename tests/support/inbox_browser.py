"""The inbox in a browser."""

import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.site import demo_project
from tests.support.drive_inbox import PAGE
from tests.support.sdk_pages import CHROMIUM, MODULES, browsing
from tests.support.serving import Server, serving
from tests.support.settings import DEMO_PASSWORD, SECRET

AXE = MODULES / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install")


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


@contextlib.asynccontextmanager
async def signed_in(server: Server, **context: Any) -> AsyncIterator[Page]:
    """A browser at the demo's inbox; console errors fail the test."""
    async with browsing(base_url=server.url, **context) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        await page.goto("/sign-in")
        await page.get_by_label("Email").fill(demo_project.EMAIL)
        await page.get_by_label("Password").fill(DEMO_PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.goto(PAGE)
        await expect(page.locator("li.inbox-row").first).to_be_visible()
        yield page
        # Failed requests while the server restarts are not errors of the page.
        assert [fault for fault in faults if "net::ERR" not in fault] == []


async def check(page: Page, name: str) -> None:
    """Check the page with axe; take a screenshot if SHOTS is set."""
    if os.environ.get("SHOTS"):
        await page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png")
    await page.evaluate(AXE.read_text())
    violations = await page.evaluate(
        "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 3)]))"
    )
    assert violations == []
