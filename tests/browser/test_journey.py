"""A customer's journey, from signing up to deleting the project; and its forms without JavaScript."""

import asyncpg
from playwright.async_api import Page, expect

from tests.support.browser_person import Person, create_project, create_widget, person, sign_up
from tests.support.needs import needs_both
from tests.support.npm_packages import CDN, PAGE, from_npm
from tests.support.sdk_pages import Pages
from tests.support.serving import Server

Pool = asyncpg.Pool
pytestmark = needs_both


async def snippet(page: Page, way: str, name: str) -> str:
    """A snippet of the selected widget."""
    await page.get_by_role("navigation", name="How the page is built").get_by_role("link", name=way).click()
    return await page.locator(f"#snippet-{name}").inner_text()


async def test_from_sign_up_to_the_end(panel: Server, pages: Pages, pool: "Pool[asyncpg.Record]") -> None:
    async with person(panel) as someone:
        page = await someone.page()
        await sign_up(page, pool)
        await create_project(page, "My site", pages.origin)
        await create_widget(page, "yesno")
        await expect(page.get_by_role("heading", name="Waiting for the first response")).to_be_visible()
        await vote_with_the_published_sdk(someone, page, pages, pool)
        await write_with_our_element(someone, page, pages)
        await pool.execute("call fn.refresh_stats()")
        await page.goto("/projects/my-site")
        await expect(page.locator(".totals dd").first).to_contain_text("4")
        await work_on_the_inbox(page)
        await export(page)
        await delete_the_project(page)
        assert await pool.fetchval("select count(*) from project") == 0


async def vote_with_the_published_sdk(someone: Person, page: Page, pages: Pages, pool: "Pool[asyncpg.Record]") -> None:
    """A visitor votes with the published build, and the setup checker notices it."""
    text = await snippet(page, "Published SDKs", "published")
    pages.add("/article", PAGE + text)
    await someone.context.route(f"{CDN}**", from_npm)
    site = await someone.page()
    await site.goto(f"{pages.origin}/article?utm_source=mail")
    await site.get_by_role("button", name="Yes").click()
    await expect(site.locator("[data-feelback-count]").first).to_have_text("1")
    await expect(page.get_by_role("heading", name="It’s working")).to_be_visible()
    await expect(page.locator("#setup")).to_contain_text("/article")
    await expect(page.locator("#setup")).not_to_have_attribute("hx-get", "*")
    await site.close()
    await pool.execute("call fn.refresh_stats()")  # as the scheduler does each minute
    await page.get_by_role("link", name="View overview").click()
    await expect(page.locator(".totals dd").first).to_contain_text("1")


async def write_with_our_element(someone: Person, page: Page, pages: Pages) -> None:
    """Visitors write with our element, and an open inbox shows the messages."""
    await page.goto("/projects/my-site/widgets/new")
    await create_widget(page, "message")
    pages.add("/contact", PAGE + await page.locator("#snippet-html").inner_text())
    await page.goto("/projects/my-site/inbox")
    site = await someone.page()
    for words in ("The first", "The second", "The third"):
        await site.goto(f"{pages.origin}/contact?about={words[4:]}")
        await site.get_by_role("textbox").fill(f"{words} message")
        await site.get_by_role("button", name="Send").click()
        await expect(page.locator("li.inbox-row").first).to_contain_text(f"{words} message")
    await expect(page.locator("nav [data-unread]").first).to_contain_text("3")
    await site.close()


async def work_on_the_inbox(page: Page) -> None:
    """Read, star, archive and undo, by keyboard."""
    await page.goto("/projects/my-site/inbox")
    rows = page.locator("li.inbox-row")
    await expect(rows).to_have_count(3)
    await page.keyboard.press("j")
    await page.keyboard.press("s")
    await expect(rows.first.locator(".star")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("e")
    await expect(rows).to_have_count(2)
    await page.keyboard.press("z")
    await expect(rows).to_have_count(3)
    await page.keyboard.press("j")
    async with page.expect_response(lambda answer: answer.url.endswith("/inbox/actions")):  # it is marked as read
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Details")).to_be_visible()
    await page.go_back()
    await expect(page.locator("nav [data-unread]").first).not_to_contain_text("3")


async def export(page: Page) -> None:
    """Download the responses."""
    await page.get_by_role("link", name="Settings", exact=True).click()
    await page.get_by_role("link", name="Exports").click()
    async with page.expect_download() as started:
        await page.get_by_role("main").get_by_role("button", name="Export").first.click()
    file = await (await started.value).path()
    text = file.read_text()
    assert "The second message" in text
    assert text.count("\n") == 5


async def delete_the_project(page: Page) -> None:
    """Delete the project; the panel offers to create another."""
    await page.get_by_role("link", name="Settings", exact=True).click()
    await page.get_by_role("link", name="Delete project").click()
    await page.get_by_label("To confirm").fill("My site")
    await page.get_by_role("button", name="Delete project").click()
    await page.wait_for_url("**/projects*")


async def test_its_forms_need_no_javascript(panel: Server, pages: Pages, pool: "Pool[asyncpg.Record]") -> None:
    async with person(panel, java_script_enabled=False) as someone:
        page = await someone.page()
        await sign_up(page, pool)
        await create_project(page, "My site", "https://elsewhere.example")
        widget_id = await create_widget(page, "message")
        await expect(page.locator("#setup")).to_contain_text("Waiting for the first response")
        text = (await snippet(page, "Without JavaScript", "form")).replace("https://elsewhere.example", pages.origin)
        pages.add("/this-page", PAGE + text)
        site = await someone.page()
        assert not await write(site, pages)
        await let_it_send(page, widget_id, pages.origin)
        for _ in range(50):  # a server notices a change of settings within seconds
            if await write(site, pages):
                break
        assert site.url == f"{pages.origin}/this-page"
        await page.goto(f"/projects/my-site/integrate?set={widget_id}")
        await expect(page.locator("#setup")).to_contain_text("It’s working")
        await page.get_by_role("link", name="View overview").click()
        await page.locator("#sections").get_by_role("link", name="Inbox").click()
        await page.locator("li.inbox-row").get_by_role("checkbox").check()
        await page.get_by_role("button", name="Archive").click()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator("li.inbox-row")).to_contain_text("Hello from a form")
        await export_without_messages(page)
        await delete_the_project(page)
        # The browser logs the refusal, too.
        someone.faults[:] = [fault for fault in someone.faults if "403" not in fault]


async def write(site: Page, pages: Pages) -> bool:
    """Send the form; returns whether it was stored and the visitor is back on the page."""
    await site.goto(f"{pages.origin}/this-page")
    await site.get_by_role("textbox").fill("Hello from a form")
    await site.get_by_role("button", name="Send").click()
    await site.wait_for_load_state()
    return await site.get_by_text("takes no responses from").count() == 0


async def let_it_send(page: Page, widget_id: str, origin: str) -> None:
    """The setup checker shows the refusal; its button allows the site."""
    for _ in range(50):
        await page.goto(f"/projects/my-site/integrate?set={widget_id}")
        if await page.get_by_text(origin, exact=True).count():
            break
        await page.wait_for_timeout(200)
    await page.get_by_role("button", name="Allow this site").click()
    await expect(page.locator("#setup")).to_contain_text("Now allowed")


async def export_without_messages(page: Page) -> None:
    """Download by a plain form."""
    await page.get_by_role("link", name="Settings", exact=True).click()
    await page.get_by_role("link", name="Exports").click()
    async with page.expect_download() as started:
        await page.get_by_role("main").get_by_role("button", name="Export").first.click()
    assert "Hello from a form" in (await (await started.value).path()).read_text()
