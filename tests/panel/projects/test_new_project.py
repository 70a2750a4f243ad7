"""Creating a project: the form, its result and its errors."""

import asyncpg
import pytest

from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_a_project_is_created_from_its_name_and_site(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/projects/new")
    form = {"name": "My Blog", "site": "https://blog.example/about", "time_zone": "Europe/Paris"}
    assert (await owner.post("/projects", form)).headers["Location"] == "/projects/my-blog/widgets/new"
    row = await pool.fetchrow("select name, time_zone, origins from project where slug = 'my-blog'")
    assert row
    assert (row["name"], row["time_zone"], row["origins"]) == ("My Blog", "Europe/Paris", ["https://blog.example"])


@pytest.mark.parametrize(("name", "zone", "status"), [("", "UTC", 422), ("Blog", "Mars/Olympus", 422)])
async def test_a_refused_form_is_shown_again(
    owner: Browser, pool: "Pool[asyncpg.Record]", name: str, zone: str, status: int
) -> None:
    before = await pool.fetchval("select count(*) from project")
    await owner.get("/projects/new")
    assert (await owner.post("/projects", {"name": name, "time_zone": zone})).status_code == status
    assert owner.form("/projects")["name"] == name
    assert await pool.fetchval("select count(*) from project") == before


async def test_a_name_in_use_is_refused(owner: Browser) -> None:
    await owner.get("/projects/new")
    assert (await owner.post("/projects", {"name": "Demo"})).status_code == 409
    assert owner.form("/projects")["name"] == "Demo"
