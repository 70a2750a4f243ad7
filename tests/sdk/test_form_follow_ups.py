"""Without JavaScript: the page that answers a form asks why."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.needs import needs_both, needs_chromium
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import Website

pytestmark = needs_chromium

WHY_NOT = {
    "option": "n", "question": "ما الذي كان ناقصًا؟", "multiple": True, "message": True, "contact": True,
    "reasons": [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated", "label": "غير محدث"}],
}  # fmt: skip


async def vote(website: Website, page: Page) -> None:
    """Vote by a plain form."""
    widget = await website.add_widget("yesno")
    await website.ask_why("yesno", WHY_NOT)
    website.pages.add(
        "/hello",
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><form method="post" '
        f'action="{website.server.url}/v1/responses"><input type="hidden" name="widget" value="{widget}">'
        f'<input type="hidden" name="page" value="{website.pages.origin}/hello">'
        '<button name="value" value="n">No</button></form>',
    )
    await page.goto(website.pages.origin + "/hello")
    await page.get_by_role("button", name="No").click()
    await expect(page.get_by_role("heading", name="ما الذي كان ناقصًا؟")).to_be_visible()


async def test_a_visitor_says_why_and_returns(website: Website) -> None:
    async with browsing(java_script_enabled=False) as page:
        await vote(website, page)
        await website.grew(("n", [], None, None))
        assert await page.context.cookies() == []
        await page.get_by_label("غير محدث").check()
        await page.get_by_label("Your message").fill("Which key?")
        await page.get_by_label("Your email address").fill("ada@localhost")
        await page.get_by_role("button", name="Send").click()
        await page.wait_for_url("**/hello")
        await website.grew(("n", ["outdated"], "Which key?", "ada@localhost"))


async def test_what_is_wrong_stands_at_its_field(website: Website) -> None:
    async with browsing(java_script_enabled=False) as page:
        await vote(website, page)
        await page.get_by_label("Hard to understand").check()
        await page.get_by_label("Your message").fill(" ")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("alert")).to_contain_text("Message must be a text and not empty")
        await expect(page.get_by_label("Hard to understand")).to_be_checked()
        await website.grew(("n", [], None, None))
        await page.get_by_label("Your message").fill("Which key?")
        await page.get_by_role("button", name="Send").click()
        await page.wait_for_url("**/hello")
        await website.grew(("n", ["unclear"], "Which key?", None))


@needs_both
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault(website: Website, scheme: Any) -> None:
    async with browsing(color_scheme=scheme, viewport={"width": 390, "height": 844}) as page:
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        await vote(website, page)
        await page.get_by_label("Your email address").evaluate("(input) => (input.type = 'text')")
        await page.get_by_label("Your email address").fill("nobody")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("alert")).to_contain_text("Contact must be an email address")
        await expect(page.get_by_label("Your email address")).to_be_focused()
        faults = await page.evaluate(
            "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
            ".then(({ violations }) => violations.map(v => [v.id, v.nodes.map(n => [n.target, n.failureSummary])]))"
        )
        assert faults == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
