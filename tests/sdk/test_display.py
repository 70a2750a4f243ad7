"""Display rules: when elements are shown, to whom, and what is remembered of it."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.config import ROOT
from tests.support.needs import needs_chromium
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_chromium
TALL = '<p id="text">' + "<br>" * 200 + "</p>"
STORED = "JSON.parse(localStorage.getItem('feelback-display'))"


async def write(website: Website, rules: str, tag: str = "") -> None:
    """Write a page with an element that has these rules, below a paragraph and above another."""
    if "yesno" not in website.widgets:
        await website.add_widget("yesno")
    website.write(
        f'<p>Above</p><feelback-yesno widget="{{yesno}}" {rules}></feelback-yesno><p id="below">Below</p>{TALL}',
        script="core",
        head=f'<script type="module" src="{website.server.url}/sdk/display.js" {tag}></script>',
    )


def element(page: Page) -> Any:
    """The element's first button."""
    return page.locator("feelback-yesno button").first


async def remembered(website: Website, page: Page, **memory: Any) -> None:
    """Store what a visitor's browser remembers of the widget."""
    await page.evaluate(
        "(text) => localStorage.setItem('feelback-display', text)", json.dumps({website.widgets["yesno"]: memory})
    )


async def test_it_waits_in_its_place(website: Website) -> None:
    await write(website, 'after="1"')
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await expect(element(page)).to_be_attached()
        await expect(element(page)).to_be_hidden()
        place = await page.locator("#below").bounding_box()
        await expect(element(page)).to_be_visible()
        assert await page.locator("#below").bounding_box() == place
        await element(page).click()
        await website.holds(("yesno", "y", None, None))
        assert await page.evaluate(STORED) is None
        assert await page.context.cookies() == []
        assert watch.errors == []


async def test_it_waits_until_the_visitor_has_scrolled(website: Website) -> None:
    await write(website, 'scroll="90" after="0"')
    async with browsing() as page:
        await page.goto(website.url)
        await expect(element(page)).to_be_attached()
        await page.evaluate("scrollTo(0, 0.5 * document.documentElement.scrollHeight)")
        await page.wait_for_timeout(200)
        await expect(element(page)).to_be_hidden()
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await expect(element(page)).to_be_visible()


@pytest.mark.parametrize(
    ("rules", "draw", "is_shown"),
    [
        ('share="0"', None, False), ('share="100"', None, True), ('share="25"', 24.9, True),
        ('share="25"', 25.1, False),
        ('share="many"', 99, True), ('share="-1"', 99, True), ('share=""', 99, True),
    ],
)  # fmt: skip
async def test_a_share_of_visitors_stays_the_same(
    website: Website, rules: str, draw: float | None, is_shown: bool
) -> None:
    await write(website, rules)
    async with browsing() as page:
        await page.goto(website.url)
        if draw is not None:
            await remembered(website, page, draw=draw)
        for _ in range(2):
            await page.reload()
            await expect(element(page)).to_be_attached()
            await expect(element(page)).to_be_visible(visible=is_shown)
        if draw is not None:
            assert await page.evaluate(STORED) == {website.widgets["yesno"]: {"draw": draw}}
        below = await page.get_by_text("Below").bounding_box()
        above = await page.get_by_text("Above").bounding_box()
        assert below is not None
        assert above is not None
        assert (below["y"] - above["y"] > 50) == is_shown  # what is not shown takes no place


async def test_it_is_shown_again_after_its_cool_down(website: Website) -> None:
    await write(website, 'cooldown="30"')
    async with browsing() as page:
        await page.goto(website.url)
        await expect(element(page)).to_be_visible()
        await page.reload()
        await expect(element(page)).to_be_attached()
        await expect(element(page)).to_be_hidden()
        for days, is_shown in ((29, False), (31, True)):
            await remembered(website, page, shown=await page.evaluate(f"Date.now() - {days} * 864e5"))
            await page.reload()
            await expect(element(page)).to_be_attached()
            await expect(element(page)).to_be_visible(visible=is_shown)


async def test_a_page_may_forbid_to_store(website: Website) -> None:
    await write(website, 'cooldown="30" share="100"', 'data-store="none"')
    async with browsing() as page:
        for _ in range(2):
            await page.goto(website.url)
            await expect(element(page)).to_be_visible()
        assert await page.evaluate(STORED) is None


async def test_elements_that_come_later_have_rules_too(website: Website) -> None:
    await write(website, "")
    async with browsing() as page:
        await page.goto(website.url)
        await expect(element(page)).to_be_visible()
        await page.evaluate(
            "window.shown = 0; addEventListener('feelback-shown', () => shown++);"
            "const copy = document.querySelector('feelback-yesno').cloneNode(); copy.setAttribute('share', 0);"
            "const other = copy.cloneNode(); other.setAttribute('share', 100); document.body.append(copy, other)"
        )
        await expect(page.locator("feelback-yesno").nth(1)).to_be_hidden()
        await expect(page.locator("feelback-yesno").nth(2)).to_be_visible()
        assert await page.evaluate("shown") == 1


@pytest.mark.parametrize("rule", ['after="1"', 'scroll="90"'])
async def test_an_element_that_left_before_it_was_shown_was_not_shown(website: Website, rule: str) -> None:
    await write(website, f'{rule} cooldown="30"')
    async with browsing() as page:
        await page.goto(website.url)
        await expect(element(page)).to_be_attached()
        await page.evaluate(
            "window.events = 0; addEventListener('feelback-shown', () => events++);"
            "window.gone = document.querySelector('feelback-yesno');"
            "gone.addEventListener('feelback-shown', () => events++); gone.remove();"
        )
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await page.wait_for_timeout(1300)
        assert (await page.evaluate(STORED), await page.evaluate("events")) == (None, 0)
        # It waits again where it comes back.
        await page.evaluate("document.body.append(gone)")
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await expect(element(page)).to_be_visible()


async def test_a_page_view_shows_all_elements_of_a_widget(website: Website) -> None:
    await website.add_widget("yesno")
    one = '<feelback-yesno widget="{yesno}" cooldown="30"></feelback-yesno>'
    website.write(
        one + TALL + one,
        script="core",
        head=f'<script type="module" src="{website.server.url}/sdk/display.js"></script>',
    )
    async with browsing() as page:
        await page.goto(website.url)
        for n in range(2):
            await expect(page.locator("feelback-yesno").nth(n).locator("button").first).to_be_visible()
        # Another page of the application is another view, and so is the next visit.
        await page.evaluate(
            "history.pushState({}, '', '?next');"
            "document.body.append(document.querySelector('feelback-yesno').cloneNode())"
        )
        await expect(page.locator("feelback-yesno").nth(2)).to_be_hidden()
        await page.reload()
        for n in range(2):
            await expect(page.locator("feelback-yesno").nth(n)).to_be_hidden()


async def test_the_documented_markup_works(website: Website) -> None:
    await website.add_widget("yesno")
    (markup,) = re.findall(r"```html\n(.*?)```", (ROOT / "docs/display-rules.md").read_text(), re.S)
    markup = markup.replace("https://your.host", website.server.url)
    markup = markup.replace("WIDGET", website.widgets["yesno"]).replace('after="10"', 'after="0.5"')
    website.write(markup + TALL, script="core")
    async with browsing() as page:
        await page.goto(website.url)
        await remembered(website, page, draw=3)
        await page.reload()
        await expect(element(page)).to_be_attached()
        await expect(element(page)).to_be_hidden()
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await expect(element(page)).to_be_visible()
