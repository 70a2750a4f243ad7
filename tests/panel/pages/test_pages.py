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


async def project_rows(
    pool: "Pool[asyncpg.Record]",
    sort: str = "responses",
    *,
    days: int = 30,
    widget_id: str | None = None,
    text: str = "",
    is_rising: bool = False,
) -> list[Any]:
    return await pool.fetch(LIST, demo_project.EMAIL, days, widget_id, text, sort, is_rising)


@pytest.mark.parametrize("days", [7, 30, 90, 365])
async def test_it_counts_what_the_rows_say(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, days: int) -> None:
    rows = await pool.fetch(
        """select c.id, count(*) filter (where f.counted_on > d - $1::integer) as responses,
            count(*) filter (where f.counted_on > d - $1::integer and f.created_at < h) as compared,
            count(*) filter (
                where f.counted_on > d - $1::integer - $2::integer and f.created_at < h - $2 * interval '1 day'
            ) as before,
            count(f.id) as ever
        from placement as c left join response as f on f.placement_id = c.id cross join
            (select (now() at time zone 'UTC')::date as d) as today cross join
            (select counted_until as h from project_roll) as hour
        group by c.id""",
        days, {7: 7, 30: 35, 90: 91, 365: 371}[days],
    )  # fmt: skip
    counts = {
        # The demo has 90 days: 90 days and a year cannot be compared.
        row["id"]: (row["responses"], row["compared"], row["before"] if days < 90 else None, row["ever"])
        for row in rows
    }
    listing = await project_rows(pool, days=days)
    assert {row["id"]: (row["responses"], row["compared"], row["before"], row["ever"]) for row in listing} == counts
    assert {row["row_count"] for row in listing} == {len(counts)}


async def test_it_sorts(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    for sort, value in (
        ("responses", lambda row: row["responses"]),
        ("change", lambda row: row["compared"] - row["before"]),
    ):
        for is_rising in (False, True):
            values = [value(row) for row in await project_rows(pool, sort, is_rising=is_rising)]
            assert values == sorted(values, reverse=not is_rising)
    best = await project_rows(pool, "score", widget_id=loaded.widgets["rating"])
    worst = await project_rows(pool, "score", widget_id=loaded.widgets["rating"], is_rising=True)
    assert best[0]["sentiment"] > 0.5 > worst[0]["sentiment"]
    assert best[0]["id"] == worst[-1]["id"]


async def test_it_filters_and_pages(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    everything = await project_rows(pool)
    assert len(everything) > 50
    rows = await project_rows(pool, widget_id=loaded.widgets["pulse"], text="DOCS")
    assert rows
    assert all("/docs" in row["key"] and row["type"] == "pulse" for row in rows)
    ids = []
    for page in (1, 2):
        await owner.get(f"/projects/demo/pages?page={page}")
        ids += re.findall(r'<a class="key" href="/projects/demo/placements/([0-9a-f-]{36})"', owner.text)
    assert ids == [str(row["id"]) for row in everything]
    response = await owner.get("/projects/demo/pages/listing?q=docs&sort=score&order=rising&window=7d")
    assert response.headers["HX-Push-Url"] == "/projects/demo/pages?q=docs&window=7d&sort=score&order=rising"
    assert owner.text.strip().startswith('<section id="placements"')
    for query, message in (("q=nothing-like-that", "No matches"), ("page=9", "There is no page 9")):
        await owner.get(f"/projects/demo/pages?{query}")
        assert message in owner.text
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
        assert (await owner.get(f"/projects/demo/placements/{row['id']}{query}")).status_code == 200
        assert (await owner.get(f"/projects/demo/placements/{row['id']}/window{query}")).status_code == 200
    await owner.get(f"/projects/demo/placements/{row['id']}/window?window=90d")
    assert f"{row['responses']:,} responses" in owner.text
    assert (await owner.get(f"/projects/demo/placements/{row['id']}?window=nothing")).status_code == 422


async def a_placement(pool: "Pool[asyncpg.Record]") -> Any:
    return await pool.fetchrow("select * from placement order by id limit 1")


async def test_it_renames_archives_unarchives_and_deletes(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await a_placement(pool)
    path, page = f"/projects/demo/placements/{placement['id']}", f"/projects/demo/pages/{placement['page_id']}"
    await owner.get(path)
    back = {"placement": str(placement["id"])}
    response = await owner.post(f"{page}/rename", {**back, "page": "https://acorn.example/relocated"})
    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert (await owner.post(f"{page}/rename", {"page": ""})).status_code == 422
    other = await pool.fetchval("select key from page where id <> $1 limit 1", placement["page_id"])
    assert (await owner.post(f"{page}/rename", {"page": other})).status_code == 409
    await owner.post(f"{page}/archive", back)
    await owner.get(path)
    assert "archived</span>" in owner.text
    await owner.get("/projects/demo/pages?archived=yes")
    assert "/relocated" in owner.text
    await owner.get("/projects/demo/pages?q=relocated")
    assert "No matches" in owner.text
    await owner.get(path)
    await owner.post(f"{page}/unarchive", back)
    await owner.get("/projects/demo/pages?q=relocated")
    assert f'href="{path}"' in owner.text
    await owner.post(f"{path}/delete", {})
    assert (await owner.get(path)).status_code == 404


async def test_a_viewer_is_offered_no_change(
    teammate: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await a_placement(pool)
    await teammate.get(f"/projects/demo/placements/{placement['id']}")
    assert "Rename" not in teammate.text
    assert "Delete" not in teammate.text
