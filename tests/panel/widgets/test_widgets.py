import re

import asyncpg
import pytest

from app.panel.widgets import widgets
from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool


@pytest.fixture
def address(loaded: demo_project.Demo) -> str:
    return f"/projects/demo/widgets/{loaded.widgets['yesno']}"


def keys(text: str) -> list[str]:
    cells = re.findall(r'<th scope="row"><a class="key"[^>]*>(.*?)</a></th>', text, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s", "", each) for each in cells]


async def test_it_lists_placements_by_responses_with_what_was_answered(
    owner: Browser, address: str, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(address)
    rows = await pool.fetch(
        """select c.key, count(*)::text as n, count(*) filter (where f.option_no = 1)::text as yes
        from response as f join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        where f.widget_id = $1::uuid group by c.key order by count(*) desc, c.key""",
        loaded.widgets["yesno"],
    )
    assert keys(owner.text) == [row["key"].removeprefix("https://") for row in rows]
    first = owner.text.partition("<tbody>")[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>(?:<a [^>]*>)?(\d+)<", first)[:2] == [rows[0]["n"], rows[0]["yes"]]


@pytest.mark.parametrize(("search", "count"), [("DOCS", 5), ("acorn.example/docs", 5), ("%", 0), ("<b>\0", 0)])
async def test_it_finds_placements_by_their_keys(owner: Browser, address: str, search: str, count: int) -> None:
    response = await owner.client.get(address, query_string={"q": search})
    text = await response.get_data(as_text=True)
    assert response.status_code == 200
    assert len(keys(text)) == count
    assert ("No page has" in text) == (not count)
    assert "<b>" not in text


async def test_its_fragment_is_the_list_alone_and_names_the_page(owner: Browser, address: str) -> None:
    response = await owner.get(f"{address}/pages?q=docs")
    assert owner.text.lstrip().startswith('<section id="placements"')
    assert response.headers["HX-Replace-Url"] == f"{address}?q=docs"
    assert len(keys(owner.text)) == 5


async def test_it_pages(owner: Browser, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "PAGE", 4)
    visited: list[str] = []
    for page in (1, 2, 3):
        await owner.get(f"{address}?page={page}")
        assert f"11 pages, page {page} of 3" in owner.text
        assert ('rel="prev"' in owner.text, 'rel="next"' in owner.text) == (page > 1, page < 3)
        visited += keys(owner.text)
    assert len(set(visited)) == len(visited) == 11
    await owner.get(f"{address}?page=9")
    assert "There is no page 9." in owner.text
    for odd in ("-1", "x", "0", "99999999999999999999"):
        assert (await owner.get(f"{address}?page={odd}")).status_code == 200


async def test_a_new_widget_says_that_it_has_no_responses(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await pool.fetchval(
        "select fn.create_widget(p.account_id, p.id, 'New <widget>', 'rating') from fn.demo_project($1) as p",
        demo_project.EMAIL,
    )
    await owner.get(f"/projects/demo/widgets/{id}")
    assert "Pages appear after their first response." in owner.text
    await owner.get("/projects/demo")
    assert "No responses in this period." in owner.text


async def test_its_numbers_lead_to_pages_responses_and_trend(
    owner: Browser, address: str, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(address)
    text, widget = owner.text.replace("&amp;", "&"), loaded.widgets["yesno"]
    row = await pool.fetchrow(
        """select c.page_id, count(*) as n from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        where f.widget_id = $1::uuid group by c.page_id, c.key order by 2 desc, c.key limit 1""",
        widget,
    )
    assert row is not None
    page, count = row
    assert f'href="/projects/demo/pages/{page}?widget={widget}"' in text
    assert f'href="/projects/demo/responses?widget={widget}&page={page}">{count}</a>' in text
    assert f'href="/projects/demo/responses?widget={widget}&option=n">No</a>' in text
    assert f'href="/projects/demo?widget={widget}">Over time</a>' in text
    assert "/projects/demo/inbox?widget=" not in text
    await owner.get(f"/projects/demo/widgets/{loaded.widgets['message']}")
    assert f'href="/projects/demo/inbox?widget={loaded.widgets["message"]}">Messages</a>' in owner.text
