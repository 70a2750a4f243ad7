"""Visits to a built site: each response must be counted once, on the right page."""

import asyncio
import json
from typing import Any

import asyncpg
from playwright.async_api import Page, expect

from tests.programs.sites.table import Site
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch
from tests.support.serving import Server, check_tallies

Pool = asyncpg.Pool


async def visit(site: Site, origin: str, server: Server, pool: "Pool[asyncpg.Record]") -> list[str]:
    """Respond with JavaScript and without; what is wrong with what is stored then."""
    expected: dict[tuple[str, str], int] = {}
    async with browsing() as page:
        watch = Watch(page, server)
        await page.goto(origin + site.one)
        await _press(page, "y")
        expected[site.one, "y"] = 1
        if site.two:
            await page.locator(f'a[href^="{site.two.removesuffix("/")}"], a[href^=".{site.two}"]').last.click()
            await expect(page.locator("h1").last).to_contain_text("Two")
            await _press(page, "n")
            expected[site.two, "n"] = 1
        if site.package in ("react", "vue"):
            await page.get_by_role("button", name="Like").click()
            expected[site.one, "+"] = 1
        if site.locale:
            await page.goto(origin + site.locale)
            await _press(page, "y")
            expected[site.locale, "y"] = 1
        await _wait_for(pool, sum(expected.values()))
        problems = [f"The browser says: {error}" for error in watch.errors]
    if site.is_rendered:
        async with browsing(java_script_enabled=False, user_agent="Mozilla/5.0 (a browser without JavaScript)") as page:
            await page.goto(origin + site.one)
            await page.get_by_role("button", name="Yes").click()
            await page.wait_for_url(f"**{site.one}")
        expected[site.one, "y"] += 1
        await _wait_for(pool, sum(expected.values()))
    problems += await _differences(site, origin, pool, expected)
    await check_tallies(pool)
    return problems


async def _press(page: Page, value: str) -> None:
    element = page.locator("feelback-yesno")
    await element.locator(f"button[part][value='{value}']").click()
    await expect(element.get_by_role("status")).to_contain_text("Danke" if "/de/" in page.url else "Thank you.")


async def _wait_for(pool: "Pool[asyncpg.Record]", count: int) -> None:
    for _ in range(50):
        if await pool.fetchval("select count(*) from response") >= count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"There are not {count} responses.")


async def _differences(
    site: Site, origin: str, pool: "Pool[asyncpg.Record]", expected: dict[tuple[str, str], int]
) -> list[str]:
    rows = await pool.fetch(
        """select g.key, o.value, r.context::text from response as r
        join placement as p on p.account_id = r.account_id and p.id = r.placement_id
        join page as g on g.account_id = p.account_id and g.id = p.page_id
        join option as o on o.widget_id = r.widget_id and o.no = r.option_no order by r.id"""
    )
    counts: dict[tuple[str, str], int] = {}
    for key, value, _ in rows:
        counts[key, value] = counts.get((key, value), 0) + 1
    wanted = {(origin + path.rstrip("/"), value): count for (path, value), count in expected.items()}
    problems = [] if counts == wanted else [f"There are {counts} instead of {wanted}."]
    contexts: list[Any] = [json.loads(context or "{}") for key, _, context in rows]
    if contexts[0] != site.context:
        problems.append(f"The context is {contexts[0]} instead of {site.context}.")
    if site.locale and "de" not in [context.get("locale") for context in contexts]:
        problems.append(f"No response has the locale de: {contexts}.")
    return problems
