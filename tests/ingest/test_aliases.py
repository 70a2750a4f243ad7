"""Responses on merged pages, over HTTP: by `/v1` and `/v0`, by page and by placement, in test mode."""

import asyncio
from typing import Any

import asyncpg

from tests.support import factories
from tests.support.merges import continue_merges
from tests.support.serving import Api

Pool = asyncpg.Pool
OLD, NEW = "https://example.com/old", "https://example.com/new"


async def page(api: Api, key: str) -> Any:
    return await api.pool.fetchval("select id from page where key = $1", key)


async def merge(api: Api, of: factories.Widget) -> None:
    await api.pool.execute(
        "select fn.merge_pages($1, $2, $3, $4)",
        of.account_id,
        of.project_id,
        await page(api, OLD),
        await page(api, NEW),
    )
    await continue_merges(api.pool)


async def undo(api: Api, of: factories.Widget) -> None:
    await api.pool.execute("select fn.undo_merge($1, $2, $3)", of.account_id, of.project_id, await page(api, OLD))
    await continue_merges(api.pool)


async def totals(api: Api, widget_id: str) -> list[int]:
    return [row["total"] for row in await api.stats(widget_id, OLD, NEW)]


async def test_an_alias_collects_into_its_page(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown")
    for visitor in ("only-old-1", "on-both-1"):
        await api.stored(likes.id, "+1", OLD, visitor=visitor)
    for visitor in ("only-new-1", "on-both-1"):
        await api.stored(likes.id, "-1", NEW, visitor=visitor)
    assert await totals(api, likes.id) == [2, 2]
    await merge(api, likes)
    assert await totals(api, likes.id) == [3, 3]
    assert await api.counts(likes.id, OLD) == [1, 2]
    for address in (OLD, NEW):
        for visitor in ("only-old-1", "on-both-1", "only-new-1"):
            assert (await api.stored(likes.id, "+1", address, visitor=visitor))["outcome"] == "duplicate"
    assert await api.counts(likes.id, NEW) == [3, 0]
    assert (await api.stored(likes.id, "-1", OLD, visitor="somebody-new"))["outcome"] == "counted"
    assert (await api.stored(likes.id, "+1", NEW, visitor="somebody-new"))["outcome"] == "duplicate"
    assert await api.counts(likes.id, OLD) == [4, 0]
    await undo(api, likes)
    assert await api.counts(likes.id, OLD) == [3, 0]
    assert await api.counts(likes.id, NEW) == [2, 0]
    assert (await api.stored(likes.id, "+1", NEW, visitor="somebody-new"))["outcome"] == "counted"
    assert (await api.stored(likes.id, "+1", OLD, visitor="somebody-new"))["outcome"] == "duplicate"


async def test_one_visitor_at_both_addresses_at_once_counts_once(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown")
    for address in (OLD, NEW):
        await api.stored(likes.id, "+1", address)
    await merge(api, likes)
    results = await asyncio.gather(
        *(api.stored(likes.id, "+1", (OLD, NEW)[n % 2], visitor=f"together-{n // 4}") for n in range(40))
    )
    assert sum(result["outcome"] == "counted" for result in results) == 10
    assert await totals(api, likes.id) == [12, 12]


async def test_the_edit_token_works_at_either_address(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown")
    for address in (OLD, NEW):
        await api.stored(likes.id, "+1", address)
    await merge(api, likes)
    first = await api.stored(likes.id, "+1", OLD, visitor=None)
    second = await api.stored(likes.id, "+1", NEW, visitor=None)
    assert second["id"] == first["id"]
    assert (await api.patch(second, "-1")).status == 200
    assert await api.counts(likes.id, OLD) == [2, 1]
    assert (await api.delete(first)).status == 204
    assert (await api.stored(likes.id, "+1", NEW, visitor=None))["outcome"] == "counted"


async def test_messages_by_the_alias_are_kept_and_come_back(api: Api) -> None:
    notes = await factories.widget(api.pool, "message")
    await api.stored(notes.id, "By the old one", OLD, visitor="writer-1")
    await api.stored(notes.id, "By the new one", NEW, visitor="writer-1")
    await merge(api, notes)
    await api.stored(notes.id, "Later", OLD, visitor="writer-1")
    assert (await api.stored(notes.id, "Later", NEW, visitor="writer-1"))["outcome"] == "duplicate"
    assert await totals(api, notes.id) == [3, 3]
    await undo(api, notes)
    assert await totals(api, notes.id) == [2, 1]


async def test_published_sdks_and_placements_use_the_alias(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown")
    for address in (OLD, NEW):
        await api.stored(likes.id, "+1", address)
    await merge(api, likes)
    placement = str(await api.pool.fetchval("select id from placement where key = $1", OLD))
    answer = await api.v0("create", {"contentId": placement, "value": "+1"})
    assert answer.status == 200, answer.body
    answer = await api.v0("create", {"contentSetId": likes.id, "key": OLD, "value": "-1"}, address="192.0.2.9")
    assert answer.status == 200, answer.body
    assert await totals(api, likes.id) == [4, 4]


async def test_in_test_mode_nothing_counts(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown", await factories.project(api.pool, test_mode=True))
    for address in (OLD, NEW):
        await api.stored(likes.id, "+1", address, visitor="tester-1")
    await merge(api, likes)
    assert (await api.stored(likes.id, "+1", OLD, visitor="tester-1"))["outcome"] == "duplicate"
    assert (await api.stored(likes.id, "+1", OLD, visitor="tester-2"))["outcome"] == "test"
    assert (await api.stored(likes.id, "+1", NEW, visitor="tester-2"))["outcome"] == "duplicate"
    assert await totals(api, likes.id) == [0, 0]
    await undo(api, likes)
    assert await api.pool.fetch(
        "select c.key, count(*) from response as r"
        " join placement as c on c.account_id = r.account_id and c.id = r.placement_id group by 1 order by 1"
    ) == [(NEW, 1), (OLD, 2)]


async def test_an_archived_page_takes_nothing_by_its_alias(api: Api) -> None:
    likes = await factories.widget(api.pool, "updown")
    for address in (OLD, NEW):
        await api.stored(likes.id, "+1", address)
    await merge(api, likes)
    await api.pool.execute(
        "select fn.archive_page($1, $2, $3)", likes.account_id, likes.project_id, await page(api, NEW)
    )
    for address in (OLD, NEW):
        assert (await api.create(likes.id, "+1", address)).status == 403
