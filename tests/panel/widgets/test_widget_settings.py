"""Settings of a widget: options, rules and fields change without losing counts."""

import asyncpg

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/widgets"


async def test_it_retires_an_option_and_brings_it_back(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    at = f"{AT}/{loaded.widgets['reaction']}"
    total = """select coalesce(sum(t.count), 0) from tally as t
        join option as o on o.account_id = t.account_id and o.no = t.option_no and o.value = 'eyes'"""
    before = await pool.fetchval(total)
    await owner.get(f"{at}/settings")
    form = owner.form(f"{at}/settings")
    n = next(name.partition("-")[2] for name, value in form.items() if name.startswith("value-") and value == "eyes")
    await owner.post(f"{at}/settings", {**form, "edit": f"option-remove-{n}"})
    assert "Removed options" not in owner.text
    response = await owner.post(f"{at}/settings", owner.form(f"{at}/settings"))
    assert response.status_code == 303
    await owner.get(response.headers["Location"])
    assert "Saved." in owner.text
    assert "Removed options" in owner.text
    await owner.post(f"{at}/settings", {**owner.form(f"{at}/settings"), "value-20": "eyes"})
    await owner.get(f"{at}/settings")
    assert "Removed options" not in owner.text
    assert await pool.fetchval(total) == before


async def test_it_changes_rules_and_fields(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    at = f"{AT}/{loaded.widgets['form']}"
    await owner.get(f"{at}/settings")
    form = owner.form(f"{at}/settings")
    changes = {**form, "name": "Reach us", "edit_seconds": "", "visitor_policy": "open", "title-0": "Your name"}
    assert (await owner.post(f"{at}/settings", changes)).status_code == 303
    row = await pool.fetchrow("select * from widget where id = $1", loaded.widgets["form"])
    assert row
    assert (row["name"], row["edit_window"], row["visitor_policy"]) == ("Reach us", None, "open")
    assert '"Your name"' in row["fields"]
    assert (await owner.post(f"{at}/settings", {**changes, "name-0": "not a name"})).status_code == 422
    assert "Each field must be" in owner.text
