"""Exports in a browser with a worker: a small one directly, a large one when it is ready."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import expect

from app.site import demo_project
from tests.support.inbox_browser import check, pytestmark, signed_in
from tests.support.serving import Server, serving
from tests.support.settings import SECRET

__all__ = ["pytestmark"]
Pool = asyncpg.Pool
PAGE = "/projects/demo/exports"


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving({"DATABASE_URL": database, "SECRET_KEY": SECRET, "LIMITS": "off"}) as site:
        yield site


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_exports_and_is_accessible(
    site: Server, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]", scheme: Any, tmp_path: Path
) -> None:
    async with signed_in(site, color_scheme=scheme, bypass_csp=True) as page:
        await page.goto(PAGE)
        await page.get_by_role("radio", name="Pages each").check()
        async with page.expect_download() as started:
            await page.get_by_role("button", name="Export").click()
        await (await started.value).save_as(tmp_path / "small.csv")
        assert (tmp_path / "small.csv").read_text().startswith("\ufeffid,widget,type,page,")
        await pool.execute("update widget_day set count = count + 1000000")
        await page.get_by_role("radio", name="Responses all").check()
        await page.get_by_role("button", name="Export").click()
        await expect(page.get_by_text("ready", exact=True)).to_be_visible()
        async with page.expect_download() as started:
            await page.get_by_role("link", name="Download").click()
        await (await started.value).save_as(tmp_path / "large.csv")
        assert (tmp_path / "large.csv").stat().st_size > 100_000
        await pool.execute(
            """
            insert into export (
                account_id, id, project_id, person_id, kind, format, requested_at, expected, rows, claimed_until
            )
            select account_id, fn.uuid_v7(), project_id, person_id, 'days', 'jsonl', now(), 1000, 420,
                now() + interval '1 hour'
            from export
            """
        )
        await page.reload()
        await expect(page.get_by_text("42 %")).to_be_visible()
        for width, name in ((1280, "exports"), (390, "exports-phone")):
            await page.set_viewport_size({"width": width, "height": 1100})
            await check(page, f"{name}-{scheme}")
        await page.get_by_role("button", name="Delete").first.click()
        await page.locator(":popover-open").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("42 %")).to_have_count(0)
