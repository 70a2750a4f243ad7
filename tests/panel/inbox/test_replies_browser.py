"""Replies in a browser: beside the list and on a page of their own, on a desk and a phone, light and dark."""

import asyncpg
import pytest
from playwright.async_api import expect

from tests.support.drive_inbox import PAGE
from tests.support.inbox_browser import check, pytestmark, signed_in, site
from tests.support.replies import message
from tests.support.serving import Server

__all__ = ["pytestmark", "site"]

Pool = asyncpg.Pool


async def test_a_reply_beside_the_list(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    await message(pool)
    async with signed_in(site, viewport={"width": 1280, "height": 900}, color_scheme="dark") as page:
        await page.keyboard.press("j")
        await page.get_by_label("Reply to ada+help@example.com").fill("שלום Ada, we look at it.")
        await check(page, "reply-desk-dark")
        await page.get_by_role("button", name="Send reply").click()
        await expect(page.locator("#result")).to_contain_text("Reply queued")
        await expect(page.locator("#replies .notes li")).to_contain_text("Waiting to be sent")
        await expect(page.get_by_label("Reply to ada+help@example.com")).to_have_value("")
        await page.get_by_label("Reply to ada+help@example.com").fill("Being written")
        await page.locator("li.inbox-row").first.focus()
        await page.keyboard.press("r")
        await expect(page.locator("#result")).to_contain_text("Resolved")
        await expect(page.get_by_label("Reply to ada+help@example.com")).to_have_value("Being written")
        await page.get_by_label("Reply to ada+help@example.com").fill("")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await page.get_by_role("button", name="Send “It is fixed”").dblclick()
        await expect(page.locator("#replies .notes li")).to_have_count(2)
        await expect(page.locator("#result")).to_contain_text("Reply queued")  # not: they already got it
        await expect(page.get_by_role("button", name="Send “It is fixed”")).to_have_count(0)
        await check(page, "replies-desk-dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_reply_on_a_phone(pool: "Pool[asyncpg.Record]", site: Server, scheme: str) -> None:
    id = await message(pool)
    phone = {"width": 390, "height": 844}
    async with signed_in(site, viewport=phone, color_scheme=scheme) as page:
        await page.goto(f"{PAGE}/{id}")
        await page.get_by_label("Reply to ada+help@example.com").fill("We look at it.")
        await page.get_by_role("button", name="Send reply").click()
        await expect(page.locator("#replies .notes li")).to_have_count(1)
        await check(page, f"reply-phone-{scheme}")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390


async def test_the_first_message_is_above_the_fold_on_a_phone(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    await message(pool)
    async with signed_in(site, viewport={"width": 390, "height": 844}) as page:
        await page.goto(PAGE)
        box = await page.locator("li.inbox-row").first.bounding_box()
        await check(page, "inbox-phone")
        assert box
        assert box["y"] + 40 < 844
