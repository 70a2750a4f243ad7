"""Offline, signed out and themes in a browser."""

from playwright.async_api import expect

from app.site import demo_project
from tests.support.panel_browser import pytestmark, sign_in, signed_in, site
from tests.support.sdk_pages import browsing
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]


async def test_it_says_when_the_network_is_gone_and_keeps_the_form(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.goto("/projects/new")
        await page.get_by_label("Website URL").fill("https://a.example")
        await page.context.set_offline(True)
        await expect(page.locator("#connection")).to_contain_text("You’re offline")
        await page.get_by_role("button", name="Create project").click()
        await expect(page.get_by_label("Website URL")).to_have_value("https://a.example")
        await page.context.set_offline(False)
        await expect(page.locator("#connection")).to_be_hidden()
        await page.get_by_role("button", name="Create project").click()
        await page.wait_for_url("**/projects/a-example/widgets/new")


async def test_what_was_typed_is_still_there_after_signing_in_again(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(base_url=site.url) as page:
        await page.goto("/sign-in")
        await sign_in(page)
        await page.wait_for_url("**/projects/demo")
        await page.goto("/projects/new")
        await page.get_by_label("Website URL").fill("https://a.example")
        await page.get_by_label("Name").fill("My long name")
        await page.context.clear_cookies()  # as when the session ends
        await page.get_by_role("button", name="Create project").click()
        await expect(page.get_by_role("heading", name="You’re signed out")).to_be_visible()
        await page.get_by_text("What you entered").click()
        await expect(page.get_by_text("My long name")).to_be_visible()
        await page.get_by_role("link", name="Sign in").click()
        await sign_in(page)
        await page.wait_for_url("**/projects/new")
        await expect(page.get_by_label("Name")).to_have_value("My long name")
        await expect(page.locator("#connection")).to_contain_text("not saved yet")


async def test_a_theme_beats_the_systems(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site, color_scheme="light") as page:
        light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.locator("[popovertarget=account]").click()
        await page.get_by_role("button", name="Dark theme").click()
        await page.wait_for_url("**/projects/demo")
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != light


async def test_on_paper_there_is_nothing_to_click(site: Server, loaded: demo_project.Demo) -> None:
    async with signed_in(site) as page:
        await page.emulate_media(media="print")
        assert await page.locator("nav:visible, button:visible, form:visible, .button:visible").count() == 0
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
