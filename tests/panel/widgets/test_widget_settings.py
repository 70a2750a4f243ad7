"""Content sets: made from a preset, and changed without losing what was told."""

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/sets"


@pytest.mark.parametrize("type", ["pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form"])
async def test_it_makes_a_set_of_every_type(owner: Browser, pool: "Pool[asyncpg.Record]", type: str) -> None:
    await owner.get(f"{AT}/new?type={type}")
    response = await owner.post(AT, {**owner.form(f"{AT}"), "name": f"New {type}"})
    assert response.status_code == 303, owner.text
    id = await pool.fetchval("select id from content_set where name = $1 and type = $2", f"New {type}", type)
    assert response.headers["Location"] == f"/projects/demo/integrate?set={id}"
    made = await pool.fetchval("select count(*) from option where content_set_id = $1", id)
    assert made == len([name for name in owner.sent if name.startswith("value-") and owner.sent[name]])


async def test_it_shows_again_what_it_does_not_take(owner: Browser) -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=github")
    sent = {**owner.form(AT), "name": "Do you like this page?", "label-0": "Mine"}
    assert (await owner.post(AT, sent)).status_code == 409
    assert "already has a content set" in owner.text
    assert 'value="Mine"' in owner.text
    assert (await owner.post(AT, {**sent, "weight-0": "heavy"})).status_code == 422
    assert "must be a number, not heavy" in owner.text


async def test_it_retires_an_option_and_brings_it_back(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    at = f"{AT}/{loaded.sets['reaction']}"
    told = "select coalesce(sum(count), 0) from tally join option on option_no = no and value = 'eyes'"
    before = await pool.fetchval(told)
    await owner.get(f"{at}/settings")
    form = owner.form(f"{at}/options")
    n = next(name.partition("-")[2] for name, value in form.items() if name.startswith("value-") and value == "eyes")
    response = await owner.post(f"{at}/options", {**form, f"value-{n}": ""})
    assert response.status_code == 303
    await owner.get(response.headers["Location"])
    assert "Saved." in owner.text
    assert "Retired" in owner.text
    await owner.post(f"{at}/options", {**owner.form(f"{at}/options"), "value-20": "eyes"})
    await owner.get(f"{at}/settings")
    assert "Retired" not in owner.text
    assert await pool.fetchval(told) == before


async def test_it_changes_rules_and_fields(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    at = f"{AT}/{loaded.sets['form']}"
    await owner.get(f"{at}/settings")
    form = owner.form(f"{at}/settings")
    changed = {**form, "name": "Reach us", "edit_seconds": "", "visitor_policy": "open", "title-0": "Your name"}
    assert (await owner.post(f"{at}/settings", changed)).status_code == 303
    row = await pool.fetchrow("select * from content_set where id = $1", loaded.sets["form"])
    assert row
    assert (row["name"], row["edit_window"], row["visitor_policy"]) == ("Reach us", None, "open")
    assert '"Your name"' in row["fields"]
    assert (await owner.post(f"{at}/settings", {**changed, "name-0": "not a name"})).status_code == 422
    assert "A field is not declared" in owner.text
