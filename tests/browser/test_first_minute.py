"""An empty installation: from the link that `feelback run` prints to the first response, by clicks and keys alone."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.support.browser_person import PASSWORD, person
from tests.support.needs import needs_both
from tests.support.npm_packages import PAGE
from tests.support.panel_browser import AXE, AXE_VIOLATIONS
from tests.support.sdk_pages import Pages
from tests.support.serving import Processes, free_port, serving

pytestmark = needs_both
KEY_MS = 40  # between two keys, as a quick typist


@pytest.fixture
def empty(data_folder: Path) -> Iterator[Processes]:
    """`feelback run` on an empty data folder, without the demo."""
    port = free_port()
    environ = {
        "FEELBACK_DATA": str(data_folder / "data"), "DEMO": "off", "PORT": str(port), "SCHEDULER": "on",
        "BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with serving(environ, ("-m", "app", "run")) as server:
        server.port = port
        yield server


async def type_into(page: Page, label: str, text: str) -> None:
    await page.get_by_label(label).press_sequentially(text, delay=KEY_MS)


async def check(page: Page) -> None:
    """The page is accessible, and not wider than a small phone."""
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(AXE_VIOLATIONS) == [], page.url
    size = page.viewport_size
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    await page.set_viewport_size(size or {"width": 1280, "height": 720})


@pytest.mark.parametrize("has_javascript", [True, False])
async def test_from_an_empty_folder_to_the_first_response(empty: Processes, pages: Pages, has_javascript: bool) -> None:
    lines = empty.log.read_text().split("\n")
    link = next(line.strip() for line in lines if "/claim/" in line)
    assert lines.index(f"  {link}") == lines.index(f"ready {empty.url}") - 1
    origin = urlsplit(pages.origin)
    async with person(empty, java_script_enabled=has_javascript) as someone:
        page = await someone.page()
        start = time.monotonic()
        await page.goto(link)
        await type_into(page, "Your email address", "ada@example.com")
        await type_into(page, "Password", PASSWORD)
        await page.get_by_role("button", name="Claim and sign in").click()
        await type_into(page, "Website URL", f"{origin.netloc}/articles")
        await page.get_by_role("button", name="Create project").click()
        await page.get_by_role("link", name="Yes or no", exact=True).click()
        await page.get_by_role("button", name="Create widget").click()
        snippet = await page.locator("#snippet-html").inner_text()
        pages.add("/articles/1", PAGE + snippet)
        async with person(empty) as visitor:
            site = await visitor.page()
            await site.goto(f"{pages.origin}/articles/1")
            await site.get_by_role("button", name="Yes").click()
            await expect(site.locator("[part=count]").first).to_have_text("1")
            while not has_javascript and await page.get_by_role("link", name="Refresh").count():
                await page.get_by_role("link", name="Refresh").click()
            await expect(page.get_by_role("heading", name="It’s working")).to_be_visible()
            await expect(page.locator("#setup")).to_contain_text("/articles/1")
        print(f"{time.monotonic() - start:.1f} s of interaction")
        await page.get_by_role("link", name="View overview").click()
        await expect(page.get_by_role("main")).to_contain_text(re.compile("The first response has arrived|Responses"))


async def test_every_screen_of_an_empty_installation_is_designed(empty: Processes) -> None:
    link = next(line.strip() for line in empty.log.read_text().split("\n") if "/claim/" in line)
    async with person(empty) as someone:
        page = await someone.page()
        await page.goto(link)
        await check(page)
        await page.get_by_label("Your email address").fill("ada@example.com")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Claim and sign in").click()
        await page.wait_for_url("**/projects/new")
        await check(page)
        await page.goto("/projects")
        await check(page)
        await page.goto("/projects/new")
        await page.get_by_label("Website URL").fill("https://example.com")
        await page.get_by_role("button", name="Create project").click()
        await page.wait_for_url("**/projects/example-com/widgets/new")
        await check(page)
        await page.goto("/projects/example-com")
        await expect(page.get_by_role("listitem").filter(has_text="Choose what to ask")).to_have_attribute(
            "aria-current", "step"
        )
        await check(page)
        for place in ("pages", "inbox", "responses", "widgets", "integrate", "exports", "recaps", "api-keys"):
            await page.goto(f"/projects/example-com/{place}")
            await check(page)


async def test_the_home_page_of_an_empty_installation_shows_every_widget(empty: Processes) -> None:
    link = next(line.strip() for line in empty.log.read_text().split("\n") if "/claim/" in line)
    async with person(empty) as someone:
        page = await someone.page()
        await page.goto(link)
        await page.get_by_label("Your email address").fill("ada@example.com")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Claim and sign in").click()
        await page.wait_for_url("**/projects/new")
        await someone.context.clear_cookies()
        await page.goto("/")
        widgets = page.locator(".still")
        for n in range(await widgets.count()):
            widget = widgets.nth(n)
            await expect(widget.locator("button").first).to_be_visible()
            await expect(widget.locator("[part=question]")).to_have_count(0)  # the page asks it already
        assert await widgets.count() == 6
        await check(page)
