"""Passages and seen counts while the server is away, fails or is slow: nothing is lost, and no more is promised."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.needs import needs_chromium
from tests.support.passage_page import SELECT, opened, passages
from tests.support.passage_page import write as write_article
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Website
from tests.support.seen_page import COME_BACK, ELEMENT, LEAVE, beacons, holds, open_page
from tests.support.seen_page import write as write_element

pytestmark = needs_chromium
Handler = Callable[[Route], Awaitable[Any]]
CORS = {"access-control-allow-origin": "*"}
FAULTS: dict[str, Handler] = {
    "a dead server": lambda route: route.abort("connectionrefused"),
    "a lost connection": lambda route: route.abort("connectionreset"),
    "a broken proxy": lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>", content_type="text/html"),
    "a busy server": lambda route: route.fulfill(
        status=503, json={"error": "x", "message": "Busy"}, headers={**CORS, "retry-after": "60"}
    ),
    "a fault": lambda route: route.fulfill(status=500, json={"error": "x", "message": "A fault"}, headers=CORS),
}


async def comment(page: Page, words: str, message: str) -> None:
    """Select words and send a message about them."""
    await page.evaluate(SELECT, words)
    await page.locator("feelback-passage [part~=open]").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Hard to understand").check()
    await dialog.get_by_role("textbox").fill(message)
    await dialog.get_by_role("button", name="Send").click()


async def queue(page: Page) -> list[Any]:
    """The responses that wait in the browser."""
    entries: list[Any] = json.loads(await page.evaluate("localStorage.feelback ?? '{}'")).get("queue", [])
    return [entry["response"] for entry in entries]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_passage_waits_for_the_server_and_outlives_its_page(website: Website, fault: str) -> None:
    await write_article(website)
    website.pages.add("/other", "<!doctype html><title>Without our script</title>")
    async with browsing(is_whole=True) as page:
        await opened(website, page)
        await page.route("**/v1/beacons", FAULTS[fault])
        await comment(page, "Press Enter", "Which one?")
        status = page.get_by_role("dialog").get_by_role("status")
        await expect(status).to_have_text("Saved. It will be sent later.")
        assert await passages(website, 0) == []
        assert [response["passage"]["exact"] for response in await queue(page)] == ["Press Enter"]
        # The visitor leaves while the server still fails: a beacon would be lost, and nobody would know.
        await page.goto(website.pages.origin + "/other")
        assert len(await queue(page)) == 1
        await page.unroute("**/v1/beacons")
        await opened(website, page)
        (row,) = await passages(website)
        assert (row["exact"], row["body"], row["value"]) == ("Press Enter", "Which one?", "unclear")
        await expect_empty(page)
        await page.reload()
        await page.wait_for_timeout(1500)  # a second request would be made by now
        assert len(await passages(website)) == 1


async def expect_empty(page: Page) -> None:
    """Wait until nothing waits in the browser."""
    for _ in range(50):
        if await queue(page) == []:
            return
        await asyncio.sleep(0.1)
    assert await queue(page) == []


async def test_a_vote_that_waits_is_sent_as_its_visitor_leaves(website: Website) -> None:
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}"></feelback-yesno>')
    website.pages.add("/other", "<!doctype html><title>Without our script</title>")
    async with browsing(is_whole=True) as page:
        await page.goto(website.url)
        await page.route("**/v1/beacons", FAULTS["a busy server"])
        await page.get_by_role("button", name="Yes").click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Saved. It will be sent later.")
        await page.unroute("**/v1/beacons")
        await page.goto(website.pages.origin + "/other")
        async with asyncio.timeout(10):
            while await website.pool.fetchval("select count(*) from response") == 0:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.1)
        # Nobody knows whether it arrived, so it is sent again by the next page; it counts once.
        assert len(await queue(page)) == 1


async def test_passages_of_a_visitor_who_is_offline_are_sent_in_order(website: Website) -> None:
    await write_article(website)
    async with browsing(is_whole=True) as page:
        await opened(website, page)
        await page.context.set_offline(True)
        for words in ("Press Enter", "keep it"):
            await comment(page, words, f"On {words}")
            dialog = page.get_by_role("dialog")
            await expect(dialog.get_by_role("status")).to_have_text("Saved. It will be sent later.")
            await dialog.get_by_role("button", name="Close").click()
        assert await passages(website, 0) == []
        await page.context.set_offline(False)
        rows = await passages(website, 2)
        assert {(row["exact"], row["body"]) for row in rows} == {
            ("Press Enter", "On Press Enter"),
            ("keep it", "On keep it"),
        }
        await expect_empty(page)


async def test_a_slow_server_keeps_what_is_being_sent_in_view(website: Website) -> None:
    await write_article(website)
    async with browsing(is_whole=True) as page:
        await opened(website, page)
        release = asyncio.Event()

        async def slow(route: Route) -> None:
            await release.wait()
            await route.continue_()

        await page.route("**/v1/beacons", slow)
        await comment(page, "Press Enter", "Which one?")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("status")).to_have_text("Sending …")
        # The visitor goes on with another passage: what is on its way is shown, and not mixed up with it.
        await page.keyboard.press("Escape")
        await page.locator("pre").get_by_role("button").click()
        await expect(dialog.locator("blockquote")).to_have_text("Press Enter")
        await expect(dialog.get_by_role("textbox")).to_have_value("Which one?")
        await dialog.get_by_role("button", name="Send").click()  # it is sent once all the same
        release.set()
        await expect(dialog.get_by_role("status")).to_have_text("Thank you.")
        await dialog.get_by_role("button", name="Close").click()
        await page.locator("pre").get_by_role("button").click()
        await expect(dialog.locator("blockquote")).to_contain_text("npm install")
        await expect(dialog.get_by_role("textbox")).to_have_value("")
        assert [row["body"] for row in await passages(website)] == ["Which one?"]


async def test_a_late_refusal_is_said_to_who_closed_the_dialog(website: Website) -> None:
    await write_article(website)
    async with browsing(is_whole=True) as page:
        await opened(website, page)
        release = asyncio.Event()

        async def refuse(route: Route) -> None:
            await release.wait()
            await route.fulfill(status=403, json={"error": "forbidden", "message": "No."}, headers=CORS)

        await page.route("**/v1/beacons", refuse)
        await comment(page, "Press Enter", "Which one?")
        await page.keyboard.press("Escape")
        release.set()
        await expect(page.locator("feelback-passage [part=hint]")).to_have_text("This could not be accepted.")
        assert await queue(page) == []
        await page.unroute("**/v1/beacons")
        await page.evaluate(SELECT, "Press Enter")
        await page.locator("feelback-passage [part~=open]").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("textbox")).to_have_value("Which one?")  # nothing is written again
        await dialog.get_by_role("button", name="Send").click()
        await expect(dialog.get_by_role("status")).to_have_text("Thank you.")
        assert [row["body"] for row in await passages(website)] == ["Which one?"]


async def test_a_view_of_a_visitor_who_is_offline_is_counted_when_they_are_back(website: Website) -> None:
    await write_element(website, ELEMENT)
    async with browsing(is_whole=True) as page:
        watch = await open_page(page, website)
        await page.wait_for_timeout(1600)
        await page.context.set_offline(True)
        await page.evaluate(LEAVE)
        await page.evaluate(COME_BACK)
        assert beacons(watch) == []
        await page.context.set_offline(False)
        await page.evaluate(LEAVE)
        await holds(website, yesno=1)
        assert beacons(watch) == ["/v1/seen"]
        assert await page.evaluate("JSON.stringify(localStorage)") == "{}"


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_view_that_cannot_be_counted_disturbs_nothing(website: Website, fault: str) -> None:
    await write_element(website, ELEMENT)
    async with browsing(is_whole=True) as page:
        watch = await open_page(page, website)
        await page.route("**/v1/seen", FAULTS[fault])
        await page.route("**/v1/beacons", FAULTS[fault])
        await page.locator("feelback-yesno button").first.click()
        await expect(page.get_by_role("status")).to_have_text("Saved. It will be sent later.")
        await page.wait_for_timeout(1600)
        for _ in range(2):
            await page.evaluate(LEAVE)
            await page.evaluate(COME_BACK)
        await page.wait_for_timeout(300)
        assert beacons(watch) == ["/v1/seen"]  # a view is not worth a second request
        assert not [error for error in watch.errors if "Failed to load resource" not in error and "CORS" not in error]
        await website.holds()
        # The vote is: it counts once the server is back, and so does the view in which it is sent.
        await page.unroute("**/v1/seen")
        await page.unroute("**/v1/beacons")
        await page.reload()
        await website.holds(("yesno", "y", None, None))
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await page.goto("about:blank")
        await holds(website, yesno=1)


async def test_nothing_is_stored_of_who_has_nothing_to_send(website: Website) -> None:
    await write_article(website)
    website.pages.add("/other", "<!doctype html><title>Other</title>")
    async with browsing(is_whole=True) as page:
        await opened(website, page)
        await page.goto(website.pages.origin + "/other")
        assert await page.evaluate("JSON.stringify(localStorage)") == "{}"


async def test_a_slow_server_keeps_no_visitor_from_leaving(website: Website) -> None:
    await write_element(website, ELEMENT)
    website.pages.add("/other", "<!doctype html><title>Other</title>")
    async with browsing(is_whole=True) as page:
        await open_page(page, website)
        await page.wait_for_timeout(1600)
        release = asyncio.Event()

        async def slow(route: Route) -> None:
            await release.wait()
            await route.continue_()

        await page.route("**/v1/seen", slow)
        await page.goto(website.pages.origin + "/other", timeout=3000)
        assert await page.title() == "Other"
        release.set()
