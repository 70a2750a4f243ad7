"""The tags and the saved views of an inbox: created, renamed and deleted by forms."""

import re

import asyncpg

from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, new_tag, post

Pool = asyncpg.Pool


async def test_views_are_saved_renamed_and_deleted(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{PAGE}?status=open&view=all&q=slow")
    assert "Save view" in owner.text
    fields = [("view", "all"), ("status", "open"), ("q", "slow")]
    await post(owner, f"{PAGE}/views", *fields, ("name", "Slow & open"))
    assert "View saved" in owner.text
    assert re.search(r'aria-current="page"><bdi>Slow &amp; open</bdi>', owner.raw)
    assert await pool.fetchval("select query from saved_view") == "view=all&status=open&q=slow"
    await post(owner, f"{PAGE}/views", *fields, ("name", "slow & OPEN"), status=409)
    await post(owner, f"{PAGE}/views", ("name", "Nothing"), status=422)
    await post(owner, f"{PAGE}/views", ("name", "Wrong"), ("status", "x"), status=422)
    id = await pool.fetchval("select id from saved_view")
    await post(owner, f"{PAGE}/views/{id}", ("name", "Slow"))
    assert "View renamed" in owner.text
    await owner.get(PAGE)
    assert re.search(r'href="/projects/demo/inbox\?view=all&amp;status=open&amp;q=slow" ><bdi>Slow</bdi>', owner.raw)
    await post(owner, f"{PAGE}/views/{id}/delete")
    assert "View deleted" in owner.text
    assert "No saved views" in owner.text


async def test_tags_are_renamed_and_deleted(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{PAGE}/tags")
    bug = await new_tag(owner, pool, "Bug")
    await new_tag(owner, pool, "Idea")
    await post(owner, f"{PAGE}/tags", ("name", "bug"), status=409)
    await post(owner, f"{PAGE}/tags", ("name", "x" * 41), status=422)
    await post(owner, f"{PAGE}/tags/{bug}", ("name", "IDEA"), status=409)
    await post(owner, f"{PAGE}/tags/{bug}", ("name", "Defect"))
    assert "Tag renamed" in owner.text
    await post(owner, f"{PAGE}/tags/{bug}/delete")
    assert "Tag deleted" in owner.text
    assert [row[0] for row in await pool.fetch("select name from tag")] == ["Idea"]
