"""The editor of a widget: rows, texts, look, errors at their fields; what the snippet makes of them."""

import html
import json
import re

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.editor import AT, edit

Pool = asyncpg.Pool


def labels(owner: Browser) -> list[str]:
    return re.findall(r'name="label-\d+" value="([^"]*)"', owner.raw)


async def test_options_are_added_moved_and_removed_without_javascript(
    owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=feeling")
    assert labels(owner) == ["Happy", "Neutral", "Sad"]
    await edit(owner, AT, "option-add", name="My question")
    await edit(owner, AT, "option-up-3", **{"label-3": "Größer & besser"})
    assert [html.unescape(each) for each in labels(owner)] == ["Happy", "Neutral", "Größer & besser", "Sad"]
    assert 'id="option-up-2"' in owner.raw
    assert re.search(r'id="option-up-2"[^>]* autofocus', owner.raw)
    await edit(owner, AT, "option-remove-0")
    for nonsense in ("option-up-99", "option-remove-x", "language-add-<b>", "nothing"):
        await edit(owner, AT, nonsense)
    assert await pool.fetchval("select count(*) from widget where name = 'My question'") == 0
    response = await owner.post(AT, owner.form(AT))
    assert response.status_code == 303, owner.text
    rows = await pool.fetch(
        """select o.value, o.label from option as o
        join widget as w on w.account_id = o.account_id and w.id = o.widget_id
        where w.name = 'My question' order by o.position"""
    )
    assert [tuple(row) for row in rows] == [
        ("neutral", "Neutral"), ("grosser-besser", "Größer & besser"), ("sad", "Sad"),
    ]  # fmt: skip


async def test_fields_are_added_moved_and_removed(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/new?type=form")
    await edit(owner, AT, "field-add")
    await edit(owner, AT, "field-up-2", **{"title-2": "Your name"})
    await edit(owner, AT, "field-remove-0")
    assert (await owner.post(AT, {**owner.form(AT), "name": "My form"})).status_code == 303
    fields = json.loads(await pool.fetchval("select fields::text from widget where name = 'My form'"))
    assert [(field["name"], field["label"]) for field in fields] == [("your_name", "Your name"), ("message", "Message")]


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("name", "", "Enter the question."),
        ("name", "Was this helpful?", "already has a widget"),
        ("weight-1", "heavy", "Weight must be a number, not heavy."),
        ("weight-1", "2", "Weight must be between −1 and 1, not 2."),
        ("radius", "99", "Corners must be 0 to 40 pixels."),
        ("size", "huge", "Text size must be a number, not huge."),
    ],
)
async def test_an_error_is_at_its_field(owner: Browser, field: str, text: str, message: str) -> None:
    await owner.get(f"{AT}/new?type=reaction")
    response = await owner.post(AT, {**owner.form(AT), "name": "Mine", field: text})
    assert response.status_code in (409, 422)
    assert re.search(rf'id="{field}-error"[^>]*>[^<]*{re.escape(message)}', owner.text)
    tag = re.search(rf'<input[^>]* name="{field}"[^>]*>', owner.raw)
    assert tag
    assert f'aria-describedby="{field}-error"' in tag[0]
    assert " autofocus" in tag[0]
    assert html.unescape(tag[0]).count(f'value="{text}"') == 1


async def test_colors_and_texts_reach_the_snippet(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    id = loaded.widgets["yesno"]
    at = f"{AT}/{id}/settings"
    await owner.get(at)
    await edit(owner, at, "language-add-de")
    form = {
        **owner.form(at), "own_accent": "on", "accent": "#AA3366", "radius": "12", "text::sent": "Thanks!",
        "text:de:label": "War das hilfreich?", "text:de:sent": "Danke!", "text:de:option:y": "Ja",
    }  # fmt: skip
    assert (await owner.post(at, form)).status_code == 303
    await owner.get(f"/projects/demo/integrate?widget={id}")
    code = dict(re.findall(r'<code id="snippet-(\w+)">(.*?)</code>', owner.raw, re.DOTALL))
    assert html.unescape(code["css"]) == (
        f'feelback-yesno[widget="{id}"] {{\n  --feelback-accent: #aa3366;\n  --feelback-radius: 12px;\n}}'
    )
    assert '{"sent": "Thanks!"}' in html.unescape(html.unescape(code["html"]))
    await owner.get(f"/projects/demo/integrate?widget={id}&language=de")
    code = dict(re.findall(r'<code id="snippet-(\w+)">(.*?)</code>', owner.raw, re.DOTALL))
    text = html.unescape(html.unescape(code["html"]))
    assert 'label="War das hilfreich?"' in text
    assert "y|Ja|" in text
    assert '{"sent": "Danke!"}' in text
    assert "/feelback.js" in text  # whose other words are German too
    await owner.get(at)
    assert owner.form(at)["accent"] == "#aa3366"
    assert owner.form(at)["text:de:sent"] == "Danke!"
    assert (await owner.post(at, {**owner.form(at), "text:de:sent": "x" * 300})).status_code == 303


async def test_nothing_is_half_saved(owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]") -> None:
    id = loaded.widgets["reaction"]
    at = f"{AT}/{id}/settings"
    await owner.get(at)
    form = {**owner.form(at), "name": "Changed", "value-0": "same", "value-1": "same"}
    assert (await owner.post(at, form)).status_code == 422
    assert 'id="options-error"' in owner.raw
    assert await pool.fetchval("select count(*) from widget where name = 'Changed'") == 0
