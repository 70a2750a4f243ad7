"""The panel in a browser: every screen of a project in both themes, on a phone, by keyboard, without JavaScript."""

import asyncpg
import pytest
from playwright.async_api import expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, signed_in, site
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool


async def screens(pool: "Pool[asyncpg.Record]") -> dict[str, str]:
    """URLs of a project's screens by name."""
    account_id, response, option_no = await pool.fetchrow(
        "select account_id, id, option_no from response where body is not null order by id desc limit 1"
    )
    await pool.execute(
        "select fn.update_response($1, $2, $3, 'Another thought', null)", account_id, response, option_no
    )
    placement = await pool.fetchval(
        "select c.id from placement as c join widget as s on s.id = c.widget_id where s.type = 'rating' limit 1"
    )
    await pool.execute("select fn.create_project($1, 'Beech', 'beech')", account_id)
    await pool.execute(
        """insert into refusal
        select account_id, id, date_trunc('hour', now()), 'origin', 'https://elsewhere.example', 7
        from project where slug = 'demo'"""
    )
    return {
        "projects": "/projects",
        "overview": "/projects/demo",
        "a year": "/projects/demo?window=365d",
        "a day": "/projects/demo?window=24h",
        "some days": "/projects/demo?from=2026-01-01&to=2026-02-01",
        "an empty project": "/projects/beech",
        "pages": "/projects/demo/pages",
        "no pages": "/projects/demo/pages?q=nothing-like-that",
        "a page": f"/projects/demo/placements/{placement}",
        "responses": "/projects/demo/responses",
        "no responses": "/projects/beech/responses",
        "a response": f"/projects/demo/responses/{response}",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_screen_is_accessible(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, scheme: str
) -> None:
    async with signed_in(site, color_scheme=scheme) as page:
        for name, address in (await screens(pool)).items():
            await page.goto(address)
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], name
        for button in ("account", "delete-one"):
            await page.locator(f"[popovertarget={button}]").first.click()
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], button
            await page.keyboard.press("Escape")


async def test_nothing_is_wider_than_a_phone(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site, viewport={"width": 360, "height": 740}) as page:
        for name, address in (await screens(pool)).items():
            await page.goto(address)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, name
        await page.locator("[popovertarget=sections]").click()
        await page.locator("#sections").get_by_text("Pages").click()
        await page.wait_for_url("**/pages")


async def test_another_window_swaps_only_what_depends_on_it(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.evaluate("document.querySelector('#newest').dataset.stayed = 'yes'")
        await page.get_by_role("link", name="7 days", exact=True).click()
        await page.wait_for_url("**/projects/demo?window=7d")
        await expect(page.get_by_role("link", name="7 days", exact=True)).to_have_attribute("aria-current", "true")
        await expect(page.locator("#newest")).to_have_attribute("data-stayed", "yes")
        await page.get_by_role("button", name="Custom range").click()
        await page.locator("#days").get_by_label("From").fill("2026-01-05")
        await page.locator("#days").get_by_label("To").fill("2026-01-07")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**/projects/demo?from=2026-01-05&to=2026-01-07")
        await expect(page.locator("#window")).to_contain_text("5 Jan – 7 Jan 2026")
        await page.go_back()
        await page.wait_for_url("**/projects/demo?window=7d")
        await expect(page.get_by_role("link", name="7 days", exact=True)).to_have_attribute("aria-current", "true")
        await page.go_back()
        await page.wait_for_url("**/projects/demo")
        await expect(page.get_by_role("link", name="30 days", exact=True)).to_have_attribute("aria-current", "true")


async def test_lists_filter_as_one_chooses(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto("/projects/demo/responses")
        await page.get_by_label("Widget").select_option(label="Was this helpful?")
        await page.wait_for_url("**/responses?widget=*")
        await page.get_by_label("Answer").select_option(label="No")
        await page.wait_for_url("**option=*")
        await expect(page.locator(".rows .answer").first).to_contain_text("No")
        assert set(await page.locator(".rows .answer.good").all_inner_texts()) == set()
        await page.goto("/projects/demo/pages")
        await page.get_by_label("URL or key").fill("install")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/pages?q=install")
        await page.get_by_role("link", name="Sentiment").click()
        await page.wait_for_url("**sort=score")
        await expect(page.locator("[aria-sort=descending]")).to_contain_text("Sentiment")
        await page.get_by_role("link", name="Sentiment").click()
        await expect(page.locator("[aria-sort=ascending]")).to_contain_text("Sentiment")


async def test_it_is_worked_by_keyboard(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Skip to content")).to_be_focused()
        await page.locator("[popovertarget=account]").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#account")).to_be_visible()
        await page.keyboard.press("Tab")
        await expect(page.locator("#account a").first).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#account")).to_be_hidden()
        await expect(page.locator("[popovertarget=account]")).to_be_focused()
        await page.get_by_role("link", name="Responses", exact=True).focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/responses")
        await page.locator(".rows .whole").first.focus()
        await page.keyboard.press("Enter")
        await page.locator("[popovertarget=delete-one]").first.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Cancel")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/responses?deleted=1")
        await expect(page.get_by_role("status").first).to_contain_text("1 response deleted")


async def test_it_works_without_javascript(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, java_script_enabled=False) as page:
        await page.locator("[popovertarget=account]").click()
        await expect(page.locator("#account")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("link", name="90 days", exact=True).click()
        await page.wait_for_url("**window=90d")
        await page.get_by_role("button", name="Custom range").click()
        await page.locator("#days").get_by_label("From").fill("2026-01-05")
        await page.locator("#days").get_by_label("To").fill("2026-01-07")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**from=2026-01-05&to=2026-01-07")
        await page.goto("/projects/demo/responses")
        await page.get_by_label("Text", exact=True).fill("docs")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**q=docs*")
        await page.locator(".rows .whole").first.click()
        await page.locator("[popovertarget=delete-one]").first.click()
        await page.locator("#delete-one").get_by_role("button", name="Delete", exact=True).click()
        await page.wait_for_url("**deleted=1")
