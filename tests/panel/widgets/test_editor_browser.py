"""The editor of a widget in a browser: by keyboard, with a live preview and a picker of emoji."""

import pytest
from playwright.async_api import expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, signed_in, site
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]
NEW = "/projects/demo/widgets/new?type=reaction&preset=feeling"


async def test_the_preview_follows_every_field(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto(NEW)
        preview = page.locator("#preview .preview")
        await page.locator("#name").fill("Mood?")
        await expect(preview.locator("[part=question]")).to_have_text("Mood?")
        await page.get_by_label("Label", exact=True).first.fill("Great")
        await expect(preview.get_by_role("button", name="Great")).to_be_visible()
        await page.get_by_label("Accent color", exact=True).fill("#aa3366")
        await expect(page.get_by_role("checkbox", name="Accent")).to_be_checked()
        await expect(preview).to_have_css("--feelback-accent", "#aa3366")
        await page.get_by_label("Page background").fill("#102030")
        await expect(page.locator(".stage")).to_have_css("background-color", "rgb(16, 32, 48)")
        await page.reload()
        await expect(page.locator(".stage")).to_have_css("background-color", "rgb(16, 32, 48)")


async def test_rows_are_moved_by_keyboard_and_keep_the_focus(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto(NEW)
        await page.locator("#name").fill("Mood?")
        await page.get_by_role("button", name="Move option 3 up").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Move option 2 up")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Move option 1 down")).to_be_focused()
        await expect(page.locator("#label-0")).to_have_value("Sad")
        await expect(page.locator("#preview .preview button").first).to_have_attribute("title", "Sad")
        await expect(page.locator("#name")).to_have_value("Mood?")
        await page.get_by_role("button", name="Add option").click()
        await expect(page.locator("#label-3")).to_be_focused()
        await page.keyboard.type("Sleepy")
        await page.get_by_role("button", name="Choose an emoji for option 4").click()
        await expect(page.get_by_label("Search emoji")).to_be_focused()
        await page.keyboard.type("sleep")
        await page.keyboard.press("Enter")
        await expect(page.locator("#icon-3")).to_have_value("😴")
        await expect(page.get_by_role("button", name="Choose an emoji for option 4")).to_be_focused()
        await expect(page.locator("#preview .preview button").nth(3)).to_have_attribute("title", "Sleepy")
        await page.get_by_text("Add a language").click()
        await page.get_by_role("button", name="Deutsch").click()
        await page.get_by_label("Question", exact=True).last.fill("Wie fühlst du dich?")
        await page.get_by_label("Language").select_option("de")
        await expect(page.locator("#preview .preview [part=question]")).to_have_text("Wie fühlst du dich?")
        await page.locator("#name").press("Enter")
        await page.wait_for_url("**/integrate?widget=*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_accessible_and_fits_a_small_phone(site: Server, loaded: demo_project.Demo, scheme: str) -> None:
    async with signed_in(site, color_scheme=scheme) as page:
        for type, id in loaded.widgets.items():
            for address in (
                f"/projects/demo/widgets/new?type={type}",
                f"/projects/demo/widgets/{id}/settings",
            ):
                await page.goto(address)
                for summary in await page.locator("details > summary").all():
                    await summary.click()
                await page.evaluate(AXE.read_text())
                assert await page.evaluate(AXE_VIOLATIONS) == [], address
                await page.set_viewport_size({"width": 320, "height": 640})
                assert await page.evaluate("document.documentElement.scrollWidth") <= 320, address
                await page.set_viewport_size({"width": 1280, "height": 800})
