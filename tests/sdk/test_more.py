"""What most visitors do not need, loaded when it is: once, with its hash, and again after a failure."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.frameworks import install
from tests.support.needs import needs_both, needs_chromium
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import CSP, Website

pytestmark = needs_chromium
STRICT_DYNAMIC = CSP.replace("script-src {server}", "script-src 'nonce-abc' 'strict-dynamic'")


async def move_vote(page: Page) -> None:
    """Vote, and change the vote twice, which the client alone cannot."""
    yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
    await yes.click()
    await expect(yes).to_have_text("👍Yes1")
    await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
    for button in (no, yes):
        async with page.expect_response(lambda response: "/v1/responses/" in response.url):
            await button.click()
        await expect(button).to_contain_text("1")


@pytest.mark.parametrize("policy", [CSP, STRICT_DYNAMIC])
async def test_it_is_announced_once_with_its_hash(website: Website, policy: str) -> None:
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}" count></feelback-yesno>', script="core", tag='nonce="abc"')
    website.pages.headers["content-security-policy"] = policy.format(server=website.server.url)
    async with browsing() as page:
        await page.goto(website.url)
        await move_vote(page)
        links = page.locator("link[rel=modulepreload]")
        await expect(links).to_have_count(1)
        assert await links.evaluate("link => link.integrity.startsWith('sha256-')")


async def test_what_its_hash_does_not_fit_never_runs(website: Website) -> None:
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}" count></feelback-yesno>', script="core")

    async def forge(route: Route) -> None:
        await route.fulfill(
            body="globalThis.forged = 1; export const grow = () => ({ outcome: 'edited' }), explain = grow",
            content_type="text/javascript",
            headers={"access-control-allow-origin": "*", "cache-control": "no-store"},
        )

    async with browsing() as page:
        await page.route("**/more.js*", forge)
        await page.goto(website.url)
        yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await no.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("That failed. Please try again.")
        await expect(yes).to_have_attribute("aria-pressed", "true")
        assert await page.evaluate("globalThis.forged") is None
        await page.unroute("**/more.js*", forge)
        await no.click()
        await expect(no).to_have_attribute("aria-pressed", "true")
        await website.holds(("yesno", "n", None, None))


APP = """import { configure } from "feelback/core";
configure({ endpoint: "ENDPOINT" });"""


def bundle(folder: Path, endpoint: str) -> Path:
    """The application in files of its own, as bundlers write it; their folder."""
    install(folder)
    (folder / "app.js").write_text(APP.replace("ENDPOINT", endpoint))
    command = ["node_modules/.bin/esbuild", "app.js", "--bundle", "--splitting", "--format=esm", "--preserve-symlinks"]
    subprocess.run([*command, "--outdir=out", "--log-level=warning"], cwd=folder, check=True)
    return folder / "out"


@needs_both
async def test_a_bundle_needs_no_second_try(website: Website, tmp_path: Path) -> None:
    """Bundlers import a file of its own as the browser does, which does not try one again that failed."""
    await website.add_widget("yesno")
    for path in bundle(tmp_path, website.server.url).iterdir():
        website.pages.add("/" + path.name, path.read_bytes(), "text/javascript")
    website.pages.add(
        "/page",
        '<!doctype html><html lang="en"><title>An app</title><script type="module" src="/app.js"></script>'
        f'<feelback-yesno widget="{website.widgets["yesno"]}" count></feelback-yesno>',
    )
    async with browsing() as page:
        await page.route(re.compile(r"/(?!app)[^/]+\.js$"), lambda route: route.abort(), times=1)
        await page.goto(website.url)
        yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await no.click()
        await website.holds(("yesno", "n", None, None))
