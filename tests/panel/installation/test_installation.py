"""The installation's pages: for its owner, and nobody else."""

import asyncpg

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
PAGES = ("/installation", "/installation/accounts", "/installation/insights")


async def test_it_is_for_its_owner_alone(owner: Browser, teammate: Browser, stranger: Browser) -> None:
    for page in PAGES:
        assert (await owner.get(page)).status_code == 200
        for other in (teammate, stranger):
            assert (await other.get(page)).status_code == 404
    for each in (owner, teammate, stranger):
        await each.get("/me")
        assert ('href="/installation"' in each.text) == (each is owner)


async def test_it_shows_figures_and_jobs(
    owner: Browser, stranger: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute(
        "insert into job_run (job, due_at, finished_at, error) values ('refresh stats', now(), now(), 'went wrong <b>')"
    )
    await owner.get("/installation")
    assert "1 needs attention" in owner.text
    assert "went wrong <b>" in owner.text
    assert "No mail server is configured" in owner.text
    await owner.get("/installation/accounts")
    assert "2 accounts" in owner.text
    await owner.get("/installation/accounts?q=STRANGER@")
    assert "1 account" in owner.text
    assert "Others" in owner.text
    await owner.get("/installation/accounts?q=nobody-has-this")
    assert "No matches" in owner.text
