import json
import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
ROW = re.compile(r'href="/projects/demo/responses/([0-9a-f-]{36})"')
LIST = """
select f.id::text from fn.demo_project($1) as p, fn.project_responses(p.account_id, p.id, _limit => 100000{}) as f
"""


async def response_ids(pool: "Pool[asyncpg.Record]", arguments: str = "") -> list[str]:
    return [row[0] for row in await pool.fetch(LIST.format(arguments and f", {arguments}"), demo_project.EMAIL)]


async def test_every_response_is_listed_newest_first(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    rows = [row[0] for row in await pool.fetch("select id::text from response order by id desc")]
    assert len(rows) > 1000
    assert await response_ids(pool) == rows


FILTERS = {
    "_widget_id => '{widget}'": "widget_id = '{widget}'",
    "_placement_id => '{placement}'": "placement_id = '{placement}'",
    "_widget_id => '{widget}', _option => '{down}'": "widget_id = '{widget}' and option_no = 2",
    "_from => '{first}', _to => '{last}'": "counted_on between '{first}' and '{last}'",
    "_before_id => '{middle}'": "id < '{middle}'",
    "_text => 'the DOCS'": "WROTE like '%the docs%'",
    "_text => '%'": "WROTE like '%\\%%'",
    "_text => 'rosa@example.com'": "WROTE like '%rosa@example.com%'",
    "_sentiment => 'positive'": "JUDGED > 0",
    "_sentiment => 'unhappy'": "JUDGED < 0",
    "_widget_id => '{widget}', _sentiment => 'unhappy'": "widget_id = '{widget}' and JUDGED < 0",
    "_placement_id => '{placement}', _sentiment => 'positive'": "placement_id = '{placement}' and JUDGED > 0",
    "_text => 'a', _sentiment => 'unhappy'": "JUDGED < 0 and WROTE like '%a%'",
    "_text => 'a', _before_id => '{middle}'": "id < '{middle}' and WROTE like '%a%'",
}
WROTE = """case when body is not null or fields is not null then
    lower(concat_ws(chr(10), body, fields::text, context ->> '$user')) end"""
JUDGED = """(select o.weight from option as o join widget as w on w.account_id = o.account_id and w.id = o.widget_id
    where o.account_id = response.account_id and o.widget_id = response.widget_id and o.no = response.option_no
        and w.type not in ('pulse', 'message', 'form'))"""


@pytest.mark.parametrize("arguments", FILTERS)
async def test_it_filters(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, arguments: str) -> None:
    values = await pool.fetchrow(
        """select s.id as widget,
            (select value from option as o where o.account_id = s.account_id and o.widget_id = s.id and no = 2) as down,
            (select id from placement as c where c.account_id = s.account_id and c.widget_id = s.id limit 1)
                as placement,
            (select id from response as r where r.account_id = s.account_id order by id desc offset 500 limit 1)
                as middle,
            current_date - 20 as first, current_date - 10 as last
        from widget as s where type = 'updown'"""
    )
    ids = await response_ids(pool, arguments.format(**dict(values)))
    where = FILTERS[arguments].format(**dict(values)).replace("WROTE", WROTE).replace("JUDGED", JUDGED)
    rows = await pool.fetch(f"select id::text from response where {where} order by id desc")
    assert ids == [row[0] for row in rows]
    assert ids or arguments == "_text => '%'"


async def test_it_searches_the_address_that_came_with_a_message(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    id = await pool.fetchval(
        """update response set contact = 'Ada@site.example'
        where id = (select id from response where body is not null order by id limit 1) returning id::text"""
    )
    assert await response_ids(pool, "_text => 'ada@SITE'") == [id]


async def test_a_zone_that_changes_hides_none(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    before = await response_ids(pool)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        await pool.execute(
            "select fn.update_project(account_id, id, jsonb_build_object('time_zone', $1::text)) from project", zone
        )
        assert set(await response_ids(pool)) == set(before)


async def test_pages_go_on_where_the_last_one_ended(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    rows = [row[0] for row in await pool.fetch("select id::text from response order by id desc limit 120")]
    path, ids = "/projects/demo/responses", []
    for _ in range(3):
        assert (await owner.get(path)).status_code == 200
        ids += ROW.findall(owner.text)
        (older,) = re.findall(r'href="([^"]+before=[^"]+)"', owner.text)
        path = older
    assert ids[:120] == rows
    assert len(ids) == 150
    response = await owner.get(path.replace("/responses?", "/responses/listing?"))
    assert response.headers["HX-Push-Url"] == path
    assert owner.text.strip().startswith('<section id="responses"')


@pytest.mark.parametrize(
    "query", ["widget=1", "placement=x", "sentiment=glad", "from=2026-13-01", "to=never", "before=%00"]
)
async def test_it_says_what_is_wrong_with_a_filter(owner: Browser, loaded: demo_project.Demo, query: str) -> None:
    for part in ("", "/listing"):
        assert (await owner.get(f"/projects/demo/responses{part}?{query}")).status_code == 422


async def test_numbers_of_a_sentiment_lead_to_its_responses(owner: Browser, loaded: demo_project.Demo) -> None:
    count = 0
    for path in ("pages?period=30d&sort=unhappy", "?period=7d", "?period=24h"):
        await owner.get(f"/projects/demo/{path}".replace("/?", "?"))
        links = re.findall(r'href="([^"]*sentiment=unhappy[^"]*)">(?:<strong>)?([0-9,]+)', owner.text)
        assert "sentiment=positive" in owner.text or path.startswith("pages")
        for link, number in links:
            if int(number.replace(",", "")) <= 50:
                await owner.get(link)
                assert (len(ROW.findall(owner.text)), "Sentiment:" in owner.text) == (int(number), True), link
                await owner.get(link.replace("/responses?", "/exports/file?kind=responses&format=jsonl&"))
                assert "period=24h" in link or len(owner.text.strip().splitlines()) == int(number)
                count += 1
    assert count > 3


async def test_an_empty_list_offers_to_clear_filters(owner: Browser, loaded: demo_project.Demo) -> None:
    for query in ("q=nothing+like+that", "from=2031-01-01"):
        await owner.get(f"/projects/demo/responses?{query}")
        assert "No matches." in owner.text
    nothing = "01a03d6d-0000-7000-8000-000000000000"
    assert (await owner.get(f"/projects/demo/responses?widget={nothing}")).status_code == 404
    assert "The widget of this filter does not exist" in owner.text


async def message(pool: "Pool[asyncpg.Record]") -> Any:
    return await pool.fetchrow(
        """select f.*, s.project_id from response as f
        join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where s.type = 'tagged' and f.body is not null order by f.id desc limit 1"""
    )


async def test_a_response_shows_its_edit_history(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    for body in ("First <b>thought</b>", "Second thought", "Second thought", "Third thought"):
        await pool.execute(
            "select fn.update_response($1, $2, $3, $4, null, clock_timestamp())",
            row["account_id"], row["id"], row["option_no"], body,
        )  # fmt: skip
    response = await owner.client.get(f"/projects/demo/responses/{row['id']}")
    text = await response.get_data(as_text=True)
    words = re.findall(r'<p class="words">(.*?)</p>', text)
    assert words[:3] == ["Third thought", "Second thought", "First &lt;b&gt;thought&lt;/b&gt;"]
    assert len(words) == 4
    assert len(re.findall("until ", text)) == 3


async def test_a_response_shows_its_reasons_and_contact(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    option = await pool.fetchval(
        "select value from option where widget_id = $1 and no = $2", row["widget_id"], row["option_no"]
    )
    items = [{"option": option, "question": "Why?", "contact": True, "reasons": [{"value": "a", "label": "Too long"}]}]
    await pool.execute(
        "select fn.update_follow_ups($1, $2, $3, $4::text::jsonb)",
        row["account_id"], row["project_id"], row["widget_id"], json.dumps(items),
    )  # fmt: skip
    assert "Reasons" not in (await owner.get(f"/projects/demo/responses/{row['id']}") and owner.text)
    await pool.execute(
        "select fn.grow_response($1, $2, '{reasons,contact}', null, null, null, '{a}', 'ada@world.example')",
        row["account_id"], row["id"],
    )  # fmt: skip
    await owner.get(f"/projects/demo/responses/{row['id']}")
    assert "<dt>Reasons</dt><dd>Too long</dd>" in owner.text
    assert "<dt>Contact</dt><dd>ada@world.example</dd>" in owner.text


async def test_edits_are_kept_up_to_a_bound_and_go_with_the_response(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    for n in range(60):
        await pool.execute(
            "select fn.update_response($1, $2, $3, $4, null, now() + $5)",
            row["account_id"], row["id"], row["option_no"], f"Edit {n}", timedelta(seconds=n),
        )  # fmt: skip
    assert await pool.fetchval("select count(*) from response_edit") == 50
    await pool.execute("select fn.delete_response($1, $2)", row["account_id"], row["id"])
    assert await pool.fetchval("select count(*) from response_edit") == 0


async def test_one_is_deleted(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    row = await message(pool)
    ever = await pool.fetchval("select sum(count) from tally")
    await owner.get(f"/projects/demo/responses/{row['id']}")
    response = await owner.post(f"/projects/demo/responses/{row['id']}/delete", {})
    assert (response.status_code, response.headers["Location"]) == (303, "/projects/demo/responses?deleted=1")
    await owner.get(response.headers["Location"])
    assert "1 response deleted" in re.sub(r"\s+", " ", owner.text)
    assert await pool.fetchval("select sum(count) from tally") == ever - 1
    assert await pool.fetchval("select count(*) from audit where what = 'response.deleted'") == 1
    assert (await owner.get(f"/projects/demo/responses/{row['id']}")).status_code == 404
    assert (await owner.post(f"/projects/demo/responses/{row['id']}/delete", {})).status_code == 404


async def test_all_of_a_visitor_are_deleted(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    await pool.execute(
        """update response set visitor = $1
        where id in (select id from response where widget_id <> $2 order by id desc limit 4)""",
        row["visitor"], row["widget_id"],
    )  # fmt: skip
    theirs = await pool.fetchval("select count(*) from response where visitor = $1", row["visitor"])
    assert theirs >= 5
    await owner.get(f"/projects/demo/responses/{row['id']}")
    response = await owner.post(f"/projects/demo/responses/{row['id']}/delete-visitor", {})
    assert response.headers["Location"] == f"/projects/demo/responses?deleted={theirs}"
    assert await pool.fetchval("select count(*) from response where visitor = $1", row["visitor"]) == 0
    entry = await pool.fetchrow("select about, details::text from audit where what = 'visitor.deleted'")
    assert tuple(entry) == ("Acorn", f'{{"responses": {theirs}}}')


async def test_a_response_without_visitor_cannot_be_linked_to_one(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    await pool.execute("update response set visitor = null where id = $1", row["id"])
    await owner.get(f"/projects/demo/responses/{row['id']}")
    assert "delete-visitor" not in owner.text
    response = await owner.post(f"/projects/demo/responses/{row['id']}/delete-visitor", {})
    assert response.status_code == 422


async def test_a_viewer_is_offered_no_deletion(
    teammate: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    row = await message(pool)
    await teammate.get(f"/projects/demo/responses/{row['id']}")
    assert "Delete" not in teammate.text
    assert (await teammate.post(f"/projects/demo/responses/{row['id']}/delete", {})).status_code == 403


async def test_a_filter_that_fits_nothing_is_explained(owner: Browser, loaded: demo_project.Demo) -> None:
    for path in ("/projects/demo/responses", "/projects/demo/exports"):
        assert (await owner.get(f"{path}?from=2026-05-02&to=2026-05-01")).status_code == 422
        assert "The range ends before it begins." in owner.text
        assert (await owner.get(f"{path}?option=y")).status_code == 422
        assert "needs the “widget” that it is of" in owner.text
    # Without JavaScript the form still sends the option of the widget that was taken out.
    query = f"widget=&option-of={loaded.widgets['yesno']}&option=y"
    assert (await owner.get(f"/projects/demo/responses?{query}")).status_code == 200
