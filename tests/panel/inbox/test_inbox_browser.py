"""The inbox in a browser: keyboard shortcuts, undo and live arrivals."""

import asyncio
import json
import re
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from app.site import demo_project
from tests.support.drive_inbox import PAGE
from tests.support.inbox_browser import check, pytestmark, signed_in
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

__all__ = ["pytestmark"]


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


async def send(server: Server, loaded: demo_project.Demo, words: str) -> None:
    """Send a message as a visitor."""
    item = {"widget": loaded.widgets["message"], "page": "/live", "value": words}
    request = urllib.request.Request(
        f"{server.url}/v1/responses",
        json.dumps(item).encode(),
        {"content-type": "application/json", "origin": server.url},
    )
    status = await asyncio.to_thread(lambda: urllib.request.urlopen(request).status)
    assert status in (200, 201)


def current(page: Page) -> Any:
    """The current row."""
    return page.locator("li.inbox-row.current")


async def test_it_is_worked_by_keys(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        rows = page.locator("li.inbox-row")
        ids = [await rows.nth(n).get_attribute("data-id") for n in range(3)]
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await expect(current(page)).to_have_attribute("data-id", str(ids[1]))
        await page.keyboard.press("k")
        await expect(current(page)).to_have_attribute("data-id", str(ids[0]))
        await page.keyboard.press("s")
        await expect(current(page).locator(".star")).to_have_attribute("aria-pressed", "true")
        await page.keyboard.press("e")
        await expect(page.locator(f"#m-{ids[0]}")).to_have_count(0)
        await expect(current(page)).to_have_attribute("data-id", str(ids[1]))
        await expect(page.locator("#result")).to_contain_text("Archived: 1 message")
        await page.keyboard.press("z")
        await expect(page.locator("#result")).to_contain_text("Undone: 1 message")
        await expect(rows.first).to_have_attribute("data-id", str(ids[0]))
        await expect(rows.first.locator(".star")).to_have_attribute("aria-pressed", "true")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await page.keyboard.press("/")
        await expect(page.locator("#q")).to_be_focused()
        await page.keyboard.type("jje")
        await expect(page.locator("#q")).to_have_value("jje")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Details")).to_be_visible()


async def test_a_message_marked_as_unread_stays_unread(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.keyboard.press("j")
        for read in ("yes", None):
            await page.keyboard.press("u")
            row = current(page)
            await (
                expect(row).to_have_attribute("data-read", read)
                if read
                else expect(row).to_have_class(re.compile("new"))
            )
        await page.wait_for_timeout(2000)  # by then the current message would become read
        await expect(current(page)).to_have_class(re.compile("new"))


async def test_an_action_on_many_is_undone(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        rows = page.locator("li.inbox-row")
        ids = await rows.evaluate_all("rows => rows.map((row) => row.dataset.id)")
        listed = page.locator(",".join(f"#m-{id}" for id in ids))  # those on the next page move up
        await page.get_by_label("Select all on this page").check()
        await page.get_by_role("button", name="Delete").click()
        await expect(page.locator("#result")).to_contain_text(f"Deleted: {len(ids)} messages")
        await expect(listed).to_have_count(0)
        await expect(rows.first).to_be_visible()
        await page.get_by_role("button", name="Undo").click()
        await expect(listed).to_have_count(len(ids))
        await expect(rows.first).to_have_attribute("data-id", ids[0])


async def test_a_message_arrives_live_and_the_place_is_kept(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        unread = page.locator("nav [data-unread]").first
        before = int((await unread.inner_text()).split()[0])
        for _ in range(8):
            await page.keyboard.press("j")
        at = await current(page).get_attribute("data-id")
        top = (await current(page).bounding_box())["y"]
        await send(site, loaded, "Hello from outside")
        await expect(page.locator("li.inbox-row").first).to_contain_text("Hello from outside")
        await expect(current(page)).to_have_attribute("data-id", str(at))
        while (box := await current(page).bounding_box()) is None:  # the list is being replaced
            await page.wait_for_timeout(50)
        assert abs(box["y"] - top) < 3
        await expect(page.locator("#arrivals")).to_have_text("1 new message")
        assert (
            len(set(await page.locator(".sections-bar [data-unread]").all_text_contents())) == 1
        )  # the phone's menu, too
        count = int((await unread.inner_text()).split()[0])
        assert count in (before, before + 1)  # the current message may have become read meanwhile


async def test_it_misses_nothing_while_the_server_restarts(database: str, loaded: demo_project.Demo) -> None:
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}
    with serving_in_thread(environ) as site:
        async with signed_in(site) as page:
            await send(site, loaded, "before the restart")
            await expect(page.locator("li.inbox-row").first).to_contain_text("before the restart")
            started = asyncio.get_running_loop().time()
            assert await asyncio.to_thread(site.stop) == 0
            assert asyncio.get_running_loop().time() - started < 8  # an open stream does not hold it up
            with serving_in_thread(environ) as elsewhere:
                await send(elsewhere, loaded, "while it was away")
            with serving_in_thread({**environ, "PORT": str(site.port)}) as again:
                again.port = site.port
                await send(again, loaded, "and one more")
                await expect(page.locator("li.inbox-row").first).to_contain_text("and one more", timeout=20_000)
                await expect(page.locator("li.inbox-row").nth(1)).to_contain_text("while it was away")
                await expect(page.locator("li.inbox-row").nth(2)).to_contain_text("before the restart")


async def test_its_forms_work_without_javascript(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, java_script_enabled=False) as page:
        rows = page.locator("li.inbox-row")
        first = await rows.first.get_attribute("data-id")
        await rows.first.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Archive").click()
        await expect(page.locator("#result")).to_contain_text("Archived: 1 message")
        await expect(page.locator(f"#m-{first}")).to_have_count(0)
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(f"#m-{first}")).to_have_count(1)


async def test_a_desk_shows_the_message_beside_the_list(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        reader, rows = page.locator("#reader"), page.locator("li.inbox-row")
        await expect(reader).to_have_text("Choose a message to read it here.")
        texts = [await rows.nth(n).locator(".message-text").inner_text() for n in range(2)]
        await page.keyboard.press("j")
        for at in range(2):
            await expect(current(page)).to_have_attribute("data-id", str(await rows.nth(at).get_attribute("data-id")))
            await expect(reader.locator("#message-form")).to_have_attribute(
                "data-one", str(await rows.nth(at).get_attribute("data-id"))
            )
            await page.keyboard.press("ArrowDown" if at == 0 else "ArrowUp")
        assert texts[0] != texts[1]
        assert page.url.endswith("/inbox")
        await expect(reader.get_by_role("link", name="Open on its own page")).to_be_visible()
        # Enter goes into the message, Escape back to the list.
        first, second = [str(await rows.nth(n).get_attribute("data-id")) for n in range(2)]
        await page.keyboard.press("Enter")
        await expect(reader.locator("#message-title")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(rows.first).to_be_focused()
        # What is dealt with leaves, and the next one is read.
        count = await rows.count()
        await reader.get_by_role("button", name="Archive").click()
        await expect(page.locator(f"#m-{first}")).to_have_count(0)
        await expect(reader.locator("#message-form")).to_have_attribute("data-one", second)
        await expect(rows).to_have_count(count)
        await expect(rows.last).to_have_class(re.compile("new-arrival"))
        await page.get_by_role("button", name="Undo").click()
        await expect(rows.first).to_have_attribute("data-id", first)
        await reader.get_by_role("button", name="Star").click()
        await expect(reader.get_by_role("button", name="Unstar")).to_be_visible()


async def test_enter_waits_for_a_message_that_is_on_its_way(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        reader, rows = page.locator("#reader"), page.locator("li.inbox-row")
        first, second = [str(await rows.nth(n).get_attribute("data-id")) for n in range(2)]
        await page.keyboard.press("j")
        await expect(reader).to_have_attribute("data-id", first)
        arrives = asyncio.Event()

        async def slow(route: Route) -> None:
            await arrives.wait()
            await route.continue_()

        await page.route(f"**/inbox/{second}", slow)
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        arrives.set()
        await expect(reader).to_have_attribute("data-id", second)
        await expect(reader.locator("#message-title")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(rows.nth(1)).to_be_focused()


async def test_a_phone_opens_the_message(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, viewport={"width": 390, "height": 844}) as page:
        await expect(page.locator("#pane")).to_be_hidden()
        await page.locator("a.open").first.click()
        await page.wait_for_url("**/inbox/*")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_all_messages_are_counted_and_become_read(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.get_by_label("Select all on this page").check()
        await expect(page.locator("#every-label")).to_have_text(re.compile(r"^All [\d,]+ that match$"))
        await page.get_by_role("button", name="Mark all as read").click()
        await expect(page.locator("#result")).to_contain_text("Marked as read: ")
        await expect(page.locator("li.inbox-row.new")).to_have_count(0)
        await expect(page.locator("nav [data-unread]").first).to_be_hidden()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator("nav [data-unread]").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_accessible(site: Server, loaded: demo_project.Demo, scheme: Any) -> None:
    async with signed_in(site, color_scheme=scheme, bypass_csp=True) as page:
        await page.keyboard.press("j")
        await page.keyboard.press("s")
        await expect(page.locator("#result")).to_contain_text("Starred")
        for width, name in ((1280, "inbox"), (390, "inbox-phone")):
            await page.set_viewport_size({"width": width, "height": 900})
            await check(page, f"{name}-{scheme}")
        await page.set_viewport_size({"width": 1280, "height": 900})
        await page.keyboard.press("?")
        await check(page, f"inbox-keys-{scheme}")
        await page.keyboard.press("Escape")
        await page.goto(f"{PAGE}?view=deleted")
        await check(page, f"inbox-deleted-{scheme}")
        await page.goto(PAGE)
        await page.locator("a.open").first.click()
        await page.get_by_role("heading", name="Details").wait_for()
        await check(page, f"message-{scheme}")
