"""Triage in a browser: by keys, beside the list, for many at once; on a desk and a phone, light and dark."""

import asyncio
import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import Page, Route, expect

from app.site import demo_project
from tests.support.drive_inbox import PAGE
from tests.support.inbox_browser import check, pytestmark, signed_in
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

__all__ = ["pytestmark"]

Pool = asyncpg.Pool


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


async def make_triage(pool: "Pool[asyncpg.Record]") -> list[str]:
    """Tags, a saved view and similar messages; the ids of the newest messages."""
    account_id, project_id = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    rows = await pool.fetch(
        "select id from response where account_id = $1 and (body is not null or fields is not null)"
        " order by id desc limit 3",
        account_id,
    )
    words = "The search finds nothing on this page. ", "Search finds nothing on this page!"
    for row, text in zip(rows, words, strict=False):
        await pool.execute("update response set body = $2, fields = null where id = $1", row[0], text)
    await pool.execute("call fn.run_by_account('{gather messages}')")
    for name in ("Bug", "שאלה", "A rather long tag that says much in vain"):
        await pool.execute("select fn.create_tag($1, $2, $3)", account_id, project_id, name)
    await pool.execute("select fn.create_saved_view($1, $2, 'Open for me', 'status=open')", account_id, project_id)
    return [str(row[0]) for row in rows]


async def open_first(page: Page) -> None:
    """Make the newest message the current one, beside the list."""
    await page.keyboard.press("j")
    await expect(page.locator("#reader #triage-title")).to_be_visible()


