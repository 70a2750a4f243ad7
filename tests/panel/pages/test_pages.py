import re
from typing import Any

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
LIST = """
select c.* from fn.demo_project($1) as p,
    fn.project_placements(p.account_id, p.id, $2, $3, $4, $5, $6, false, 1000, 0) as c
"""


async def listed(
    pool: "Pool[asyncpg.Record]", sort: str = "responses", *, days: int = 30, set: str | None = None, text: str = "",
    is_rising: bool = False,
) -> list[Any]:  # fmt: skip
    return await pool.fetch(LIST, demo_project.EMAIL, days, set, text, sort, is_rising)


@pytest.mark.parametrize("days", [7, 30, 90, 365])
async def test_it_counts_what_the_rows_say(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, days: int) -> None:
    rows = await pool.fetch(
        """select c.id, count(*) filter (where f.counted_on > d - $1::integer) as responses,
            count(*) filter (where f.counted_on > d - 2 * $1::integer and f.counted_on <= d - $1::integer) as before,
            count(f.id) as ever
        from placement as c left join response as f on f.placement_id = c.id cross join
            (select (now() at time zone 'UTC')::date as d) as today
        group by c.id""",
        days,
    )
    wanted = {row["id"]: (row["responses"], row["before"], row["ever"]) for row in rows}
    found = await listed(pool, days=days)
    assert {row["id"]: (row["responses"], row["before"], row["ever"]) for row in found} == wanted
    assert {row["found"] for row in found} == {len(wanted)}


async def test_it_sorts(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    for sort, value in (
        ("responses", lambda row: row["responses"]),
        ("change", lambda row: row["responses"] - row["before"]),
    ):
        for is_rising in (False, True):
            values = [value(row) for row in await listed(pool, sort, is_rising=is_rising)]
            assert values == sorted(values, reverse=not is_rising)
    best = await listed(pool, "score", set=loaded.widgets["rating"])
    worst = await listed(pool, "score", set=loaded.widgets["rating"], is_rising=True)
    assert best[0]["sentiment"] > 0.5 > worst[0]["sentiment"]
    assert best[0]["id"] == worst[-1]["id"]


async def test_it_filters_and_pages(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    everything = await listed(pool)
    assert len(everything) > 50
    found = await listed(pool, set=loaded.widgets["pulse"], text="DOCS")
    assert found
    assert all("/docs" in row["key"] and row["type"] == "pulse" for row in found)
    ids = []
    for page in (1, 2):
        await owner.get(f"/projects/demo/pages?page={page}")
        ids += re.findall(r'<a class="key" href="/projects/demo/pages/([0-9a-f-]{36})"', owner.text)
    assert ids == [str(row["id"]) for row in everything]
    response = await owner.get("/projects/demo/pages/listing?q=docs&sort=score&order=rising&window=7d")
    assert response.headers["HX-Push-Url"] == "/projects/demo/pages?q=docs&window=7d&sort=score&order=rising"
    assert owner.text.strip().startswith('<section id="pages"')
    for query, told in (("q=nothing-like-that", "No page is like that"), ("page=9", "There is no page 9")):
        await owner.get(f"/projects/demo/pages?{query}")
        assert told in owner.text
    assert (await owner.get("/projects/demo/pages?widget=1")).status_code == 422


@pytest.mark.parametrize("type", ["pulse", "rating", "reaction", "form"])
async def test_a_placement_has_its_own_page(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, type: str
) -> None:
    row = await pool.fetchrow(
        """select c.id, count(*) filter (where f.counted_on > (now() at time zone 'UTC')::date - 90) as responses
        from placement as c join response as f on f.placement_id = c.id where c.widget_id = $1
        group by c.id order by count(*) desc limit 1""",
        loaded.widgets[type],
    )
    for query in ("", "?window=7d", "?window=90d", "?window=24h", "?from=2026-01-01&to=2026-03-01"):
        assert (await owner.get(f"/projects/demo/pages/{row['id']}{query}")).status_code == 200
        assert (await owner.get(f"/projects/demo/pages/{row['id']}/window{query}")).status_code == 200
    await owner.get(f"/projects/demo/pages/{row['id']}/window?window=90d")
    assert f"{row['responses']:,} responses" in owner.text
    assert (await owner.get(f"/projects/demo/pages/{row['id']}?window=nothing")).status_code == 422


async def a_placement(pool: "Pool[asyncpg.Record]") -> Any:
    return await pool.fetchrow("select * from placement order by id limit 1")


async def test_it_renames_archives_restores_and_deletes(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await a_placement(pool)
    path = f"/projects/demo/pages/{placement['id']}"
    await owner.get(path)
    response = await owner.post(f"{path}/key", {"key": "https://acorn.example/relocated"})
    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert (await owner.post(f"{path}/key", {"key": ""})).status_code == 422
    taken = await pool.fetchval(
        "select key from placement where widget_id = $1 and id <> $2", placement["widget_id"], placement["id"]
    )
    assert (await owner.post(f"{path}/key", {"key": taken})).status_code == 409
    await owner.post(f"{path}/archive", {})
    await owner.get(path)
    assert "archived: it takes no responses" in owner.text
    await owner.get("/projects/demo/pages?archived=yes")
    assert "/relocated" in owner.text
    await owner.get("/projects/demo/pages?q=relocated")
    assert "No page is like that" in owner.text
    await owner.get(path)
    await owner.post(f"{path}/unarchive", {})
    await owner.get("/projects/demo/pages?q=relocated")
    assert "1 page" in owner.text
    await owner.post(f"{path}/delete", {})
    assert (await owner.get(path)).status_code == 404


async def test_a_viewer_is_offered_no_change(
    teammate: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await a_placement(pool)
    await teammate.get(f"/projects/demo/pages/{placement['id']}")
    assert "Rename" not in teammate.text
    assert "Delete" not in teammate.text
