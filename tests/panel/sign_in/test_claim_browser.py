"""The claim page in a browser, in both themes, on a phone and without JavaScript; what it leads to."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from playwright.async_api import Page, expect

from app import config
from app.config import claim_link
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark
from tests.support.sdk_pages import browsing
from tests.support.serving import Processes, serving
from tests.support.settings import DEMO_PASSWORD, SECRET

__all__ = ["pytestmark"]


@pytest.fixture
def site(database: str) -> Iterator[Processes]:
    """A server of an installation that nobody has claimed, with the demo."""
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("update installation set claimed_at = null")
    with serving({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


def link(server: Processes) -> str:
    """The link that the console shows, at the address that the browser has."""
    code = claim_link.code(config.load({"SECRET_KEY": SECRET}))
    assert f"/claim/{code}" in server.log.read_text()
    return f"{server.url}/claim/{code}"


async def send(page: Page, email: str = "ann@example.com") -> None:
    await page.get_by_label("Your email address").fill(email)
    await page.get_by_label("Password").fill("correct horse battery")
    await page.get_by_role("button", name="Claim and sign in").click()


@pytest.mark.parametrize(
    "context",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
async def test_it_is_accessible(site: Processes, context: dict[str, Any]) -> None:
    async with browsing(base_url=site.url, **context) as page:
        for address in ("/", link(site), "/claim/wrong", "/sign-in"):
            await page.goto(address)
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], address
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        await page.goto("/")
        await expect(page.get_by_label("Claim code")).to_be_focused()


@pytest.mark.parametrize("has_javascript", [True, False])
async def test_a_stranger_gets_from_the_console_to_the_installation(site: Processes, has_javascript: bool) -> None:
    async with browsing(base_url=site.url, java_script_enabled=has_javascript) as page:
        await page.goto("/")
        await expect(page.get_by_role("heading", name="Claim this installation")).to_be_visible()
        await page.get_by_role("link", name="sign in to the demo").click()
        await page.get_by_label("Email").fill("demo@feelback.example")
        await page.get_by_label("Password").fill(DEMO_PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_url("**/projects/demo")
        await page.goto(link(site))
        await send(page, "demo@feelback.example")
        await expect(page.get_by_role("alert")).to_contain_text("The demo's owner cannot operate the installation")
        await send(page)
        await page.wait_for_url("**/projects/new")
        await page.goto("/installation")
        await expect(page.get_by_role("heading", name="Installation", exact=True)).to_be_visible()
        await page.goto(link(site))
        await expect(page.get_by_role("heading", name="Already claimed")).to_be_visible()
