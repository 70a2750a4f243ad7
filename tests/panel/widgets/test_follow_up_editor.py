"""Follow-ups in the editor of a widget, as plain forms send them: reasons as rows, copies, errors at their fields."""

import html
import json
import re
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.editor import AT, edit

Pool = asyncpg.Pool


async def follow_ups(pool: "Pool[asyncpg.Record]", name: str) -> dict[str, Any]:
    """The follow-ups of the widget of that name, by option."""
    row = await pool.fetchrow("select fn.widget_follow_ups(account_id, id) as f from widget where name = $1", name)
    assert row
    return {item["option"]: item for item in json.loads(row["f"])}


def labels(owner: Browser, option: int) -> list[str]:
    """The reasons of an option as the editor shows them."""
    values = re.findall(rf'name="reason-{option}-\d+" value="([^"]*)"', owner.raw)
    return [html.unescape(each) for each in values]


async def create(owner: Browser, query: str, **changes: str) -> None:
    """Create a widget of an idea of the gallery."""
    await owner.get(f"{AT}/new?{query}")
    response = await owner.post(AT, {**owner.form(AT), **changes})
    assert response.status_code == 303, owner.text


async def settings(owner: Browser, pool: "Pool[asyncpg.Record]", name: str) -> str:
    """Open the settings of the widget of that name; returns their address."""
    id: UUID = await pool.fetchval("select id from widget where name = $1", name)
    await owner.get(f"{AT}/{id}/settings")
    return f"{AT}/{id}/settings"


