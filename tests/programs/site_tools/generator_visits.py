"""Visits to a site of two pages, with JavaScript and without."""

from playwright.async_api import expect

from tests.programs.site_tools.generators import Site
from tests.support.sdk_pages import browsing


async def visit(site: Site, origin: str) -> list[str]:
    """Respond on page one twice, on page two once; what is wrong with the pages."""
    problems: list[str] = []
    async with browsing() as page:
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{origin}{site.one}?utm_source=mail")
        element = page.locator("feelback-yesno")
        await expect(element.locator("[part=choices]")).to_be_visible()  # until then the form is shown
        await element.get_by_role("button", name=site.yes).click()
        await expect(element.get_by_role("status")).to_have_text(site.thanks)
        await expect(element.get_by_role("button", name=site.yes)).to_contain_text("1")
        if site.note:
            await expect(page.get_by_text(site.note)).to_be_visible()
        await page.goto(origin + site.two)
        await expect(element.locator("[part=choices]")).to_be_visible()
        await element.get_by_role("button", name=site.no).click()
        await expect(element.get_by_role("status")).to_have_text(site.thanks)
        await page.goto(origin + site.one)
        if await element.count() != 1:
            problems.append(f"{await element.count()} elements")
    async with browsing(java_script_enabled=False, user_agent="Mozilla/5.0 (a browser without JavaScript)") as page:
        await page.goto(origin + site.one)
        await page.locator("feelback-yesno").get_by_role("button", name=site.yes).click()
        await page.wait_for_url(origin + site.one)
    return problems
