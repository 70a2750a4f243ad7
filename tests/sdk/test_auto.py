"""The drop-in for the published browser build: what they have in common, and what it corrects."""

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.needs import needs_both, needs_chromium
from tests.support.sdk_pages import BUILDS, browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_chromium


def write(website: Website, body: str, script: str | None = None) -> None:
    """Write a page with our script's tag, the only change that a page needs, or with another tag."""
    for type, id in website.widgets.items():
        body = body.replace("{" + type + "}", id)
    tag = script or f'<script src="{website.server.url}/sdk/auto.js" defer></script>'
    website.pages.add("/page", f'<!doctype html><html lang="en"><title>A page</title>{tag}<body>{body}')


LIKE = """<div id="like" data-feelback-set="{pulse}"><button data-feelback-value="+">Like
<span data-feelback-count="+" data-feelback-count-index="0">?</span></button></div>"""


async def test_a_page_moves_by_the_address_of_its_script(website: Website) -> None:
    await website.add_widget("pulse")
    write(website, LIKE)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url + "?a=1&b=c+d&e=%25#part")
        count = page.locator("[data-feelback-count]")
        await expect(count).to_have_text("0")
        await page.get_by_role("button").click()
        await expect(count).to_have_text("1")
        await expect(page.get_by_role("button")).to_have_class("active")
        await expect(page.get_by_role("button")).to_have_attribute("aria-pressed", "true")
        await page.reload()
        await expect(count).to_have_text("1")
        await page.get_by_role("button").click()
        await expect(count).to_have_text("0")
        await website.holds()
        assert watch.errors == []
        key = await website.pool.fetchval("select key from placement")
        assert key == website.url + "?a=1&b=c+d&e=%25"
        assert all("#" not in path and "%7B" in path for method, path in watch.requests if method == "GET")


BEHAVIORS = """
<div id="all" data-feelback-set="{tagged}" data-feelback-component="form">
  <div data-behavior-switch-side="a">
    <button id="flip" data-behavior-action="switch" data-behavior-target=".b">Flip</button></div>
  <div data-behavior-switch-side="b" class="b" style="display:none">Side b</div>
  <button id="pop" data-behavior-action="popup">Pop</button><div class="popup" style="display:none">Popped</div>
  <button id="say" data-feelback-action="dialog">Say</button>
  <div class="dialog" style="display:none"><div class="content">
    <form class="feelback-form"><div data-feelback-type="button-group" data-feelback-field="tag" data-reveal=".more">
      <input type="hidden" data-feelback-field="tag">
      <button type="button" data-feelback-action="set-field" data-feelback-value="idea">Idea</button>
      <button type="button" data-feelback-action="set-field" data-feelback-value="error">Error</button></div>
      <textarea data-feelback-field="message"></textarea><button>Send</button>
      <button type="button" data-behavior-action="cancel">Cancel</button></form>
  </div></div>
  <div class="more hidden">More</div>
  <button id="toggle" data-behavior-action="toggle-class" data-behavior-target=":container"
    data-behavior-value="on:x,off:y">T</button>
</div>"""


@needs_both
@pytest.mark.parametrize("build", BUILDS)
async def test_elements_do_what_they_do_with_the_published_build(website: Website, build: str) -> None:
    await website.add_widget("tagged")
    website.pages.add("/build.js", BUILDS[build].read_bytes(), "text/javascript")
    write(website, BEHAVIORS, '<script src="/build.js"></script>')
    async with browsing() as page:
        await page.goto(website.url)
        container = page.locator("#all")
        await page.click("#toggle")
        await expect(container).to_have_class("x")
        await page.click("#pop")
        await expect(page.get_by_text("Popped")).to_be_visible()
        await page.mouse.click(700, 500)
        await expect(page.get_by_text("Popped")).to_be_hidden()
        await page.click("#say")
        await expect(page.get_by_role("button", name="Idea")).to_be_visible()
        await page.get_by_role("button", name="Error").click()
        await expect(page.get_by_role("button", name="Error")).to_have_class("active")
        await expect(page.locator(".feelback-style [data-feelback-field=tag]").last).to_have_value("error")
        await expect(page.get_by_text("More")).to_have_class("more")
        await page.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_role("button", name="Idea")).to_be_hidden()
        await page.click("#flip")
        await expect(page.get_by_text("Side b")).to_be_visible()
        await expect(page.locator("#flip")).to_be_hidden()


