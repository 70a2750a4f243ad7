"""The installation's pages: for its operators, and nobody else."""

import asyncpg

from app.site import demo_project
from tests.support import factories
from tests.support.browser import Browser

Pool = asyncpg.Pool
PAGES = ("/installation", "/installation/accounts", "/installation/insights", "/installation/billing-issues")


async def test_it_is_for_operators_alone(
    operator: Browser, owner: Browser, teammate: Browser, stranger: Browser
) -> None:
    for page in PAGES:
        assert (await operator.get(page)).status_code == 200
        for other in (owner, teammate, stranger):
            assert (await other.get(page)).status_code == 404
    for each in (operator, owner, teammate, stranger):
        await each.get("/me")
        assert ('href="/installation"' in each.text) == (each is operator)


async def test_an_operator_may_own_no_account(operator: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await factories.delete_accounts(pool, "Ours")
    assert (await operator.get("/installation")).status_code == 200


async def test_it_shows_figures_and_jobs(
    operator: Browser, stranger: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute(
        "insert into job_run (job, due_at, finished_at, error) values ('refresh stats', now(), now(), 'went wrong <b>')"
    )
    await operator.get("/installation")
    assert "1 needs attention" in operator.text
    assert "went wrong <b>" in operator.text
    assert "No mail server is configured" in operator.text
    await operator.get("/installation/accounts")
    assert "3 accounts" in operator.text
    await operator.get("/installation/accounts?q=STRANGER@")
    assert "1 account" in operator.text
    assert "Others" in operator.text
    await operator.get("/installation/accounts?q=nobody-has-this")
    assert "No matches" in operator.text


async def test_it_shows_when_counts_were_compared(operator: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await operator.get("/installation")
    assert "No project has been compared" in operator.text
    await pool.execute("call fn.reconcile()")
    await operator.get("/installation")
    projects = await pool.fetchval("select count(*) from project")
    assert f"{projects} of {projects} project" in operator.text
    assert "0 of which differed" in operator.text


async def test_it_shows_backups_where_they_are_set_up(operator: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await operator.get("/installation")
    assert 'id="backups"' not in operator.text
    await pool.execute("select fn.expect_backups(true, true)")
    await operator.get("/installation")
    assert "No backup has been made yet" in operator.text
    await pool.execute("select fn.record_backup(now() - interval '5 hours', 'feelback-x.dump', 5000000, 1234)")
    await pool.execute("select fn.record_drill('feelback-x.dump', 12.3, 1234, 0, null)")
    await operator.get("/installation")
    for text in ("was made 5 hours ago", "feelback-x.dump", "1,234 rows in 12.3 s", "all OK"):
        assert text in operator.text
    await pool.execute("update backup_state set made_at = now() - interval '37 hours', expected_since = made_at")
    await pool.execute("update backup_state set expected_since = made_at")
    await pool.execute("select fn.record_drill('feelback-x.dump', 1, null, 0, 'It is cut off <b>.')")
    await operator.get("/installation")
    for text in ("none for 36 hours", "It is cut off <b>."):
        assert text in operator.text
