"""The panel in a browser: every screen of a project in both themes, on a phone, by keyboard, without JavaScript."""

import re

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
        "select c.id from placement as c"
        " join widget as s on s.account_id = c.account_id and s.id = c.widget_id where s.type = 'rating' limit 1"
    )
    page = await pool.fetchval("select page_id from placement where id = $1", placement)
    project = await pool.fetchval("select id from project where slug = 'demo'")
    await pool.execute("select fn.retitle_page($1, $2, $3, $4)", account_id, project, page, "دليل" + "ا" * 290)
    await pool.execute("select fn.create_project($1, $2, 'beech')", account_id, "B" + "e" * 99)
    await pool.execute(
        """insert into refusal
        select account_id, id, date_trunc('hour', now()), 'origin', 'https://elsewhere.example', 7
        from project where slug = 'demo'"""
    )
    release = await pool.fetchval(
        "select fn.create_release($1, $2, $3, now() - interval '3 days')", account_id, project, "R" + "e" * 99
    )
    destination = await pool.fetchval("select fn.uuid_v7()")
    await pool.execute(
        "select fn.create_destination($1, $2, $3, $4, 'webhook', $5, null, 'x', '{message.created}')",
        account_id, project, destination, "D" + "e" * 99, "https://a.example/" + "hook" * 100,
    )  # fmt: skip
    delivery = await pool.fetchval("select fn.send_test_event($1, $2, $3)", account_id, project, destination)
    await pool.execute(
        "update delivery set attempts = 3, attempted_at = now(), problem = 'server_error', status = 503, answer = $1,"
        " duration_ms = 1234", "Unavailable" * 90,
    )  # fmt: skip
    await pool.execute("update destination set failing_since = now()")
    return {
        "destinations": "/projects/demo/destinations",
        "issues": "/projects/demo/issues",
        "a destination": f"/projects/demo/destinations/{destination}",
        "a delivery": f"/projects/demo/destinations/{destination}/deliveries/{delivery}",
        "projects": "/projects",
        "releases": "/projects/demo/releases",
        "a release": f"/projects/demo/releases/{release}",
        "overview": "/projects/demo",
        "a year": "/projects/demo?period=365d",
        "a day": "/projects/demo?period=24h",
        "some days": "/projects/demo?from=2026-01-01&to=2026-02-01",
        "an empty project": "/projects/beech",
        "pages": "/projects/demo/pages",
        "no pages": "/projects/demo/pages?q=nothing-like-that",
        "a page": f"/projects/demo/pages/{page}",
        "a page by a widget": f"/projects/demo/placements/{placement}",
        "a filter": "/projects/demo?period=today&origin=https://acorn.example&compare=year",
        "filtered messages": f"/projects/demo/inbox?period=7d&page={page}",
        "search": "/find?project=demo&q=docs",
        "settings": "/projects/demo/settings",
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
    async with signed_in(site, viewport={"width": 320, "height": 740}) as page:
        for name, address in (await screens(pool)).items():
            await page.goto(address)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, name
        await page.locator("[popovertarget=sections]").click()
        await page.locator("#sections").get_by_text("Pages").click()
        await page.wait_for_url("**/pages")


async def test_another_period_swaps_only_what_depends_on_it(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.evaluate("document.querySelector('#newest').hasStayed = true")
        await page.locator("#period-button").click()
        await page.get_by_role("link", name="Last 7 days").click()
        await page.wait_for_url("**/projects/demo?period=7d")
        await expect(page.locator("#period-button")).to_contain_text("Last 7 days")
        # Focus stays at the menu, whose link was swapped.
        await expect(page.locator("#period-button")).to_be_focused()
        assert await page.evaluate("document.querySelector('#newest').hasStayed")
        await page.locator("#period-button").click()
        await page.get_by_label("From").fill("2026-01-05")
        await page.get_by_label("To", exact=True).fill("2026-01-07")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**/projects/demo?from=2026-01-05&to=2026-01-07")
        await expect(page.locator("#window")).to_contain_text("5 Jan – 7 Jan 2026")
        await page.go_back()
        await page.wait_for_url("**/projects/demo?period=7d")
        await expect(page.locator("#period-button")).to_contain_text("Last 7 days")


async def test_letters_choose_the_period_and_the_comparison(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.keyboard.press("m")
        await page.wait_for_url("**period=month")
        await page.keyboard.press("n")
        await page.wait_for_url("**compare=none")
        await expect(page.locator("#comparison-button")).to_contain_text("No comparison")
        await page.get_by_role("link", name="Pages", exact=True).click()
        await page.wait_for_url("**/pages?period=month&compare=none")
        await page.get_by_label("Title or URL").focus()
        await page.keyboard.press("w")
        assert "period=month" in page.url
        # The person's next visit begins there.
        await page.goto("/projects/demo")
        await expect(page.locator("#period-button")).to_contain_text("Month to date")


async def test_a_filter_survives_navigation_and_can_be_removed(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        await page.locator("#leaders .key").first.click()
        await page.wait_for_url("**/pages/*")
        await page.get_by_role("link", name="Responses", exact=True).click()
        await page.wait_for_url("**/responses?*page=*")
        await expect(page.get_by_role("link", name="Page: ")).to_be_visible()
        count = await page.locator(".rows > li").count()
        await page.get_by_role("link", name="Inbox").click()
        await expect(page.get_by_role("link", name="Page: ")).to_be_visible()
        await page.get_by_role("link", name="Page: ").click()
        await expect(page.get_by_role("link", name="Page: ")).to_have_count(0)
        assert count > 0


async def test_the_palette_leads_to_projects_pages_and_screens(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    async with signed_in(site) as page:
        await pool.execute(
            "select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo_project.EMAIL
        )
        await page.keyboard.press("Control+k")
        await expect(page.locator(".palette input")).to_be_focused()
        await expect(page.locator("#found")).to_contain_text("Beech")
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == []
        await page.keyboard.type("install")
        await expect(page.locator("#found h2").first).to_have_text("Pages")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/projects/demo/pages/*")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("beech")
        await expect(page.locator("#found a")).to_have_count(1)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/projects/beech")


async def test_a_chart_is_read_by_keys_and_by_touch(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, has_touch=True) as page:
        await page.locator("svg.trend").focus()
        await page.keyboard.press("End")
        words = await page.locator(".day.current .tip").text_content()
        assert words
        assert ";" in words  # and the part of the comparison
        await expect(page.locator("#chart-part")).to_have_text(words)
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator("#chart-part")).not_to_have_text(words)
        await page.locator(".day .hit").nth(3).tap()
        await expect(page.locator(".day.current .tip")).to_be_visible()


async def test_a_day_of_the_chart_becomes_the_period(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto("/projects/demo?compare=none")
        chart = page.locator("svg.trend")
        await chart.locator(".day .hit").nth(-3).click()
        await page.wait_for_url(re.compile(r"from=(\d{4}-\d\d-\d\d)&to=\1"))
        assert "compare=none" in page.url
        await expect(chart.locator(".tip").first).to_contain_text("00:00")
        await page.go_back()
        await chart.focus()
        await page.keyboard.press("End")
        await page.keyboard.press("ArrowLeft")
        words = str(await page.locator(".day.current .tip").text_content())
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile(r"from=(\d{4}-\d\d-\d\d)&to=\1"))
        await expect(page.locator("#period-button")).to_contain_text(words.partition(":")[0])
        # Hours lead nowhere.
        await chart.focus()
        await page.keyboard.press("End")
        address = page.url
        await page.keyboard.press("Enter")
        assert page.url == address


async def test_it_says_that_the_server_cannot_be_reached(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        # A request that fails in the browser is an error in its console, which signed_in counts.
        await page.evaluate(
            "() => { console.error = () => {}; window.fetch = async () => { throw new TypeError(); }; }"
        )
        await page.locator("#period-button").click()
        await page.get_by_role("link", name="Last 7 days").click()
        await expect(page.locator("#connection")).to_contain_text("can’t be reached")


async def test_lists_filter_as_one_chooses(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto("/projects/demo/responses")
        await page.get_by_label("Widget").select_option(label="Was this helpful?")
        await page.wait_for_url("**/responses?widget=*")
        await page.get_by_label("Option", exact=True).select_option(label="No")
        await page.wait_for_url("**option=*")
        await expect(page.locator(".rows .answer").first).to_contain_text("No")
        assert set(await page.locator(".rows .answer.good").all_inner_texts()) == set()
        await page.goto("/projects/demo/pages")
        await page.get_by_label("Title or URL").fill("install")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/pages?q=install")
        await page.get_by_role("link", name="Unhappy").click()
        await page.wait_for_url("**sort=unhappy")
        await expect(page.locator("[aria-sort=descending]")).to_contain_text("Unhappy")
        await expect(page.locator("#sort-unhappy")).to_be_focused()
        await page.get_by_role("link", name="Unhappy").click()
        await expect(page.locator("[aria-sort=ascending]")).to_contain_text("Unhappy")


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
        await page.locator("#period-button").click()
        await page.get_by_role("link", name="Last 90 days").click()
        await page.wait_for_url("**period=90d")
        await page.get_by_role("link", name="Switch project or search").click()
        await page.wait_for_url("**/find?project=demo")
        await page.go_back()
        await page.locator("#period-button").click()
        await page.get_by_label("From").fill("2026-01-05")
        await page.get_by_label("To", exact=True).fill("2026-01-07")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**from=2026-01-05&to=2026-01-07")
        await page.goto("/projects/demo?period=7d")
        await page.locator("#trend .numbers summary").click()
        await page.locator("#trend .numbers tbody a").nth(2).click()
        await page.wait_for_url(re.compile(r"from=(\d{4}-\d\d-\d\d)&to=\1"))
        await page.goto("/projects/demo/responses")
        await page.get_by_label("Text", exact=True).fill("docs")
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_url("**q=docs*")
        await page.locator(".rows .whole").first.click()
        await page.locator("[popovertarget=delete-one]").first.click()
        await page.locator("#delete-one").get_by_role("button", name="Delete", exact=True).click()
        await page.wait_for_url("**deleted=1")
