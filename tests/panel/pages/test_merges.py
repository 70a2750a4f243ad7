"""Merging pages in the panel, without JavaScript and with it, and by the worker."""

import asyncpg
import pytest
from playwright.async_api import expect

from app.config import load
from app.queries import merges
from app.site import demo_project
from app.worker.loop import Resources
from app.worker.merges import Merges
from tests.support.browser import Browser
from tests.support.citus import at_once
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, signed_in, site
from tests.support.panel_browser import pytestmark as chromium
from tests.support.serving import Server, check_tallies
from tests.support.settings import SECRET

__all__ = ["site"]

Pool = asyncpg.Pool
TWO = "select id, key from page where account_id = $1 order by id limit 2"


async def two(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> list[tuple[str, str]]:
    """Ids and keys of two pages of the demo."""
    account_id = await pool.fetchval("select account_id from project where slug = 'demo'")
    return [(str(row["id"]), row["key"]) for row in await pool.fetch(TWO, account_id)]


async def responses(pool: "Pool[asyncpg.Record]", page_id: str) -> int:
    return int(
        await pool.fetchval(
            "select coalesce(sum(t.count), 0) from placement as c"
            " join tally as t on t.account_id = c.account_id and t.placement_id = c.id"
            " where c.page_id = $1::text::uuid",
            page_id,
        )
    )


async def test_addresses_are_decoded(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    (source, _), (target, _) = await two(pool, loaded)
    for id, key in ((source, "/%E6%95%B0"), (target, "https://acorn.example/%D9%85%D8%B1")):
        await pool.execute("update page set key = $1 where id = $2::text::uuid", key, id)
    for path in (f"{source}/merge", f"{source}/merge/{target}", "delete?pattern=%25D9"):
        assert (await owner.get(f"/projects/demo/pages/{path}")).status_code == 200
        assert "/مر" in owner.text
        assert "%D9%85%D8%B1</" not in owner.text
    await owner.get(f"/projects/demo/pages/{source}")
    assert "/数" in owner.text


@at_once
async def test_choose_preview_merge_undo(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    (source, _), (target, target_key) = await two(pool, loaded)
    before = [await responses(pool, id) for id in (source, target)]
    at = f"/projects/demo/pages/{source}"
    await owner.get(at)
    assert f'href="{at}/merge"' in owner.text
    await owner.get(f"{at}/merge?q={target_key}")
    assert f'href="{at}/merge/{target}"' in owner.text
    await owner.get(f"{at}/merge?q=nothing-like-that")
    assert "No matches." in owner.text
    await owner.get(f"{at}/merge/{target}")
    preview = await pool.fetchrow(
        "select m.* from project as p, fn.merge_preview(p.account_id, p.id, $1, $2) as m where p.slug = 'demo'",
        source, target,
    )  # fmt: skip
    assert preview is not None
    assert f"Together: {preview['responses']:,} responses" in owner.text
    assert (await owner.post(f"{at}/merge/{target}", {})).status_code == 303
    assert await responses(pool, source) == 0
    assert await responses(pool, target) == preview["responses"]
    await check_tallies(pool)
    await owner.get(f"/projects/demo/pages/{target}")
    assert "is an alias of this page" in owner.text
    assert "Undo merge" in owner.text
    await owner.get("/projects/demo/pages?period=all")
    assert f"/pages/{source}" not in owner.text
    await owner.get(at)
    assert "Merged into" in owner.text
    assert "Archive this page" not in owner.text
    assert (await owner.post(f"{at}/merge/{target}", {})).status_code == 409
    assert (await owner.post(f"{at}/unmerge", {})).status_code == 303
    assert [await responses(pool, id) for id in (source, target)] == before
    await owner.get("/audit")
    assert "Merged the page" in owner.text
    assert "Undid the merge of the page" in owner.text
    await check_tallies(pool)


async def test_the_worker_merges_pages_with_many_responses(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, database: str
) -> None:
    (source, _), (target, _) = await two(pool, loaded)
    project = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    assert project is not None
    sql = "select fn.merge_pages($1, $2, $3, $4, now(), -1)"
    id = await pool.fetchval(sql, project["account_id"], project["id"], source, target)
    worker = Merges(Resources(load({"DATABASE_URL": database, "SECRET_KEY": SECRET}), database, pool, None))
    outcomes = []
    while (item := await worker.claim()) is not None:
        assert item.id == id
        outcomes.append(await worker.do(item))
    assert outcomes[-1] == "merged"
    assert await merges.continue_merge(pool, item or merges.DueMerge(project["account_id"], id)) is None
    assert await responses(pool, source) == 0
    await check_tallies(pool)


@pytest.mark.parametrize("error", [asyncpg.CheckViolationError, TimeoutError])
async def test_a_merge_that_fails_lets_others_go_first(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, database: str, error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (source, _), (target, _) = await two(pool, loaded)
    project = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    assert project is not None
    await pool.execute(
        "select fn.merge_pages($1, $2, $3, $4, now(), -1)", project["account_id"], project["id"], source, target
    )
    worker = Merges(Resources(load({"DATABASE_URL": database, "SECRET_KEY": SECRET}), database, pool, None))

    async def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(merges, "continue_merge", fail)
        item = await worker.claim()
        assert item is not None
        assert await worker.do(item) == "deferred"
    assert await worker.claim() is None
    assert await pool.fetchval("select next_at between now() and now() + interval '5 minutes' from page_merge")


@at_once
@chromium
async def test_in_a_browser(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    (source, _), (target, target_key) = await two(pool, loaded)
    async with signed_in(site) as page:
        await page.goto(f"/projects/demo/pages/{source}")
        await page.get_by_role("link", name="Merge…").click()
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == []
        await page.get_by_label("Find the other page").fill(target_key)
        await page.get_by_role("button", name="Search").click()
        await page.locator(f'a[href$="/merge/{target}"]').click()
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == []
        await page.get_by_role("button", name="Merge", exact=True).click()
        await page.wait_for_url(f"**/pages/{target}")
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(AXE_VIOLATIONS) == []
        await page.get_by_role("button", name="Undo merge").first.click()
        await page.locator("form.confirm").get_by_role("button", name="Undo merge").click()
        await page.wait_for_url(f"**/pages/{source}")
        await expect(page.locator("#merges")).to_contain_text("Undone.")
