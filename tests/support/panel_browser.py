"""The panel in a browser."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from app.site import demo_project
from tests.support.sdk_pages import CHROMIUM, MODULES, browsing
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import DEMO_PASSWORD, SECRET

AXE = MODULES / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install")

VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => console.error("CSP", event.violatedDirective))"""

AXE_VIOLATIONS = """async () => {
    const result = await axe.run();
    return result.violations.map((each) => [each.id, ...each.nodes.map((node) => node.html)].join(" | ").slice(0, 400));
}"""


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


async def sign_in(page: Page) -> None:
    """Fill in the sign-in page that is open, as the demo's owner."""
    await page.get_by_label("Email").fill(demo_project.EMAIL)
    await page.get_by_label("Password").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


@contextlib.asynccontextmanager
async def signed_in(server: Server, **context: Any) -> AsyncIterator[Page]:
    """A browser at the demo's overview; console errors and requests to other hosts fail the test."""
    async with browsing(base_url=server.url, **context) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("request", lambda request: None if request.url.startswith(server.url) else faults.append(request.url))
        await page.add_init_script(VIOLATIONS)
        await page.goto("/sign-in")
        await sign_in(page)
        await page.wait_for_url("**/projects/demo")
        yield page
        assert [fault for fault in faults if fault != f"{server.url}/"] == []
