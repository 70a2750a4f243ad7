"""Screens that keep themselves up to date, in a browser."""

import asyncio
import json
import re
import urllib.request

import asyncpg
import pytest
from playwright.async_api import Page, Route, expect

from app.site import demo_project
from tests.support import inbox_browser
from tests.support.panel_browser import pytestmark, sign_in, signed_in, site
from tests.support.sdk_pages import browsing
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""

# Resolves when the tab has received that figures changed: it passes on to others what it receives, then uses it.
HEAR = """() => { window.heard = new Promise((resolve) => {
    const channel = new BroadcastChannel(`feelback-live-${document.getElementById("live").dataset.project}`);
    channel.addEventListener("message", ({ data }) => data.news?.figures && resolve());
}); }"""


async def send(server: Server, widget_id: str, value: object, page: str = "/live") -> None:
    """Send a response as a visitor."""
    body = json.dumps({"widget": widget_id, "page": page, "value": value}).encode()
    headers = {"content-type": "application/json", "origin": server.url}
    request = urllib.request.Request(f"{server.url}/v1/responses", body, headers)
    assert await asyncio.to_thread(lambda: urllib.request.urlopen(request).status) in (200, 201)


async def is_live(page: Page) -> None:
    """Wait until the stream is open."""
    await expect(page.locator("#live")).to_have_text("Live")


async def total(page: Page) -> int:
    """The number of responses in the overview's window."""
    return int((await page.locator(".totals dd a").first.inner_text()).replace(",", ""))


