"""Each screen of a project in each state that is designed, as a picture: kept where SHOTS names a folder."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, Route, expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, sign_in, signed_in, site
from tests.support.sdk_pages import browsing
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool
# Screen: its address below the project, what it says where nothing has come yet, and what it shows where much has.
SCREENS = {
    "overview": ("", "Three steps to the first response", ".totals dd"),
    "pages": ("/pages", "No pages yet", "table.pages tbody tr"),
    "inbox": ("/inbox", "No messages here", "li.inbox-row"),
    "responses": ("/responses", "No responses yet", ".rows > li"),
    "widgets": ("/widgets", "No widget yet", ".widgets > li"),
}


async def picture(page: Page, screen: str, state: str) -> None:
    """Check that the screen is readable in this state, and keep its picture."""
    name = f"{screen}-{state}"
    folder = os.environ.get("SHOTS")
    image = await page.screenshot(path=str(Path(folder) / f"{name}.png") if folder else None)
    assert len(image) > 8_000, name  # a blank one is smaller
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if state != "loading":  # what is about to be replaced is faded
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == [], name


def holding(gate: asyncio.Event) -> Callable[[Route], Awaitable[None]]:
    """A handler that lets requests wait until the gate opens."""

    async def hold(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    return hold


async def test_empty_and_full(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await pool.execute(
            "select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo_project.EMAIL
        )
        for screen, (path, words, content) in SCREENS.items():
            await page.goto(f"/projects/beech{path}")
            await expect(page.locator("main")).to_contain_text(words)
            await picture(page, screen, "empty")
            await page.goto(f"/projects/demo{path}")
            await expect(page.locator(content).first).to_be_visible()
            await picture(page, screen, "full")


async def test_loading(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(base_url=site.url) as page:
        await page.goto("/sign-in")
        await sign_in(page)
        await page.wait_for_url("**/projects/demo")
        for screen, path, part, faded in (
            ("overview", "/window", "#window", "#window .totals"),
            ("pages", "/pages/listing", "#pages", "#pages table"),
            ("responses", "/responses/listing", "#responses", "#responses .rows"),
        ):
            gate = asyncio.Event()
            await page.goto(f"/projects/demo{path.rpartition('/')[0]}")
            await page.route(f"**{path}?*", holding(gate))
            if screen == "responses":
                await page.get_by_label("Widget").select_option(index=1)
            else:
                await page.locator("#period-button").click()
                await page.locator("#period-7d").click()
            await expect(page.locator(faded)).to_have_css("opacity", "0.45")
            await picture(page, screen, "loading")
            gate.set()
            await expect(page.locator(f"{part} .htmx-request")).to_have_count(0)
            await page.unroute(f"**{path}?*")


async def test_error(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(base_url=site.url) as page:
        await page.goto("/sign-in")
        await sign_in(page)
        await page.wait_for_url("**/projects/demo")
        for screen, (path, _, _) in SCREENS.items():
            if screen == "widgets":  # it has no filter
                continue
            await page.goto(f"/projects/demo{path}?period=sometime")
            await expect(page.get_by_text("Unknown period. Choose one of today, yesterday")).to_be_visible()
            await picture(page, screen, "error")


async def test_offline(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(base_url=site.url) as page:
        await page.goto("/sign-in")
        await sign_in(page)
        await page.wait_for_url("**/projects/demo")
        for screen, (path, _, content) in SCREENS.items():
            await page.goto(f"/projects/demo{path}")
            await page.context.set_offline(True)
            await expect(page.locator("#connection")).to_contain_text("You’re offline")
            await expect(page.locator(content).first).to_be_visible()  # what was there stays
            await picture(page, screen, "offline")
            await page.context.set_offline(False)


async def test_signed_out(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(base_url=site.url) as page:
        for screen, (path, _, _) in SCREENS.items():
            await page.goto(f"/projects/demo{path}")
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            assert page.url.endswith(f"/sign-in?next=/projects/demo{path}")
            await picture(page, screen, "signed-out")


@pytest.mark.parametrize("role", ["viewer", "stranger"])
async def test_no_permission(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, role: str) -> None:
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    person_id = await pool.fetchval("select person_id from fn.create_account('Other', 'other@example.com', null)")
    if role == "viewer":
        await pool.execute("delete from member where person_id = $1", person_id)
        await pool.execute(
            "insert into member (account_id, person_id, role) values ($1, $2, 'viewer')", account_id, person_id
        )
    token = secrets.token_urlsafe(32)
    await pool.execute("select fn.create_session($1, $2)", person_id, sha256(token.encode()).digest())
    async with browsing(base_url=site.url) as page:
        await page.context.add_cookies([{"name": "feelback", "value": token, "url": site.url}])
        for screen, (path, _, content) in SCREENS.items():
            await page.goto(f"/projects/demo{path}")
            if role == "viewer":  # sees everything, and no button that would refuse
                await expect(page.locator(content).first).to_be_visible()
                await expect(page.locator("main form[method=post]:visible")).to_have_count(
                    1 if screen == "inbox" else 0
                )
                await expect(page.locator("main form[method=post] button:visible")).to_have_count(0)
            else:
                await expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
            await picture(page, screen, f"no-permission-{role}")
