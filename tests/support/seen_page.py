"""A page whose elements are counted as seen, and the counts."""

import asyncio
from typing import Any

from playwright.async_api import Page, expect

from tests.support.sdk_website import Watch, Website

TALL = '<p id="tall">' + "<br>" * 200 + "</p>"
LEAVE = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COME_BACK = "() => { delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange')); }"


async def write(website: Website, body: str, *types: str, with_script: bool = True) -> None:
    """Write a page with elements, and the script that counts."""
    for type in types or ("yesno",):
        if type not in website.widgets:
            await website.add_widget(type)
    script = f'<script type="module" src="{website.server.url}/sdk/seen.js"></script>' if with_script else ""
    website.write(body, head=script)


async def holds(website: Website, **counts: int) -> None:
    """Wait until these are the views by the type of the widget."""
    rows: dict[str, int] = {}
    for _ in range(60):
        stored = await website.pool.fetch(
            "select w.type, sum(s.count)::int as count from seen_day as s"
            " join widget as w on w.account_id = s.account_id and w.id = s.scope_id group by 1"
        )
        rows = {row["type"]: row["count"] for row in stored}
        if rows == counts:
            return
        await asyncio.sleep(0.1)
    assert rows == counts


def beacons(watch: Watch) -> list[Any]:
    """The requests that count views."""
    return [path for _, path in watch.requests if path == "/v1/seen"]


ELEMENT = '<feelback-yesno widget="{yesno}"></feelback-yesno>'
PULSE = '<feelback-pulse widget="{pulse}" page="$path"></feelback-pulse>'


async def open_page(page: Page, website: Website) -> Watch:
    """Open the page, and wait until its first element is drawn."""
    watch = Watch(page, website.server)
    await page.goto(website.url)
    await expect(page.locator("feelback-yesno button").first).to_be_attached()
    return watch
