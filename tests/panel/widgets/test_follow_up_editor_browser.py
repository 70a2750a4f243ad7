"""Follow-ups in the editor of a widget in a browser: with and without JavaScript, by keyboard, on a phone."""

import pytest
from playwright.async_api import Page, expect

from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, pytestmark, sign_in, signed_in, site
from tests.support.sdk_pages import browsing
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]
NEW = "/projects/demo/widgets/new"


async def unfold(page: Page, option: int) -> None:
    """Unfold the follow-up of an option."""
    await page.locator(f"[data-follow-up='{option}'] > summary").click()


async def test_the_preview_follows_every_field(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto(f"{NEW}?type=yesno&preset=docs")
        preview = page.locator("[data-follow-up-preview]")
        await expect(preview.locator("strong")).to_have_text("What helped most?")
        await page.locator("#preview .preview").get_by_role("button", name="No").click()
        await expect(preview.locator("strong")).to_have_text("What went wrong?")
        await expect(page.get_by_label("Follow-up after")).to_have_value("1")
        await expect(preview.locator("li")).to_have_count(7)
        await unfold(page, 1)
        await page.locator("#ask-1").fill("ماذا ينقص؟")
        await expect(preview.locator("strong")).to_have_text("ماذا ينقص؟")
        await expect(preview).to_contain_text("choose one")
        await page.get_by_label("Allow several reasons of option 2").check()
        await expect(preview).to_contain_text("choose several")
        await expect(preview.locator("textarea")).to_be_attached()
        await page.get_by_label("Ask for a message after option 2").uncheck()
        await expect(preview.locator("textarea")).to_have_count(0)
        await page.get_by_label("Ask for an email address after option 2").check()
        await expect(preview.locator("input[type=email]")).to_be_attached()
        await page.locator("#thanks-1").fill("Merci!")
        await expect(preview).to_contain_text("Then: Merci!")
        await page.get_by_role("button", name="Remove reason 7 of option 2").click()
        await expect(preview.locator("li")).to_have_count(6)
        await page.get_by_label("Follow-up after").select_option("0")
        await expect(preview.locator("strong")).to_have_text("What helped most?")


async def test_reasons_are_edited_by_keyboard(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto(f"{NEW}?type=yesno&preset=yesno")
        await page.get_by_label("Question").first.fill("Any good?")
        await page.locator("[data-follow-up='1'] > summary").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.locator("#ask-1")).to_be_focused()
        await page.keyboard.type("Why?")
        for n, label in enumerate(("Slow", "Wrong")):
            await page.get_by_role("button", name="Add reason").last.focus()
            await page.keyboard.press("Enter")
            await expect(page.locator(f"#reason-1-{n}")).to_be_focused()
            await page.keyboard.type(label)
        await page.get_by_role("button", name="Move reason 2 of option 2 up").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Move reason 1 of option 2 down")).to_be_focused()
        await expect(page.locator("#reason-1-0")).to_have_value("Wrong")
        await expect(page.locator("#options > [role=status]")).to_have_text("Moved to position 1 of 2")
        # The follow-up of another option stays unfolded when the server draws the rows anew.
        await unfold(page, 0)
        remove = page.get_by_role("button", name="Remove reason 2 of option 2")
        await remove.click()
        await expect(remove).to_have_count(0)
        await expect(page.locator("[data-follow-up='0']")).to_have_attribute("open", "")
        await page.locator("#copy-0").select_option("1")
        await page.get_by_role("button", name="Copy", exact=True).first.click()
        await expect(page.locator("#ask-0")).to_have_value("Why?")
        await expect(page.locator("#ask-0")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/integrate?widget=*")


async def test_it_works_without_javascript(site: Server, loaded: demo_project.Demo) -> None:
    # Not signed_in: the browser's console has the 422 as an error.
    async with browsing(base_url=site.url, java_script_enabled=False) as page:
        await page.goto("/sign-in")
        await sign_in(page)
        await page.goto(f"{NEW}?type=yesno&preset=docs")
        await page.get_by_label("Question").first.fill("Docs?")
        await unfold(page, 1)
        await page.get_by_role("button", name="Move reason 2 of option 2 up").click()
        await expect(page.locator("#reason-1-0")).to_have_value("A step or detail is missing")
        await page.get_by_role("button", name="Remove reason 7 of option 2").click()
        await page.get_by_role("button", name="Add reason").last.click()
        await page.locator("#reason-1-6").fill("Broken link")
        await page.locator("#ask-1").fill("")
        await page.get_by_role("button", name="Create widget").last.click()
        await expect(page.locator("#ask-1-error")).to_have_text("Question must have 1 to 200 characters, on one line.")
        await expect(page.locator("#ask-1")).to_be_visible()
        await page.locator("#ask-1").fill("What is broken?")
        await page.get_by_role("button", name="Create widget").last.click()
        await page.wait_for_url("**/integrate?widget=*")
        await page.goto(page.url.replace("integrate?widget=", "widgets/") + "/settings")
        await unfold(page, 1)
        await page.get_by_role("button", name="Remove reason 7 of option 2").click()
        await page.get_by_role("button", name="Save").last.click()
        await page.wait_for_url("**/settings?saved=1")
        await unfold(page, 1)
        await page.get_by_role("button", name="Restore “Broken link”").click()
        await expect(page.locator("#reason-1-6")).to_have_value("Broken link")
        await page.get_by_role("button", name="Save").last.click()
        await page.wait_for_url("**/settings?saved=1")
        await expect(page.locator("#reason-1-6")).to_have_value("Broken link")
        await expect(page.get_by_role("button", name="Restore")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_accessible_and_fits_a_small_phone(site: Server, loaded: demo_project.Demo, scheme: str) -> None:
    async with signed_in(site, color_scheme=scheme) as page:
        ideas = ("yesno&preset=docs", "reaction&preset=product", "rating&preset=csat", "message", "form")
        for address in (NEW, *(f"{NEW}?type={idea}" for idea in ideas)):
            await page.goto(address)
            for summary in await page.locator("details > summary").all():
                await summary.click()
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], address
            await page.set_viewport_size({"width": 320, "height": 640})
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, address
            await page.set_viewport_size({"width": 1280, "height": 800})
