"""A new widget: every type, and a form shown again with its errors."""

import asyncpg
import pytest

from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/widgets"


@pytest.mark.parametrize("type", ["pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form"])
async def test_it_creates_a_widget_of_every_type(owner: Browser, pool: "Pool[asyncpg.Record]", type: str) -> None:
    await owner.get(f"{AT}/new?type={type}")
    response = await owner.post(AT, {**owner.form(f"{AT}"), "name": f"New {type}"})
    assert response.status_code == 303, owner.text
    id = await pool.fetchval("select id from widget where name = $1 and type = $2", f"New {type}", type)
    assert response.headers["Location"] == f"/projects/demo/integrate?widget={id}"
    count = await pool.fetchval("select count(*) from option where widget_id = $1", id)
    assert count == len([name for name in owner.fields if name.startswith("value-") and owner.fields[name]])


async def test_a_form_with_an_error_keeps_its_values(owner: Browser) -> None:
    await owner.get(f"{AT}/new?type=reaction&preset=github")
    form = {**owner.form(AT), "name": "Do you like this page?", "label-0": "Mine"}
    assert (await owner.post(AT, form)).status_code == 409
    assert "already has a widget" in owner.text
    assert 'value="Mine"' in owner.text
    assert (await owner.post(AT, {**form, "weight-0": "heavy"})).status_code == 422
    assert "Weight must be a number, not heavy" in owner.text
