import json
import re
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.panel.projects.trend import spark
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.citus import at_once

Pool = asyncpg.Pool
LIST = """
select c.* from fn.demo_project($1) as p,
    fn.page_list(
        p.account_id, p.id, $2, _widget_id => $4, _text => $5, _sort => $3, _is_rising => $6, _limit => 1000
    ) as c
"""
ROW = re.compile(r'<a class="key" href="/projects/demo/pages/([0-9a-f-]{36})')


async def page_rows(
    pool: "Pool[asyncpg.Record]",
    sort: str = "responses",
    *,
    period: str = "30d",
    widget_id: str | None = None,
    text: str = "",
    is_rising: bool = False,
) -> list[Any]:
    return await pool.fetch(LIST, demo_project.EMAIL, period, sort, widget_id, text, is_rising)


@pytest.mark.parametrize("days", [7, 30, 90, 365])
async def test_a_page_is_one_row_with_the_responses_of_all_widgets(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, days: int
) -> None:
    rows = await pool.fetch(
        """select c.page_id, count(*) filter (where f.counted_on > d - $1::integer) as responses,
            count(*) filter (where f.counted_on > d - $1::integer and f.created_at < h) as compared,
            count(*) filter (
                where f.counted_on > d - $1::integer - $2::integer and f.created_at < h - $2 * interval '1 day'
            ) as before,
            count(f.id) as ever
        from placement as c left join response as f on f.account_id = c.account_id and f.placement_id = c.id cross join
            (select (now() at time zone 'UTC')::date as d) as today cross join
            (select counted_until as h from project_roll) as hour
        group by c.page_id""",
        days, {7: 7, 30: 35, 90: 91, 365: 371}[days],
    )  # fmt: skip
    counts = {
        # The demo has 90 days: 90 days and a year cannot be compared.
        row["page_id"]: (row["responses"], row["compared"], row["before"] if days < 90 else None, row["ever"])
        for row in rows
    }
    listing = await page_rows(pool, period=f"{days}d")
    assert {row["id"]: (row["responses"], row["compared"], row["before"], row["ever"]) for row in listing} == counts
    assert {row["row_count"] for row in listing} == {len(counts)}
    for row in listing:
        assert sum(each["responses"] for each in json.loads(row["widgets_json"])) == row["responses"]
        assert sum(row["trend"] or []) == row["responses"]


