"""Why visitors chose an option: on the screens of a page and a widget, and as a filter of every screen."""

import csv
import io
import re

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.reason_demo import ReasonExample, follow_up, reasons

Pool = asyncpg.Pool
RESPONSE = re.compile(r'href="/projects/demo/responses/([0-9a-f-]{36})"')


def query(example: ReasonExample, reason: str = "unclear") -> str:
    """The filter by a reason."""
    return f"widget={example.widget_id}&option={example.option}&reason={reason}"


async def test_a_page_shows_reasons_by_share_with_their_messages(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(f"/projects/demo/pages/{(await follow_up(pool)).page_id}?period=365d")
    assert "No visitor said why in this period." in owner.text
    example = await reasons(pool)
    for path in (f"pages/{example.page_id}?period=365d", f"pages/{example.page_id}/window?period=365d"):
        await owner.get(f"/projects/demo/{path}")
        why = owner.text.partition('id="why"')[2].partition('id="newest"')[0]
        assert re.findall(r"Hard to understand|Out of date|Something else", why) == [
            "Hard to understand",
            "Out of date",
        ]
        assert re.findall(r'<span class="count"[^>]*>(\d+)<', why) == ["4", "2"]
        assert RESPONSE.findall(why)[0] == str(example.unclear[0])
        assert "Which <key> is meant?" in why
    (link,) = [href for href in re.findall(r'href="(/projects/demo/responses\?[^"]+)"', why) if "unclear" in href]
    await owner.get(link.replace("&amp;", "&"))
    assert RESPONSE.findall(owner.text) == [str(id) for id in example.unclear]


async def test_a_widget_shows_its_reasons_of_all_time(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    for path in ("", "/figures"):
        await owner.get(f"/projects/demo/widgets/{example.widget_id}{path}")
        why = owner.text.partition('id="why"')[2].partition('id="newest"')[0]
        assert re.findall(r'<span class="count"[^>]*>(\d+)<', why)[:2] == ["4", "2"]
        assert "Which <key> is meant?" in why


async def test_every_screen_filters_by_a_reason(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    for path in ("", "/responses", "/pages", "/inbox", f"/pages/{example.page_id}", "/exports"):
        response = await owner.get(f"/projects/demo{path}?{query(example)}&period=365d")
        assert response.status_code == 200, path
        assert "<bdi>Hard to understand</bdi>" in owner.text, path
    await owner.get(f"/projects/demo?{query(example)}&period=365d")
    (responses,) = re.findall(r"<dt>Responses</dt>\s*<dd[^>]*><a[^>]*>(\d+)</a>", owner.text)
    assert responses == "4"
    for path in (f"?{query(example)}", f"/newest?{query(example)}", f"/pages/{example.page_id}?{query(example)}"):
        await owner.get(f"/projects/demo{path}")
        assert re.findall(r'<li id="new-([0-9a-f-]{36})"', owner.text) == [str(example.unclear[0])], path
    await owner.get(f"/projects/demo/pages?{query(example)}&period=365d")
    rows = re.findall(r'responses\?[^"]*page=([0-9a-f-]{36})[^"]*">(\d+)</a>', owner.text)
    assert rows[:1] == [(str(example.page_id), "4")]
    await owner.get(f"/projects/demo/responses?{query(example, 'outdated')}")
    assert RESPONSE.findall(owner.text) == [str(id) for id in example.outdated]
    await owner.get(f"/projects/demo/inbox?{query(example)}")
    assert re.findall(r'<li id="m-([0-9a-f-]{36})"', owner.text) == [str(example.unclear[0])]
    await owner.get(f"/projects/demo/inbox?{query(example, 'outdated')}")
    assert re.findall(r'<li id="m-([0-9a-f-]{36})"', owner.text) == []


@pytest.mark.parametrize("kind", ["responses", "days"])
async def test_exports_filter_by_a_reason(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, kind: str
) -> None:
    example = await reasons(pool)
    await owner.get(f"/projects/demo/exports/file?kind={kind}&format=csv&{query(example)}")
    rows = list(csv.DictReader(io.StringIO(owner.text.lstrip("\ufeff"))))
    if kind == "responses":
        assert {row["id"] for row in rows} == {str(id) for id in example.unclear}
    else:
        assert sum(int(row["responses"]) for row in rows) == 4


async def test_a_reason_that_there_is_not_is_a_clear_message(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    for path in ("", "/responses", "/pages", "/inbox", f"/pages/{example.page_id}", "/exports"):
        assert (await owner.get(f"/projects/demo{path}?{query(example, 'nothing')}")).status_code == 404, path
        assert "The option of this filter has no reason “nothing”." in owner.text
    for part in (f"widget={example.widget_id}&reason=unclear", "reason=unclear"):
        assert (await owner.get(f"/projects/demo?{part}")).status_code == 422
        assert "needs the “option”" in owner.text


async def test_another_option_drops_the_reason_of_the_one_before(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await reasons(pool)
    of = f"widget={example.widget_id}&option-of={example.widget_id}"
    for option, is_left in ((example.option, True), ("%2B1", False), ("", False)):
        path = f"/projects/demo/responses/listing?{of}&option={option}&reason-of={example.option}&reason=unclear"
        response = await owner.get(path)
        assert response.status_code == 200
        assert ("reason=unclear" in response.headers["HX-Push-Url"]) == is_left