async def test_the_overview_counts_and_the_newest_message_slides_in(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        await is_live(page)
        before = await total(page)
        await send(site, loaded.widgets["message"], "Hello from outside")
        await expect(page.locator("#newest .messages > li").first).to_contain_text("Hello from outside")
        await expect(page.locator("#newest .messages > li").first).to_have_class("new-arrival")
        await expect(page.locator("#newest .messages > li.new-arrival")).to_have_count(1)
        await page.locator("svg.trend").focus()
        await page.keyboard.press("End")
        words = await page.locator(".day.current .tip").text_content()
        await page.locator("#trend .numbers summary").click()
        await page.locator("svg.trend").focus()
        await pool.execute("call fn.refresh_stats()")
        await expect(page.locator(".totals dd a").first).to_have_text(f"{before + 1:,}")
        await expect(page.locator(".totals .ticked").first).to_be_visible()
        # Focus and what is open stay, and so does the address.
        await expect(page.locator("svg.trend")).to_be_focused()
        await expect(page.locator("#trend .numbers")).to_have_attribute("open", "")
        assert await page.evaluate("[location.pathname, location.search]") == ["/projects/demo", ""]
        assert words


async def test_a_menu_or_dialog_is_not_taken_away(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        await is_live(page)
        before = await total(page)
        await page.locator("#period-button").click()
        await send(site, loaded.widgets["message"], "While a menu is open")
        await expect(page.locator("#newest .messages > li").first).to_contain_text("While a menu is open")
        await page.evaluate(HEAR)
        await pool.execute("call fn.refresh_stats()")
        await page.evaluate("heard")
        await expect(page.locator("#period")).to_have_attribute("open", "")
        assert await total(page) == before
        await page.keyboard.press("Escape")
        await expect(page.locator(".totals dd a").first).to_have_text(f"{before + 1:,}")


async def test_a_choice_on_its_way_comes_before_an_update(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        await is_live(page)
        reads, update, choice = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def late(route: Route) -> None:
            if "period=7d" in route.request.url:
                await choice.wait()
            else:
                reads.set()
                await update.wait()
            await route.continue_()

        await page.route("**/window*", late)
        await send(site, loaded.widgets["message"], "While a period is chosen")
        await pool.execute("call fn.refresh_stats()")
        await reads.wait()
        await page.locator("#period-button").click()
        await page.locator("#period-7d").click()
        await expect(page.locator("#window .totals")).to_have_css("opacity", "0.45")
        update.set()
        await page.wait_for_timeout(700)
        await expect(page.locator("#window .totals")).to_have_css("opacity", "0.45")
        choice.set()
        await expect(page.locator("#period-button")).to_contain_text("7 days")
        await expect(page.locator("#window .totals")).to_have_css("opacity", "1")


async def test_focus_stays_though_an_update_begins_during_a_swap(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await is_live(page)
        # The window is swapped, and its focus is gone, when another part begins to read itself again.
        await page.evaluate("""document.addEventListener("htmx:before:settle", ({ target }) => {
            if (target.id === "window") document.getElementById("newest").dispatchEvent(new CustomEvent("live"));
        })""")
        await page.locator("#period-button").click()
        async with page.expect_response(lambda response: "/newest" in response.url):
            await page.locator("#period-7d").click()
        await expect(page.locator("#period-button")).to_contain_text("7 days")
        await expect(page.locator("#period-button")).to_be_focused()


async def test_windows_that_are_over_stay_as_they_are(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        for query, count in (("period=yesterday", 0), ("from=2026-01-01&to=2026-02-01", 0), ("period=7d", 1)):
            await page.goto(f"/projects/demo?{query}")
            assert await page.locator("#window[data-live]").count() == count, query
            await page.goto(f"/projects/demo/responses?{query}")
            assert await page.locator("#response-rows[data-live]").count() == count, query


async def test_responses_and_the_widget_follow(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        widget_id = loaded.widgets["pulse"]
        await page.goto(f"/projects/demo/widgets/{widget_id}")
        await is_live(page)
        figure = page.locator("#figures dd").first
        before = int((await figure.inner_text()).replace(",", ""))
        await send(site, widget_id, "+", "/docs/live-widget")
        await expect(figure).to_have_text(f"{before + 1:,}")
        await page.goto("/projects/demo/responses")
        await is_live(page)
        await send(site, widget_id, "+", "/docs/live-list")
        await expect(page.locator(".rows > li").first).to_contain_text("/docs/live-list")
        await expect(page.locator(".rows > li").first).to_have_class("new-arrival")
        # While somebody types into the filter nothing moves.
        await page.get_by_label("Text", exact=True).fill("doc")
        await expect(page.get_by_label("Text", exact=True)).to_be_focused()


async def test_the_title_counts_what_came_to_a_hidden_tab_and_tabs_share_a_stream(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        streams: list[str] = []
        page.context.on("request", lambda each: streams.append(each.url) if each.url.endswith("/events") else None)
        await page.goto("/projects/demo/responses")
        await is_live(page)
        count = len(streams)
        async with page.expect_popup() as popup:
            await page.evaluate("open('/projects/demo/responses')")
        other = await popup.value
        await is_live(other)
        assert len(streams) == count
        await other.evaluate(HIDE, True)
        for number in range(2):
            await send(site, loaded.widgets["pulse"], "+", f"/docs/hidden-{number}")
            await expect(other).to_have_title(re.compile(rf"^\({number + 1}\) Responses"))
        await other.evaluate(HIDE, False)
        await expect(other).to_have_title(re.compile(r"^Responses"))
        await expect(other.locator(".rows > li").first).to_contain_text("/docs/hidden-1")
        # The tab with the stream goes: the other opens one of its own.
        async with other.expect_request("**/events"):
            await page.goto("about:blank")
        await expect(other.locator("#live")).to_have_text("Live")
        await send(site, loaded.widgets["pulse"], "+", "/docs/after")
        await expect(other.locator(".rows > li").first).to_contain_text("/docs/after")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_nothing_moves_for_who_prefers_that(site: Server, loaded: demo_project.Demo, motion: str) -> None:
    async with signed_in(site, reduced_motion=motion) as page:
        await page.evaluate("document.querySelector('#newest li').className = 'new-arrival'")
        name = await page.evaluate("getComputedStyle(document.querySelector('#newest li')).animationName")
        assert name == ("none" if motion == "reduce" else "arrive")


async def test_it_says_that_it_reconnects_and_misses_nothing(
    site: Server, database: str, loaded: demo_project.Demo
) -> None:
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}
    async with inbox_browser.signed_in(site) as page:
        await page.goto("/projects/demo/responses")
        await is_live(page)
        assert await asyncio.to_thread(site.stop) == 0
        await expect(page.locator("#live")).to_have_text("Reconnecting…")
        with serving_in_thread({**environ, "PORT": str(site.port)}) as again:
            again.port = site.port
            await send(again, loaded.widgets["pulse"], "+", "/docs/meanwhile")
            await expect(page.locator("#live")).to_have_text("Live", timeout=20_000)
            await expect(page.locator(".rows > li").first).to_contain_text("/docs/meanwhile")


async def test_an_update_that_fails_changes_nothing_and_signing_out_shows(
    site: Server, pool: "Pool[asyncpg.Record]", database: str, loaded: demo_project.Demo
) -> None:
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}
    async with browsing(base_url=site.url) as page:  # a refused request is an error in the console
        await page.goto("/sign-in?next=/projects/demo/responses")
        await sign_in(page)
        await is_live(page)
        # From here on the process hears of responses, so nothing but the next one makes it look at the session.
        await send(site, loaded.widgets["pulse"], "+", "/docs/signed-in")
        await expect(page.locator(".rows > li").first).to_contain_text("/docs/signed-in")
        first = await page.locator(".rows > li").first.get_attribute("id")
        await pool.execute("delete from session")
        async with page.expect_response(lambda each: "/listing" in each.url and each.status == 401):
            await send(site, loaded.widgets["pulse"], "+", "/docs/signed-out")
        assert await page.locator(".rows > li").first.get_attribute("id") == first
        assert page.url.endswith("/responses")
        assert await asyncio.to_thread(site.stop) == 0
        with serving_in_thread({**environ, "PORT": str(site.port)}) as again:
            again.port = site.port
            await expect(page.locator("#live")).to_have_text("Signed out. Sign in", timeout=20_000)
            await page.locator("#live a").click()
            await page.wait_for_url("**/sign-in?next=*responses")


async def test_without_javascript_there_is_no_sign(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, java_script_enabled=False) as page:
        await expect(page.locator("#live")).to_be_hidden()
