"""The figures of the views, and that their reader can read nothing else."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

from app.config import ROOT
from app.database import migrate, roles
from app.errors import ConfigError
from app.site import demo_project
from tests.support import factories
from tests.support.settings import DEMO_PASSWORD, SECRET

Pool = asyncpg.Pool
VIEWS = sorted(path.stem for path in (ROOT / "sql" / "insights").glob("*.sql"))


@pytest.fixture
async def reader(database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(roles.url(database, roles.INSIGHTS, SECRET))
    yield connection
    await connection.close()


async def rows(reader: Any, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await reader.fetch(query)]


async def responses(pool: "Pool[asyncpg.Record]", project: factories.Project, days: dict[date, int]) -> None:
    for day, count in days.items():
        await pool.execute(
            "insert into project_day (account_id, project_id, day, count) values ($1, $2, $3, $4)",
            project.account_id, project.id, day, count,
        )  # fmt: skip


async def invoice(
    pool: "Pool[asyncpg.Record]", account: Any, month: str, total: int = 900, status: str = "paid"
) -> None:
    await pool.execute(
        "insert into invoice values ($1, $2, $3, $4, $5, 'usd', ($6 || '-05 12:00 UTC')::timestamptz)",
        account, f"in_{account}_{month}_{status}", "1", status, total, month,
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "sql" / "insights").glob("*.sql")), ids=lambda path: path.stem)
def test_it_names_and_explains_every_view(path: Path) -> None:
    text = path.read_text()
    assert f"create view insights.{path.stem} as" in text
    assert f"comment on view insights.{path.stem} is" in text
    assert f"`{path.stem}`" in (ROOT / "docs" / "insights.md").read_text()


async def test_it_lets_the_reader_read_the_views_and_nothing_else(
    pool: "Pool[asyncpg.Record]", reader: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await demo_project.load(pool, DEMO_PASSWORD)
    for view in VIEWS:
        await reader.fetch(f"select * from insights.{view}")
    assert await reader.fetchval("select count(*) from insights.accounts") == 1
    assert await reader.fetchval("select sum(responses) from insights.responses") > 5000
    tables = await pool.fetch(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public'"
    )
    assert len(tables) > 30
    for (table,) in tables:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.fetch(f"select * from {table}")
    for attempt in ("delete from insights.accounts", "create table t (x int)", "select fn.uuid_v7(now())"):
        with pytest.raises(asyncpg.PostgresError):
            await reader.execute(attempt)


async def test_it_shows_nobody_s_address_or_words(pool: "Pool[asyncpg.Record]") -> None:
    columns = await pool.fetch(
        "select column_name, data_type from information_schema.columns where table_schema = 'insights'"
    )
    assert {row["data_type"] for row in columns} <= {
        "uuid", "text", "timestamp with time zone", "boolean", "bigint", "date", "integer", "double precision",
        "numeric",
    }  # fmt: skip
    assert {row["column_name"] for row in columns if row["data_type"] == "text"} == {"name", "plan", "unit", "currency"}


async def test_it_tells_of_accounts_and_activation(pool: "Pool[asyncpg.Record]", reader: Any) -> None:
    today = await pool.fetchval("select current_date")
    quick, slow, never = [await factories.project(pool) for _ in range(3)]
    for project, ago in ((quick, 3), (slow, 60), (never, 60)):
        await pool.execute(
            "update account set created_at = current_date - $2::integer where id = $1", project.account_id, ago
        )
    await responses(pool, quick, {today: 5})
    await responses(pool, slow, {today - timedelta(days=40): 7, today - timedelta(days=2): 0})
    figures = {row[0]: row[1:] for row in await rows(
        reader, "select account_id, projects, members, responses, responses_30_days, is_active from insights.accounts"
    )}  # fmt: skip
    assert figures[quick.account_id] == (1, 1, 5, 5, True)
    assert figures[slow.account_id] == (1, 1, 7, 0, False)
    assert figures[never.account_id] == (1, 1, 0, 0, False)
    figures = {row[0]: row[1:] for row in await rows(
        reader, "select account_id, days_to_first_response, is_activated from insights.activation"
    )}  # fmt: skip
    assert figures == {quick.account_id: (3, True), slow.account_id: (20, False), never.account_id: (None, False)}


async def test_it_counts_active_projects(pool: "Pool[asyncpg.Record]", reader: Any) -> None:
    today = await pool.fetchval("select current_date")
    first, second = await factories.project(pool), await factories.project(pool)
    await responses(pool, first, {today - timedelta(days=n): 1 for n in (0, 5, 20)})
    await responses(pool, second, {today - timedelta(days=n): 2 for n in (6, 28)})
    counts = {row[0]: row[1:] for row in await rows(reader, "select * from insights.active_projects")}
    assert counts[today] == (1, 2, 2)
    assert counts[today - timedelta(days=7)] == (0, 0, 2)
    assert min(counts) == today - timedelta(days=28)
    assert (today - timedelta(days=5), 1, 1, 1) in await rows(reader, "select * from insights.responses")


async def test_it_follows_money(pool: "Pool[asyncpg.Record]", reader: Any) -> None:
    stays, leaves, yearly = [await factories.account(pool) for _ in range(3)]
    for account, unit in ((stays, "month"), (leaves, "month"), (yearly, "year")):
        await pool.execute(
            "insert into subscription (account_id, customer_id, status, plan, unit) values ($1, $2, $3, 'starter', $4)",
            account, f"cus_{account}", "canceled" if account == leaves else "active", unit,
        )  # fmt: skip
    for month in ("2026-01", "2026-02", "2026-03"):
        await invoice(pool, stays, month)
    await invoice(pool, leaves, "2026-01")
    await invoice(pool, leaves, "2026-02", status="open")
    await invoice(pool, yearly, "2026-02", 9000)
    await invoice(pool, stays, "2026-04", 0)
    assert await rows(reader, "select * from insights.revenue order by month") == [
        (date(2026, 1, 1), "usd", 1800, 2, 2), (date(2026, 2, 1), "usd", 9900, 2, 2),
        (date(2026, 3, 1), "usd", 900, 1, 1),
    ]  # fmt: skip
    churn = await rows(reader, "select * from insights.churn where month < '2026-05-01' order by month")
    assert churn == [
        (date(2026, 1, 1), 0, 2, 0, 2, None),
        (date(2026, 2, 1), 2, 1, 1, 2, 0.5),
        (date(2026, 3, 1), 2, 0, 0, 2, 0.0),
        (date(2026, 4, 1), 2, 0, 1, 1, 0.5),
    ]
    assert await rows(reader, "select * from insights.subscriptions") == [
        ("starter", "month", "usd", 1, 0, 0, 900), ("starter", "year", "usd", 1, 0, 0, 750)
    ]  # fmt: skip


async def test_it_follows_cohorts(pool: "Pool[asyncpg.Record]", reader: Any) -> None:
    first, second = await factories.project(pool), await factories.project(pool)
    month = await pool.fetchval("select date_trunc('month', now() at time zone 'UTC')::date")
    before = (month - timedelta(days=1)).replace(day=1)
    for project in (first, second):
        await pool.execute("update account set created_at = $2::date where id = $1", project.account_id, before)
    await responses(pool, first, {before: 1, before + timedelta(days=1): 1, month: 1})
    await responses(pool, second, {before: 3})
    assert await rows(reader, "select * from insights.retention order by months_later") == [
        (before, 0, 2, 2, 1.0), (before, 1, 2, 1, 0.5)
    ]  # fmt: skip


def test_it_prints_how_to_connect(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "insights"], cwd=ROOT, capture_output=True, text=True,
        env={"DATABASE_URL": database, "SECRET_KEY": SECRET, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "feelback_insights" in done.stdout
    assert roles.password(roles.INSIGHTS, SECRET) in done.stdout


def test_it_lists_what_recreating_the_views_would_drop(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create schema metabase; create view metabase.mine as select * from insights.accounts")
        connection.execute("update schema_version set digest = '' where name in ('insights', 'functions/fn')")
        with pytest.raises(ConfigError, match=r"metabase\.mine"):
            migrate.apply(database, secret=SECRET)
        connection.execute("select * from metabase.mine")