async def test_it_sorts(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    for sort in ("responses", "unhappy"):
        for is_rising in (False, True):
            values = [row[sort] for row in await page_rows(pool, sort, is_rising=is_rising)]
            assert values == sorted(values, reverse=not is_rising)
    best = await page_rows(pool, "score", widget_id=loaded.widgets["rating"])
    worst = await page_rows(pool, "score", widget_id=loaded.widgets["rating"], is_rising=True)
    assert best[0]["sentiment"] > worst[0]["sentiment"]
    assert best[0]["id"] == worst[-1]["id"]


async def test_pages_of_several_sites_lead_to_those_of_theirs(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    at = "/projects/demo/pages"
    await owner.get(at)
    assert "origin=" not in owner.text
    id = await pool.fetchval("select id from page where key like 'https://%' limit 1")
    await pool.execute("update page set key = 'https://two.example:8443/a' where id = $1", id)
    await owner.get(f"{at}?period=30d&sort=unhappy")
    (link,) = re.findall(r'href="([^"]+origin=https%3A%2F%2Ftwo[^"]+)"', owner.text)
    await owner.get(link)
    assert (ROW.findall(owner.text), "sort=unhappy" in link) == ([str(id)], True)
    await owner.get(f"{at}/{id}")
    (link,) = re.findall(r'href="([^"]+)">All pages of this site', owner.text)
    await owner.get(link)
    assert ROW.findall(owner.text) == [str(id)]


def test_a_small_line_ends_today() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    numbers = [*[5] * 10, *[0] * 5]  # parts of two days
    assert spark(numbers, first, last, date(2026, 11, 20)).count("L") == 9
    assert spark(numbers, first, last, date(2026, 11, 21)).count("L") == 10
    assert spark(numbers, first, last, date(2027, 1, 1)).count("L") == 14
    assert spark(numbers, first, last, date(2026, 11, 1)).count("L") == 0


@pytest.mark.parametrize("sort", ["responses", "unhappy", "change", "score", "newest"])
async def test_a_part_of_the_list_has_the_order_of_all(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, sort: str
) -> None:
    first = (await page_rows(pool, sort))[0]
    await pool.execute("update page set archived_at = now() where id = $1", first["id"])
    listing = await page_rows(pool, sort)
    assert first["id"] not in {row["id"] for row in listing}
    part = LIST.replace("_limit => 1000", "_limit => 3, _offset => $7")
    for offset in range(0, len(listing) + 3, 3):
        rows = await pool.fetch(part, demo_project.EMAIL, "30d", sort, None, "", False, offset)
        assert [tuple(row) for row in rows] == [tuple(row) for row in listing[offset : offset + 3]]
    if sort == "responses":
        assert [row["responses"] for row in listing] == sorted((row["responses"] for row in listing), reverse=True)


async def test_it_filters_and_pages(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    await pool.execute(
        """select fn.create_placements(
            array_fill(w.account_id, array[30]), array_fill(w.id, array[30]),
            array(select 'https://acorn.example/more/' || n from generate_series(1, 30) as n), 10000
        ) from widget as w where w.type = 'pulse'"""
    )
    everything = await page_rows(pool)
    assert len(everything) > 30
    rows = await page_rows(pool, widget_id=loaded.widgets["pulse"], text="DOCS")
    assert rows
    assert all("/docs" in row["key"] for row in rows)
    ids = []
    for page in (1, 2):
        await owner.get(f"/projects/demo/pages?page={page}")
        ids += ROW.findall(owner.text)
    assert ids == [str(row["id"]) for row in everything[:50]]
    response = await owner.get("/projects/demo/pages/listing?q=docs&sort=score&order=rising&period=7d")
    assert response.headers["HX-Push-Url"] == "/projects/demo/pages?period=7d&q=docs&sort=score&order=rising"
    assert owner.text.strip().startswith('<section id="pages"')
    for query, message in (("q=nothing-like-that", "No matches"), ("page=9", "There is no page 9")):
        await owner.get(f"/projects/demo/pages?{query}")
        assert message in owner.text
    assert (await owner.get("/projects/demo/pages?widget=1")).status_code == 422
    response = await owner.get(f"/projects/demo/pages?page={ids[0]}&period=7d")
    assert (response.status_code, response.headers["Location"]) == (303, f"/projects/demo/pages/{ids[0]}?period=7d")


async def test_a_widget_says_its_figure_in_its_own_unit(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    key = (await page_rows(pool))[0]["key"]
    await owner.get(f"/projects/demo/pages?q={key.partition('example')[2]}")
    text = re.sub(r"<[^>]+>|\s+", " ", owner.text)
    assert re.search(r"\d+ % (yes|positive)", text)
    assert re.search(r"\d\.\d ★", text) or re.search(r"NPS [+−]\d+", text) or re.search(r"\d+ likes?", text)
    assert "%D" not in text


async def test_a_page_is_decoded_and_named_by_its_title(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = (await page_rows(pool))[0]
    key = "https://acorn.example/%D8%AF%D9%84%D9%8A%D9%84"
    account, project = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    await pool.execute("select fn.rename_page($1, $2, $3, $4)", account, project, row["id"], key)
    await pool.execute("select fn.retitle_page($1, $2, $3, $4)", account, project, row["id"], "دليل <b>التثبيت</b>")
    response = await owner.client.get("/projects/demo/pages")
    text = await response.get_data(as_text=True)
    assert "دليل &lt;b&gt;التثبيت&lt;/b&gt;" in text
    assert ">/دليل<" in text
    await owner.get(f"/projects/demo/pages/{row['id']}")
    assert f"from {row['key']} to {key}" in re.sub(r"<[^>]+>", "", owner.text)
    (time,) = re.findall(r'Renamed <time[^>]+ title="([^"]+)">[^<]+</time> from', owner.text)
    assert time


async def test_a_page_has_its_own_screen(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = (await page_rows(pool, period="90d"))[0]
    path = f"/projects/demo/pages/{row['id']}"
    for query in ("", "?period=7d", "?period=90d", "?period=24h", "?period=today", "?from=2026-01-01&to=2026-03-01"):
        assert (await owner.get(path + query)).status_code == 200
        assert (await owner.get(f"{path}/window{query}")).status_code == 200
    response = await owner.get(f"{path}/window?period=90d")
    assert response.headers["HX-Push-Url"] == f"{path}?period=90d"
    assert f">{row['responses']:,}</a>" in owner.text
    names = await pool.fetch(
        "select s.name from placement as c"
        " join widget as s on s.account_id = c.account_id and s.id = c.widget_id where c.page_id = $1",
        row["id"],
    )
    assert all(f">{name}</a></h3>" in owner.text for (name,) in names)
    assert (await owner.get(f"{path}?period=nothing")).status_code == 422
    assert (await owner.get("/projects/demo/pages/01a03d6d-0000-7000-8000-000000000000")).status_code == 404


async def test_a_placement_is_its_page_filtered_by_its_widget(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await pool.fetchrow("select * from placement order by id limit 1")
    response = await owner.get(f"/projects/demo/placements/{placement['id']}?window=7d")
    address = f"/projects/demo/pages/{placement['page_id']}?period=7d&widget={placement['widget_id']}"
    assert (response.status_code, response.headers["Location"]) == (303, address)
    await owner.get(address)
    assert owner.text.count('<h3><a href="/projects/demo/pages/') == 1
    assert "remove this filter" in owner.text


@at_once
async def test_it_renames_archives_unarchives_and_deletes(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    placement = await pool.fetchrow("select * from placement order by id limit 1")
    path = f"/projects/demo/pages/{placement['page_id']}"
    await owner.get(path)
    response = await owner.post(f"{path}/rename", {"page": "https://acorn.example/relocated"})
    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert (await owner.post(f"{path}/rename", {"page": ""})).status_code == 422
    other = await pool.fetchval("select key from page where id <> $1 limit 1", placement["page_id"])
    assert (await owner.post(f"{path}/rename", {"page": other})).status_code == 409
    await owner.post(f"{path}/archive", {})
    await owner.get(path)
    assert "archived</span>" in owner.text
    await owner.get("/projects/demo/pages?archived=yes")
    assert "/relocated" in owner.text
    await owner.get("/projects/demo/pages?q=relocated")
    assert "No matches" in owner.text
    await owner.get(path)
    await owner.post(f"{path}/unarchive", {})
    await owner.get("/projects/demo/pages?q=relocated")
    assert f'href="{path}"' in owner.text
    await owner.get(path)
    await owner.post(f"/projects/demo/placements/{placement['id']}/delete", {})
    assert await pool.fetchval("select count(*) from placement where id = $1", placement["id"]) == 0


async def test_a_viewer_is_offered_no_change(
    teammate: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await teammate.get(f"/projects/demo/pages/{await pool.fetchval('select id from page limit 1')}")
    assert "Rename" not in teammate.text
    assert "Delete" not in teammate.text


async def test_a_stranger_sees_no_page(stranger: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await pool.fetchval("select id from page limit 1")
    for path in ("/pages", f"/pages/{id}", f"/pages/{id}/window", "/pages/listing"):
        assert (await stranger.get(f"/projects/demo{path}")).status_code == 404
