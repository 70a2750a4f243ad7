"""Controls of one's own in React and Vue, by the hooks and composables of the packages."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.support.follow_ups import WHY_NOT
from tests.support.frameworks import bundle
from tests.support.needs import needs_both
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_both

APPS = {
    "React": ("headless.jsx", []),
    "Vue": ("headless.vue.js", ["--define:__VUE_OPTIONS_API__=true", "--define:__VUE_PROD_DEVTOOLS__=false"]),
}


@pytest.mark.parametrize("app", APPS)
async def test_controls_of_its_own_in(website: Website, tmp_path: Path, app: str) -> None:
    for type in ("yesno", "message"):
        await website.add_widget(type)
    await website.ask_why("yesno", {**WHY_NOT, "message": True})
    website.write_app(bundle(*APPS[app], tmp_path))
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await vote(page, website)
        await answer(page, website)
        await change_its_mind(page, website)
        await write(page, website)
        assert watch.errors == []
        await go_offline(page, website)


async def vote(page: Page, website: Website) -> None:
    """Vote with a button of the application: the element of the same widget agrees."""
    own, element = page.locator("section"), page.locator("feelback-yesno")
    await expect(page.locator("#status")).to_have_text("idle ")
    await own.get_by_role("button", name="No").click()
    await expect(page.locator("#status")).to_have_text("sent ")
    await expect(own.get_by_role("button", name="No")).to_have_text("No: 1")
    await expect(own.get_by_role("button", name="No")).to_have_attribute("aria-pressed", "true")
    await expect(element.get_by_role("button", name="No")).to_have_text("👎No1")
    await expect(element.get_by_role("button", name="No")).to_have_attribute("aria-pressed", "true")
    await website.holds(("yesno", "n", None, '{"version": "2.1"}'))


async def answer(page: Page, website: Website) -> None:
    """Answer the follow-up, which the element does not ask as well."""
    await expect(page.locator("fieldset")).to_have_count(1)
    await expect(page.locator("feelback-yesno form")).to_have_count(0)
    reason = page.locator("fieldset button").first
    await reason.click()
    await expect(page.locator("fieldset")).to_have_count(0)
    await website.grew(("n", [WHY_NOT["reasons"][0]["value"]], "Which key?", None))


async def change_its_mind(page: Page, website: Website) -> None:
    """Change the vote at the element, and take it back with the application's button."""
    own = page.locator("section")
    await page.locator("feelback-yesno").get_by_role("button", name="Yes").click()
    await expect(own.get_by_role("button", name="Yes")).to_have_text("Yes: 1")
    await expect(own.get_by_role("button", name="No")).to_have_text("No: 0")
    await own.get_by_role("button", name="Yes").click()
    await expect(page.locator("#status")).to_have_text("removed ")
    await expect(own.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "false")
    await website.holds()


async def write(page: Page, website: Website) -> None:
    """Send a message with the visitor's address."""
    await page.get_by_role("button", name="Write").click()
    await expect(page.locator("#message")).to_have_text("sent ")
    await website.holds(("message", "message", "Hello", '{"$user": "ada@example.com", "$language": "en"}'))


async def go_offline(page: Page, website: Website) -> None:
    """A vote without a network is queued; one that the server refuses has failed."""
    await page.route("**/v1/beacons", lambda route: route.abort())
    await page.locator("section").get_by_role("button", name="Yes").click()
    await expect(page.locator("#status")).to_have_text("queued ")
    await page.unroute("**/v1/beacons")
    refusal = {"status": 403, "json": {"error": "origin", "message": "No."}}
    await page.route(
        "**/v1/beacons", lambda route: route.fulfill(**refusal, headers={"access-control-allow-origin": "*"})
    )
    await page.get_by_role("button", name="Write").click()
    await expect(page.locator("#message")).to_have_text("failed 403")


async def test_elements_of_a_rendered_page_wait_for_their_settings(website: Website, tmp_path: Path) -> None:
    """They are defined as the bundle is run, and would ask the server of the page, which has no such widget."""
    id = await website.add_widget("reaction")
    code = 'import "feelback"; import { configure } from "feelback/settings"; setTimeout(() => configure(window.page));'
    website.pages.add("/app.js", bundle("main.js", ["--format=esm"], tmp_path, code), "text/javascript")
    website.pages.add(
        "/page",
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
        f"<script>window.page = {json.dumps({'endpoint': website.server.url})}</script>"
        f'<script type="module" src="/app.js"></script><feelback-reaction widget="{id}" count></feelback-reaction>',
    )
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await page.get_by_role("button", name="Happy").click()
        await website.holds(("reaction", "happy", None, None))
        assert watch.errors == []