async def test_a_preset_comes_with_its_follow_ups(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/new?type=yesno&preset=docs")
    assert (len(labels(owner, 0)), len(labels(owner, 1))) == (5, 7)
    response = await owner.post(AT, {**owner.form(AT), "name": "Docs?"})
    assert response.status_code == 303, owner.text
    stored = await follow_ups(pool, "Docs?")
    assert stored["n"]["question"] == "What went wrong?"
    assert [reason["value"] for reason in stored["n"]["reasons"]][:3] == ["incorrect", "missing", "unclear"]
    assert stored["n"]["thanks"] == "Thank you. This tells us what to fix."
    await owner.get(response.headers["Location"])
    assert 'options="y|Yes|👍;n|No|👎"' in html.unescape(owner.text)


async def test_reasons_are_added_moved_and_removed(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/new?type=yesno&preset=yesno")
    await edit(owner, AT, "reason-add-1", name="Mine", **{"ask-1": "Was fehlt?"})
    assert re.search(r'id="reason-1-0"[^>]* autofocus', owner.raw)
    assert re.search(r'data-follow-up="1" open', owner.raw)
    assert not re.search(r'data-follow-up="0" open', owner.raw)
    await edit(owner, AT, "reason-add-1", **{"reason-1-0": "Größe"})
    await edit(owner, AT, "reason-add-1", **{"reason-1-1": "日本語"})
    await edit(owner, AT, "reason-up-1-1", **{"reason-1-2": ""})
    assert labels(owner, 1) == ["日本語", "Größe", ""]
    assert re.search(r'id="reason-down-1-0"[^>]* autofocus', owner.raw)
    for nonsense in (
        "reason-up-1-99",
        "reason-up-9-0",
        "reason-restore-1-0",
        "reason-x",
        "followup-copy-7",
        "followup-x-0",
    ):
        await edit(owner, AT, nonsense)
    assert labels(owner, 1) == ["日本語", "Größe", ""]
    form = {**owner.form(AT), "multiple-1": "on", "takes_contact-1": "on", "thanks-1": "Danke"}
    assert (await owner.post(AT, form)).status_code == 303, owner.text
    assert await follow_ups(pool, "Mine") == {
        "n": {
            "option": "n", "question": "Was fehlt?", "multiple": True, "message": False, "contact": True,
            "thanks": "Danke",
            "reasons": [{"value": "ribenyu", "label": "日本語"}, {"value": "grosse", "label": "Größe"}],
        }
    }  # fmt: skip


async def test_a_follow_up_is_copied_from_another_option(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=product")
    await edit(owner, AT, "followup-remove-0", name="Copied")
    assert labels(owner, 0) == []
    await edit(owner, AT, "followup-copy-2", **{"copy-2": "0"})
    assert "Great has no follow-up to copy" in owner.text
    await edit(owner, AT, "followup-copy-0", **{"copy-0": "2", "reason-2-0": "Changed at the source"})
    assert labels(owner, 0) == labels(owner, 2)
    await edit(owner, AT, "reason-remove-0-1")
    assert len(labels(owner, 0)) == len(labels(owner, 2)) - 1
    assert (await owner.post(AT, owner.form(AT))).status_code == 303, owner.text
    stored = await follow_ups(pool, "Copied")
    assert stored["great"]["reasons"][0] == {"value": "missing", "label": "Changed at the source"}
    assert stored["great"]["question"] == stored["poor"]["question"]


async def test_a_removed_reason_is_restored_with_its_counts(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await create(owner, "type=yesno&preset=docs", name="Docs?")
    at = await settings(owner, pool, "Docs?")
    await edit(owner, at, "reason-remove-1-2")
    assert "Restore" not in owner.text
    assert (await owner.post(at, owner.form(at))).status_code == 303
    await owner.get(at)
    assert "Restore “Hard to understand”" in owner.text
    await edit(owner, at, "reason-restore-1-0")
    assert "Restore “" not in owner.text
    assert labels(owner, 1)[-1] == "Hard to understand"
    assert (await owner.post(at, owner.form(at))).status_code == 303
    reasons = (await follow_ups(pool, "Docs?"))["n"]["reasons"]
    assert reasons[-1] == {"value": "unclear", "label": "Hard to understand"}
    assert await pool.fetchval("select max(no) from reason") == 12


async def test_the_label_of_a_removed_reason_brings_it_back(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await create(owner, "type=yesno&preset=docs", name="Docs?")
    at = await settings(owner, pool, "Docs?")
    await edit(owner, at, "reason-remove-1-2")
    await owner.post(at, owner.form(at))
    await owner.get(at)
    await edit(owner, at, "reason-add-1")
    assert (await owner.post(at, {**owner.form(at), "reason-1-6": "hard to UNDERSTAND"})).status_code == 303
    reasons = (await follow_ups(pool, "Docs?"))["n"]["reasons"]
    assert reasons[-1] == {"value": "unclear", "label": "hard to UNDERSTAND"}


async def test_a_follow_up_moves_with_its_option(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=product")
    before = labels(owner, 2)
    await edit(owner, AT, "option-up-2", name="Moved")
    assert labels(owner, 1) == before
    await edit(owner, AT, "option-remove-0")
    assert (await owner.post(AT, owner.form(AT))).status_code == 303
    stored = await follow_ups(pool, "Moved")
    assert list(stored) == ["poor", "okay"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"ask-1": ""}, "ask-1", "Question must have 1 to 200 characters"),
        ({"ask-1": "x" * 201}, "ask-1", "Question must have 1 to 200 characters"),
        ({"thanks-1": "x" * 201}, "thanks-1", "Thank-you message must have 1 to 200 characters"),
        ({"reason-1-1": "x" * 101}, "reason-1-1", "Reason must have at most 100 characters"),
        (
            {"reason-1-1": "The information is wrong", "reason_value-1-1": ""},
            "reason-1-1",
            "Reason must differ",
        ),
        ({f"reason-1-{n}": f"More {n}" for n in range(7, 21)}, "reasons-1", "Reasons must be at most 20."),
    ],
)
async def test_an_error_is_at_its_field(
    owner: Browser, pool: "Pool[asyncpg.Record]", changes: dict[str, str], field: str, message: str
) -> None:
    await owner.get(f"{AT}/new?type=yesno&preset=docs")
    response = await owner.post(AT, {**owner.form(AT), "name": "Mine", **changes})
    assert response.status_code == 422
    assert re.search(rf'id="{field}-error"[^>]*>[^<]*{re.escape(message)}', owner.text), owner.text
    assert f'aria-describedby="{field}-error"' in owner.raw
    assert re.search(r'data-follow-up="1" open', owner.raw)
    assert await pool.fetchval("select count(*) from widget where name = 'Mine'") == 0


async def test_an_empty_follow_up_says_what_it_needs(owner: Browser) -> None:
    await owner.get(f"{AT}/new?type=yesno&preset=yesno")
    response = await owner.post(AT, {**owner.form(AT), "name": "Mine", "ask-0": "Why?"})
    assert response.status_code == 422
    assert re.search(r'id="reasons-0-error"[^>]*>[^<]*must not be empty', owner.text)


async def test_an_option_without_a_label_does_not_lose_its_follow_up(owner: Browser) -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=product")
    cleared = {"name": "Mine", "label-1": "", "value-1": "", "icon-1": ""}
    assert (await owner.post(AT, {**owner.form(AT), **cleared})).status_code == 422
    assert re.search(r'id="label-1-error"', owner.raw)


@pytest.mark.parametrize("type", ["message", "form", "tagged"])
async def test_a_widget_with_words_asks_for_reasons_and_contact_only(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]", type: str
) -> None:
    at = f"{AT}/{loaded.widgets[type]}/settings"
    await owner.get(at)
    assert "takes_message-0" not in owner.raw
    form = {**owner.form(at), "ask-0": "May we write back?", "takes_contact-0": "on"}
    assert (await owner.post(at, form)).status_code == 303, owner.text
    await owner.get(at)
    assert owner.form(at)["ask-0"] == "May we write back?"
    # Saving again keeps it.
    assert (await owner.post(at, owner.form(at))).status_code == 303
    name = await pool.fetchval("select name from widget where id = $1", UUID(loaded.widgets[type]))
    assert len(await follow_ups(pool, name)) == 1


async def test_nothing_is_half_saved(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await create(owner, "type=yesno&preset=docs", name="Docs?")
    at = await settings(owner, pool, "Docs?")
    before = await follow_ups(pool, "Docs?")
    form = {**owner.form(at), "name": "Changed", "label-0": "Yeah", "ask-0": ""}
    assert (await owner.post(at, form)).status_code == 422
    assert await pool.fetchval("select count(*) from option where label = 'Yeah'") == 0
    assert await follow_ups(pool, "Docs?") == before
