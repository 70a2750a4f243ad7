import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from app.ingest.refusals import OTHER, Refusals
from tests.support import factories
from tests.support.refusals import refusal_counts
from tests.support.serving import Api, MakeApi


async def test_it_notes_the_reason_the_origin_and_how_often(make_api: MakeApi) -> None:
    api = await make_api(limit_pages_per_widget="1", limit_visitors_per_address="2")
    project = await factories.project(api.pool, origins=("https://example.com",))
    likes, other = await factories.widget(api.pool, of=project), await factories.widget(api.pool)
    here, evil = {"origin": "https://example.com"}, {"origin": "https://evil.example"}
    for n in range(3):
        await api.create(likes.id, "+", headers=evil, visitor=f"visitor-{n}")
    await api.create(likes.id, "+", visitor="visitor-0")
    await api.create(likes.id, "+", headers={"origin": "null"}, visitor="visitor-0")
    await api.create(likes.id, "-", headers=here)
    for n in range(4):
        await api.create(likes.id, "+", headers=here, visitor=f"visitor-{n}")
    await api.create(likes.id, "+", "another", headers=here)
    foreign = await factories.api_key(api.pool, other)
    await api.create(likes.id, "+", headers={"authorization": f"Bearer {foreign}"})
    assert await refusal_counts(api) == {
        ("origin", "https://evil.example"): 3,
        ("origin", "(none)"): 2,
        ("value", "https://example.com"): 1,
        ("address_limit", "https://example.com"): 2,
        ("pages_limit", "https://example.com"): 1,
        ("key", "(none)"): 1,
    }
    await api.create(likes.id, "+", headers=evil)
    assert (await refusal_counts(api))["origin", "https://evil.example"] == 4
    row = await api.pool.fetchrow("select distinct account_id, project_id, hour from refusal")
    assert row is not None
    assert (row["account_id"], row["project_id"]) == (project.account_id, project.id)
    assert row["hour"].minute == row["hour"].second == 0


async def test_it_notes_who_is_too_fast(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="1")
    likes = await factories.widget(api.pool)
    for _ in range(3):
        await api.create(likes.id, "+", visitor="somebody", headers={"origin": "https://example.com"})
    assert await refusal_counts(api) == {("limit", "https://example.com"): 2}


async def test_it_keeps_a_flood_of_origins_small(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://example.com",))
    likes = await factories.widget(api.pool, of=project)
    for n in range(90):
        await api.create(
            likes.id, "+", headers={"origin": f"https://{'x' * 300}{n}.example" if n % 2 else f"https://{n}.example"}
        )
    counts = await refusal_counts(api)
    assert sum(counts.values()) == 90
    assert len(counts) <= 51
    assert max(len(origin) for _, origin in counts) <= 200
    for n in range(60):
        await api.create(likes.id, "+", headers={"origin": f"https://more-{n}.example"})
    counts = await refusal_counts(api)
    assert ("origin", OTHER) in counts
    assert sum(counts.values()) == 150


async def test_it_writes_by_itself_and_keeps_what_it_could_not_write() -> None:
    written: list[list[tuple[Any, ...]]] = []
    fails = True

    async def write(rows: list[tuple[Any, ...]]) -> None:
        if fails:
            raise OSError
        written.append(rows)

    refusals = Refusals(write, seconds=0.01)
    refusals.add(1, 2, "origin", "https://evil.example")
    await asyncio.sleep(0.05)
    assert written == []
    fails = False
    refusals.add(1, 2, "origin", "https://evil.example")
    await asyncio.sleep(0.05)
    assert written == [[(1, 2, "origin", "https://evil.example", 2)]]


async def test_it_forgets_them_after_30_days(api: Api) -> None:
    project = await factories.project(api.pool)
    now = datetime.now(UTC)
    for age in (31, 29):
        await api.pool.execute(
            "insert into refusal values ($1, $2, $3, 'origin', 'https://evil.example', 1)",
            project.account_id, project.id, now - timedelta(days=age),
        )  # fmt: skip
    sql = "select fn.purge_batch('delete old refusals', _account_id => $1)"
    assert await api.pool.fetchval(sql, project.account_id) == 1
