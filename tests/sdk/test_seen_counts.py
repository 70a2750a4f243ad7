"""Seen counts: an element that a visitor saw, or responded to, is counted once a page view, in one request."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import expect

from app.config import ROOT
from tests.support.needs import needs_chromium
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Website
from tests.support.seen_page import COME_BACK, ELEMENT, LEAVE, PULSE, TALL, beacons, holds, open_page, write

pytestmark = needs_chromium


async def test_what_was_seen_for_a_second_is_sent_when_the_visitor_leaves(website: Website) -> None:
    await write(website, ELEMENT + PULSE, "yesno", "pulse")
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        assert beacons(watch) == []
        await page.goto("about:blank")
        await holds(website, yesno=1, pulse=1)
        assert watch.errors == []
        assert await page.context.cookies() == []


async def test_a_response_in_another_elements_shadow_was_seen(website: Website) -> None:
    await write(website, ELEMENT + TALL + '<div id="host"></div>', "yesno", "pulse")
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.evaluate(
            "(widget) => { const element = document.createElement('feelback-pulse');"
            "element.setAttribute('widget', widget); host.attachShadow({ mode: 'open' }).append(element); }",
            website.widgets["pulse"],
        )
        # An event of that name which is none of an element's counts nothing.
        await page.evaluate("host.dispatchEvent(new CustomEvent('feelback-sent', { bubbles: true }))")
        await page.locator("feelback-pulse button").click()
        await expect(page.locator("feelback-pulse [role=status]")).to_have_text("Thank you.")
        async with page.expect_request(lambda request: request.url.endswith("/v1/seen")) as sent:
            await page.evaluate(LEAVE)
        items = json.loads((await sent.value).post_data or "")["items"]
        assert [item["widget"] for item in items if item["widget"] != website.widgets["yesno"]] == [
            website.widgets["pulse"]
        ]
        assert watch.errors == []


async def test_what_was_not_seen_is_not_counted(website: Website) -> None:
    await write(website, TALL + ELEMENT)
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await page.wait_for_timeout(500)  # too short
        await page.evaluate("scrollTo(0, 0)")
        await page.wait_for_timeout(1200)
        await page.evaluate(LEAVE)
        assert beacons(watch) == []
        await page.evaluate(COME_BACK)
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await page.wait_for_timeout(1600)
        await page.evaluate(LEAVE)
        await holds(website, yesno=1)


async def test_one_request_a_page_view(website: Website) -> None:
    await write(website, ELEMENT + TALL + PULSE, "yesno", "pulse")
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        for _ in range(3):
            await page.evaluate(LEAVE)
            await page.evaluate(COME_BACK)
            await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            await page.wait_for_timeout(1300)
        await page.reload()
        await holds(website, yesno=1)
        assert beacons(watch) == ["/v1/seen"]


async def test_an_element_that_waits_for_its_rule_is_not_seen_before(website: Website) -> None:
    await write(website, ELEMENT.replace("widget", 'scroll="90" widget', 1) + TALL)
    text = website.pages.files["/page"][1].decode()
    display = f'<script type="module" src="{website.server.url}/sdk/display.js"></script><script'
    website.pages.add("/page", text.replace("<script", display, 1))
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1800)
        await page.evaluate(LEAVE)
        await page.evaluate(COME_BACK)
        assert beacons(watch) == []
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await expect(page.locator("feelback-yesno")).to_have_css("visibility", "visible")
        await page.evaluate("scrollTo(0, 0)")
        await page.wait_for_timeout(1600)
        await page.evaluate(LEAVE)
        await holds(website, yesno=1)


async def test_a_fast_response_is_a_view_too(website: Website) -> None:
    await write(website, ELEMENT)
    async with browsing() as page:
        await open_page(page, website)
        await page.locator("feelback-yesno button").first.click()
        await website.holds(("yesno", "y", None, None))
        await expect(page.get_by_role("status")).not_to_be_empty()
        await page.goto("about:blank")
        await holds(website, yesno=1)
        placement = await website.pool.fetchval("select id from placement")
        assert await website.pool.fetchval("select count from seen_day where scope_id = $1", placement) == 1


async def test_another_address_of_a_single_page_application_is_another_view(website: Website) -> None:
    await write(website, ELEMENT)
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        await page.evaluate("location.hash = 'part'; document.body.append('The same page')")
        await page.wait_for_timeout(1600)
        await page.evaluate("history.pushState({}, '', '/other'); document.body.append('Another page')")
        await page.wait_for_timeout(1600)
        await page.evaluate(LEAVE)
        await holds(website, yesno=2)
        assert beacons(watch) == ["/v1/seen"] * 2


@pytest.mark.parametrize("with_script", [False, True])
async def test_a_page_without_the_script_sends_nothing(website: Website, with_script: bool) -> None:
    await write(website, ELEMENT, with_script=with_script)
    async with browsing() as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        await page.evaluate(LEAVE)
        await page.wait_for_timeout(300)
        assert beacons(watch) == ["/v1/seen"] * with_script
        assert await page.evaluate("JSON.stringify(localStorage)") == "{}"


async def test_the_documented_markup_works(website: Website) -> None:
    await website.add_widget("yesno")
    (markup,) = re.findall(r"```html\n(.*?)```", (ROOT / "docs/seen-counts.md").read_text(), re.S)
    markup = markup.replace("https://your.host", website.server.url)
    website.write(markup.replace("WIDGET", website.widgets["yesno"]), script="core")
    async with browsing() as page:
        sent: list[Any] = []
        page.on("request", lambda request: sent.append(request) if request.url.endswith("/v1/seen") else None)
        await open_page(page, website)
        await page.wait_for_timeout(1600)
        await page.evaluate(LEAVE)
        await holds(website, yesno=1)
        assert json.loads(sent[0].post_data) == {"items": [{"widget": website.widgets["yesno"], "page": website.url}]}
