"""The installation's figures month by month."""

import asyncpg

from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_it_draws_the_months(operator: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]") -> None:
    await operator.get("/installation/insights")
    assert "Last 12 months" in operator.text
    assert "Paying" not in operator.text
    await pool.execute(
        "insert into invoice"
        " select id, 'in_1', '1', 'paid', 4900, 'usd', now() from account order by created_at limit 1"
    )
    await operator.get("/installation/insights")
    assert "Paying" in operator.text
    assert "$49" in operator.text
