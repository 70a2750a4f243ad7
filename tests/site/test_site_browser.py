"""The public site in a real browser: accessible, both themes, on a phone, no other origins; and as files."""

import asyncio
import contextlib
import functools
import http.server
import re
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import pytest
from click.testing import CliRunner
from playwright.async_api import Page, expect

from app.__main__ import cli
from app.site import demo_project, docs
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, VIOLATIONS
from tests.support.sdk_pages import CHROMIUM, browsing
from tests.support.searches import SEARCHES
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

Pool = asyncpg.Pool
pytestmark = pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install")
OTHERS = [
    "",
    "playground",
    "privacy",
    "changelog",
    "docs",
    "docs/search?q=origin",
    "docs/api",
    "docs/api/stats",
    "docs/api/objects",
]


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


@contextlib.asynccontextmanager
async def looking(origin: str, *others: str, **context: Any) -> AsyncIterator[Page]:
    """A browser; console errors and requests to other origins fail the test."""
    async with browsing(**context) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("request", lambda ask: None if ask.url.startswith((origin, *others)) else faults.append(ask.url))
        await page.add_init_script(VIOLATIONS)
        yield page
        assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_for_everybody(site: Server, loaded: demo_project.Demo, scheme: str) -> None:
    async with looking(site.url, color_scheme=scheme) as page:
        for path in (*OTHERS, *(f"docs/{name}" for name in docs.pages())):
            await page.goto(f"{site.url}/{path}")
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], path


async def test_nothing_is_wider_than_a_phone(site: Server, loaded: demo_project.Demo) -> None:
    async with looking(site.url, viewport={"width": 360, "height": 740}) as page:
        for path in (*OTHERS, *(f"docs/{name}" for name in docs.pages())):
            await page.goto(f"{site.url}/{path}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        await page.get_by_text("All pages").click()
        await page.get_by_role("link", name="Concepts").first.click()
        await page.wait_for_url("**/docs/concepts")


async def test_its_widgets_count(site: Server, loaded: demo_project.Demo) -> None:
    async with looking(site.url) as page:
        await page.goto(site.url)
        yes = page.locator("#yesno").get_by_role("button", name="Yes")
        await expect(yes).to_have_text(re.compile(r"\d"))
        before = int(re.sub(r"\D", "", await yes.inner_text()))
        await yes.click()
        await expect(yes).to_contain_text(str(before + 1))
        await page.goto(f"{site.url}/docs/concepts")
        helpful = page.locator(".helpful").get_by_role("button", name="Yes")
        await expect(helpful).to_contain_text("0")
        await helpful.click()
        await expect(helpful).to_contain_text("1")
        await expect(page.locator(".helpful").get_by_role("status")).to_have_text("Thank you.")


async def test_it_works_without_a_script(site: Server, loaded: demo_project.Demo) -> None:
    async with looking(site.url, java_script_enabled=False) as page:
        await page.goto(f"{site.url}/docs")
        await page.get_by_label("Search the documentation").fill("test mode")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/docs/search?q=test+mode")
        await page.locator(".results a[href='/docs/concepts#test-mode']").click()
        await page.wait_for_url("**/docs/concepts#test-mode")
        await page.locator(".helpful").get_by_role("button", name="No").click()
        await page.wait_for_url("**/docs/concepts")


@contextlib.contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The address at which a static host has the folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


async def test_code_is_copied_and_has_colors(site: Server, loaded: demo_project.Demo) -> None:
    async with looking(site.url) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(f"{site.url}/docs/nextjs")
        block = page.locator(".code").first
        button = block.get_by_role("button", name="Copy")
        await expect(button).to_have_accessible_description("JSX")
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(block.get_by_role("button", name="Copied")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == await block.locator("code").text_content()
        color = "element => getComputedStyle(element).color"
        keyword = await block.locator(".kn, .k").first.evaluate(color)
        text = await block.locator(".s2").first.evaluate(color)
        assert len({keyword, text, await block.locator("code").evaluate(color)}) == 3


async def test_pictures_are_loaded_in_their_place(site: Server, loaded: demo_project.Demo) -> None:
    async with looking(site.url) as page:
        for name in ("overview", "widgets"):
            await page.goto(f"{site.url}/docs/{name}")
            for image in await page.locator(".prose img").all():
                await image.scroll_into_view_if_needed()
                assert await image.get_attribute("alt")
                width, height = await image.get_attribute("width"), await image.get_attribute("height")
                await expect(image).to_have_js_property("naturalWidth", int(str(width)))
                await expect(image).to_have_js_property("naturalHeight", int(str(height)))


async def test_as_files_it_searches_and_counts(
    site: Server, loaded: demo_project.Demo, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "BASE_URL": site.url}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    built = await asyncio.to_thread(CliRunner().invoke, cli, ["site", "build", str(tmp_path / "host/docs")])
    assert built.exit_code == 0, built.output
    with hosted(tmp_path / "host") as host:
        async with looking(host, site.url) as page:
            await page.goto(f"{host}/docs/index.html")  # in a subfolder
            yes = page.locator("#yesno").get_by_role("button", name="Yes")
            await expect(yes).to_be_enabled()
            await page.get_by_role("link", name="Docs", exact=True).click()
            await page.get_by_label("Search the documentation").fill("wilson")
            await page.keyboard.press("Enter")
            await page.locator(".results a").first.click()
            await page.wait_for_url("**/docs/docs/formulas.html#*")
            helpful = page.locator(".helpful").get_by_role("button", name="Yes")
            await helpful.click()
            await expect(page.locator(".helpful").get_by_role("status")).to_have_text("Thank you.")
            await expect(helpful).to_contain_text("1")
            for query, name in SEARCHES.items():
                await page.goto(f"{host}/docs/docs/search.html?q={quote(query)}")
                await expect(page.get_by_role("status")).to_have_text(re.compile("^[0-9]+ result"))
                addresses = await page.locator(".results a").evaluate_all("(links) => links.map((link) => link.href)")
                assert f"/docs/docs/{name}.html" in [urlsplit(address).path for address in addresses[:2]], query
            await page.goto(f"{host}/docs/docs/search.html?q=zebra+quagga")
            await expect(page.get_by_role("status")).to_have_text("No page matches. Try other words.")