@needs_both
@pytest.mark.parametrize("build", BUILDS)
async def test_it_has_the_published_api(website: Website, build: str) -> None:
    await website.add_widget("pulse")
    website.pages.add("/build.js", BUILDS[build].read_bytes(), "text/javascript")
    write(website, "", '<script src="/build.js"></script>')
    async with browsing() as page:
        await page.goto(website.url + "?a=1")
        assert await page.evaluate("Object.keys(feelback).sort()") == [
            "calculateContentKey", "getConfigFromElement", "getFeelbackAggregates", "getFeelbackStore",
            "getLocalFeelbackValue", "removeFeelback", "sendFeelback", "setupFeelback",
        ]  # fmt: skip
        keys = "['$auto', '$path', 'own', undefined].map((key) => feelback.calculateContentKey(key))"
        assert await page.evaluate(keys) == [f"{website.url}?a=1", website.url, "own", f"{website.url}?a=1"]
        target = {"contentSetId": website.widgets["pulse"], "key": "a", "endpoint": website.server.url + "/v0"}
        calls = f"""(async (target) => {{
            await feelback.sendFeelback({{ ...target, value: "+" }});
            const counts = await feelback.getFeelbackAggregates(target);
            const value = feelback.getLocalFeelbackValue(target);
            const isRevokable = feelback.getFeelbackStore().isRevokable(target);
            const {{ feelbackId }} = feelback.getFeelbackStore().getRevocable(target);
            await new Promise((resolve) => setTimeout(resolve, 100));
            await feelback.removeFeelback({{ ...target, feelbackId }});
            return [counts, value, isRevokable, await feelback.getFeelbackAggregates(target),
                Object.keys(localStorage)];
        }})({json.dumps(target)})"""
        assert await page.evaluate(calls) == [[1], "+", True, [0], ["fbs-store"]]


async def events(page: Page) -> list[Any]:
    """The events so far: type and value."""
    rows: list[Any] = await page.evaluate("events")
    return rows


async def test_it_corrects_the_faults_of_that_build(website: Website) -> None:
    await website.add_widget("pulse")
    await website.add_widget("message")
    write(
        website,
        LIKE
        + """<div data-feelback-set="{message}" data-feelback-component="form"><form class="feelback-form"
        data-feelback-type="form-single" novalidate><input data-feelback-field="message" required><button>Send</button>
        </form></div>""",
    )
    async with browsing() as page:
        watch = Watch(page, website.server)
        names = "['feedback-sent', 'feelback-sent', 'feedback-removed', 'feelback-removed', 'feelback-failed']"
        await page.add_init_script(
            f"events = []; for (const name of {names}) addEventListener(name, ({{ type, detail }}) =>"
            " events.push([type, detail.value]))"
        )
        await page.goto(website.url)
        await expect(page.locator("[data-feelback-count]")).to_have_text("0")
        # A second setup does nothing twice.
        await page.evaluate("feelback.setupFeelback(); feelback.setupFeelback()")
        await page.locator("#like button").click()
        await expect(page.locator("[data-feelback-count]")).to_have_text("1")
        await website.holds(("pulse", "+", None, None))
        assert await events(page) == [["feedback-sent", "+"], ["feelback-sent", "+"]]
        # A required field is required.
        await page.get_by_role("button", name="Send").click()
        await asyncio.sleep(0.2)
        await website.holds(("pulse", "+", None, None))
        # Another page of a single-page application has counts of its own.
        await page.evaluate("history.pushState({}, '', '/other')")
        await expect(page.locator("#like button")).not_to_have_class("active")
        await expect(page.locator("[data-feelback-count]")).to_have_text("0")
        await page.evaluate("history.back()")
        await expect(page.locator("#like button")).to_have_class("active")
        # A token of the service that the page moved from does not stop a visitor.
        await page.evaluate(
            "localStorage['fbs-store'] = JSON.stringify(JSON.parse(localStorage['fbs-store'])"
            ".map((entry) => ({ ...entry, value: 'x', revokeToken: 'theirs' })))"
        )
        await page.reload()
        await page.locator("#like button").click()
        await expect(page.locator("#like button")).to_have_class("active")
        assert [text for text in watch.errors if "403" not in text] == []


async def test_it_reads_the_same_counts_once(website: Website) -> None:
    await website.add_widget("pulse")
    write(website, LIKE * 5)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await expect(page.locator("[data-feelback-count]").last).to_have_text("0")
        assert len(watch.requests) == 1