async def test_it_is_worked_by_keys(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    one, two, _ = await make_triage(pool)
    async with signed_in(site) as page:
        await open_first(page)
        row = page.locator(f"#m-{one}")
        await page.keyboard.press("p")
        await expect(row.locator(".status")).to_contain_text("In progress")
        await expect(page.locator("#result")).to_contain_text("In progress: 1 message")
        await page.keyboard.press("r")
        await expect(row.locator(".status")).to_contain_text("Resolved")
        await expect(page.locator("#reader .status")).to_have_text("Resolved")
        await page.keyboard.press("z")
        await expect(row.locator(".status")).to_contain_text("In progress")
        await page.keyboard.press("a")
        await expect(row).to_have_attribute("data-mine", "yes")
        await page.keyboard.press("a")
        await expect(row).to_have_attribute("data-mine", "")
        await page.keyboard.press("d")
        await expect(row.locator(".status")).to_contain_text("Dismissed")
        await page.keyboard.press("r")
        await expect(row.locator(".status")).to_contain_text("Resolved")
        await page.keyboard.press("r")
        await expect(row.locator(".status")).to_have_count(0)
        # In a view of open messages a resolved one leaves, and the next becomes current.
        await page.goto(f"{PAGE}?status=open")
        await open_first(page)
        await page.keyboard.press("r")
        await expect(row).to_have_count(0)
        await expect(page.locator("li.inbox-row.current")).to_have_attribute("data-id", two)


async def test_what_was_fetched_before_an_action_does_not_undo_it(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    one, _, _ = await make_triage(pool)
    async with signed_in(site) as page:
        await open_first(page)
        fetched, go_on, at_end = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def late(route: Route) -> None:
            response = await route.fetch()
            if fetched.is_set():
                await at_end.wait()  # of the second action: it would hide what the first one's does
            fetched.set()
            await go_on.wait()
            await route.fulfill(content_type="text/html", body=await response.text())

        await page.route(f"**{PAGE}", late)  # what comes after the messages that left
        await page.keyboard.press("d")
        await fetched.wait()
        await page.keyboard.press("r")
        await page.wait_for_timeout(500)
        go_on.set()
        await page.wait_for_timeout(500)
        await expect(page.locator(f"#m-{one} .status")).to_contain_text("Resolved")
        at_end.set()


async def test_the_pane_changes_all_of_a_message(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    one, two, _ = await make_triage(pool)
    async with signed_in(site) as page:
        await open_first(page)
        reader, row = page.locator("#reader"), page.locator(f"#m-{one}")
        await reader.get_by_label("Status").select_option("in_progress")
        await reader.get_by_label("Assignee").select_option(index=1)
        await reader.get_by_label("Bug").check()
        await reader.get_by_role("button", name="Save", exact=True).click()
        await expect(row).to_contain_text("Bug")
        await expect(row).to_contain_text(demo_project.EMAIL)
        await expect(reader.get_by_label("Bug")).to_be_checked()
        await reader.get_by_label("Add a note").fill("I asked the team\nand wait")
        await reader.get_by_role("button", name="Add note").click()
        await expect(reader.locator(".notes")).to_contain_text("I asked the team")
        await expect(row).to_contain_text("1 note")
        await expect(reader.get_by_label("Add a note")).to_have_value("")
        await reader.get_by_role("button", name=re.compile("^Same")).first.click()
        await expect(row).to_contain_text("2 same")
        await expect(page.locator(f"#m-{two}")).to_contain_text("2 same")
        await expect(reader.get_by_role("button", name="Not the same")).to_be_visible()
        await check(page, "triage-pane")
        await reader.get_by_role("button", name="Not the same").click()
        await expect(row).not_to_contain_text("2 same")
        await expect(page.locator("li.current")).to_have_attribute("data-id", str(one))
        await reader.get_by_role("button", name=re.compile("Delete the note")).click()
        await expect(reader.locator(".notes")).to_have_count(0)
        # What somebody writes stays while the message changes elsewhere.
        await reader.get_by_label("Add a note").fill("Half a thou")
        await row.get_by_label(re.compile("Select")).check()
        await page.locator("#actions").get_by_role("button", name="Resolve").click()
        await expect(row.locator(".status")).to_contain_text("Resolved")
        await expect(reader.get_by_label("Add a note")).to_have_value("Half a thou")


async def test_a_note_is_not_torn_away_before_its_first_letter(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    one, _, _ = await make_triage(pool)
    async with signed_in(site) as page:
        await open_first(page)
        reader, row = page.locator("#reader"), page.locator(f"#m-{one}")
        fetched, go_on = asyncio.Event(), asyncio.Event()

        async def late(route: Route) -> None:
            fetched.set()
            await go_on.wait()
            await route.continue_()

        await page.route(f"**/inbox/{one}", late)
        await row.get_by_label(re.compile("Select")).check()
        await page.locator("#actions").get_by_role("button", name="Resolve").click()
        await fetched.wait()
        await reader.get_by_label("Add a note").focus()
        go_on.set()
        await page.wait_for_timeout(500)
        await page.keyboard.type("dear all")  # each letter of it is a key of the list
        await expect(reader.get_by_label("Add a note")).to_have_value("dear all")
        await expect(row.locator(".status")).to_contain_text("Resolved")
        # Without a word written, the message is shown as it is now once the note is left.
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.press("Delete")
        await page.locator("h1").first.click()
        await expect(reader.get_by_label("Status")).to_have_value("resolved")


async def test_many_change_at_once(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    one, two, _ = await make_triage(pool)
    async with signed_in(site) as page:
        for id in (one, two):
            await page.locator(f"#m-{id} [name=ids]").check()
        menu = page.locator(".triage-menu")
        await menu.locator("summary").click()
        await menu.get_by_label("Status").select_option("dismissed")
        await menu.get_by_label("Add tag").select_option(label="שאלה")
        await check(page, "triage-menu")
        await menu.get_by_role("button", name="Apply to selected").click()
        await expect(page.locator("#result")).to_contain_text("Updated: 2 messages")
        await expect(page.locator(f"#m-{two}")).to_contain_text("שאלה")
        await expect(menu.get_by_label("Status")).to_be_hidden()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(f"#m-{two}")).not_to_contain_text("שאלה")
        await page.get_by_label("Status", exact=True).first.select_option("open")
        await page.get_by_role("button", name="Search", exact=True).click()
        await page.wait_for_url("**status=open**")
        await expect(page.get_by_role("navigation", name="Saved views").locator("[aria-current]")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_its_screens_are_accessible_and_fit(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, width: int, scheme: str
) -> None:
    one, two, three = await make_triage(pool)
    account_id, project_id = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    owner = await pool.fetchval("select person_id from member where account_id = $1 limit 1", account_id)
    tags = await pool.fetchval("select array_agg(id) from tag")
    change = "select fn.triage_messages($1, $2, array[$3, $4]::uuid[], 'in_progress', $5, $6, '{}', 'join')"
    await pool.execute(change, account_id, project_id, one, three, owner, tags)
    await pool.execute("select fn.triage_messages($1, $2, array[$3]::uuid[], 'resolved')", account_id, project_id, two)
    note = "select fn.create_note($1, $2, $3::text::uuid, $4)"
    await pool.execute(note, account_id, project_id, one, "Wir fragen nach. " + "x" * 120)
    async with signed_in(site, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        for name, address in (
            ("list", f"{PAGE}?view=all&tag={tags[0]}&assignee=me"), ("message", f"{PAGE}/{one}"),
            ("tags", f"{PAGE}/tags"), ("inbox", PAGE),
        ):  # fmt: skip
            await page.goto(address)
            await check(page, f"triage-{name}-{width}-{scheme}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        for menu in (".triage-menu", ".saved-views .drop"):
            await page.goto(f"{PAGE}?status=open")
            await page.locator(f"{menu} summary").click()
            await check(page, f"triage{menu[:7]}-{width}-{scheme}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, menu


async def test_it_works_without_scripts(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    one, _, _ = await make_triage(pool)
    async with signed_in(site, java_script_enabled=False) as page:
        await page.goto(f"{PAGE}/{one}")
        await page.get_by_label("Status").select_option("resolved")
        await page.get_by_label("Bug").check()
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.locator("#result")).to_contain_text("Updated: 1 message")
        await expect(page.locator(".status")).to_have_text("Resolved")
        await page.get_by_role("button", name="Undo").click()
        await page.goto(f"{PAGE}?status=open")
        await page.get_by_text("Save view").click()
        await page.get_by_label("Name of the view").fill("What is left")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.get_by_role("link", name="What is left")).to_be_visible()
