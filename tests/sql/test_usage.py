"""Usage: counted by month, with mails at 80 % and 100 %, the limit, the stop at ten times, and the next month."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.support import factories

Pool = asyncpg.Pool
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = date(2026, 11, 1)


@pytest.fixture(autouse=True)
async def is_on(pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("select fn.sync_plan_prices(true, '[]')")
    await pool.execute("update plan set responses = 1000 where name = 'free'")


@pytest.fixture
async def project(pool: "Pool[asyncpg.Record]") -> factories.Project:
    await pool.execute("update plan set projects = null")
    return await factories.project(pool)


async def responses(pool: Any, project: factories.Project, count: int, day: date = date(2026, 11, 20)) -> None:
    await pool.execute(
        """insert into project_day as d (account_id, project_id, day, count) values ($1, $2, $3, $4)
        on conflict (account_id, project_id, day) do update set count = d.count + excluded.count""",
        project.account_id, project.id, day, count,
    )  # fmt: skip


async def count(pool: Any, now: datetime = NOW) -> int:
    return await pool.fetchval("call fn.run_by_account('{count usage}', $1)", now)  # type: ignore[no-any-return]


async def usage(pool: Any, account_id: UUID, month: date = MONTH) -> Any:
    return await pool.fetchrow("select * from usage where account_id = $1 and month = $2", account_id, month)


async def mails(pool: Any) -> list[str]:
    rows = await pool.fetch("delete from mail returning template, context ->> 'share'")
    return [f"{row[0]} {row[1]}" for row in rows]


async def earlier(pool: Any, account_id: UUID, *responses: int) -> None:
    """What the months before had, the latest first."""
    for number, count in enumerate(responses, start=1):
        await pool.execute(
            """insert into usage (account_id, month, responses, quota)
            values ($1, ($2::date - make_interval(months => $3))::date, $4, 1000)""",
            account_id, MONTH, number, count,
        )  # fmt: skip


async def hidden_from(pool: Any, account_id: UUID, now: datetime) -> datetime | None:
    sql = "select nullif(fn.hidden_from($1, $2), 'infinity')"
    return await pool.fetchval(sql, account_id, now)  # type: ignore[no-any-return]


async def test_it_adds_up_the_days_of_all_projects(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    other = await factories.project(pool, project.account_id)
    await responses(pool, project, 10)
    await responses(pool, project, 5, MONTH)
    await responses(pool, other, 7)
    await responses(pool, other, 100, date(2026, 10, 31))
    await count(pool)
    assert (await usage(pool, project.account_id))["responses"] == 22
    await responses(pool, other, 1)
    await count(pool)
    await count(pool)
    assert (await usage(pool, project.account_id))["responses"] == 23


async def test_late_responses_of_last_month_count_there(
    pool: "Pool[asyncpg.Record]", project: factories.Project
) -> None:
    await responses(pool, project, 5, date(2026, 10, 31))
    await count(pool, datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    await responses(pool, project, 3, date(2026, 10, 31))
    await responses(pool, project, 2, MONTH)
    await count(pool, datetime(2026, 11, 1, 10, tzinfo=UTC))
    assert (await usage(pool, project.account_id, date(2026, 10, 1)))["responses"] == 8
    assert (await usage(pool, project.account_id))["responses"] == 2


async def test_it_tells_at_80_and_at_100_percent_once(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    notices = []
    for more in (799, 0, 1, 100, 99, 1, 0, 500):
        await responses(pool, project, more)
        await count(pool)
        notices.append(await mails(pool))
    assert notices == [[], [], ["usage_notice 80"], [], [], ["usage_notice 100"], [], []]
    await responses(pool, project, 2000, date(2026, 12, 2))
    await count(pool, datetime(2026, 12, 3, tzinfo=UTC))
    assert await mails(pool) == ["usage_notice 100"]


async def test_it_tells_the_owner_and_admins(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    for role in ("admin", "editor", "viewer"):
        await pool.execute(
            """with p as (
                insert into person (id, email, verified_at) values (gen_random_uuid(), $2, now()) returning id
            ) insert into member (account_id, person_id, role) select $1, id, $3 from p""",
            project.account_id, f"{role}@example.com", role,
        )  # fmt: skip
    await pool.execute("update person set verified_at = now()")
    await responses(pool, project, 900)
    await count(pool)
    recipients = {row[0].split("@")[0].rstrip("0123456789") for row in await pool.fetch("select recipient from mail")}
    assert recipients == {"owner", "admin"}


async def test_a_larger_plan_sends_its_own_notices(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    await responses(pool, project, 1000)
    await count(pool)
    assert await mails(pool) == ["usage_notice 100"]
    await factories.entitle(pool, project.account_id)
    await count(pool)
    assert await mails(pool) == []
    await responses(pool, project, 39_000)
    await count(pool)
    assert await mails(pool) == ["usage_notice 80"]


@pytest.mark.parametrize(
    ("months", "limit"), [((), 2000), ((1001,), 2000), ((1001, 1000), 2000), ((0, 5000), 2000), ((1001, 1001), 1000)]
)
async def test_it_hides_after_two_months_over_the_plan_or_at_twice_as_much(
    pool: "Pool[asyncpg.Record]", project: factories.Project, months: tuple[int, ...], limit: int
) -> None:
    await earlier(pool, project.account_id, *months)
    await responses(pool, project, limit - 1)
    await count(pool)
    assert await hidden_from(pool, project.account_id, NOW) is None
    await responses(pool, project, 1)
    await count(pool)
    assert await hidden_from(pool, project.account_id, NOW) == NOW


async def test_a_month_over_the_plan_is_remembered(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    for month in (9, 10, 11):
        await responses(pool, project, 1500, date(2026, month, 5))
        await count(pool, datetime(2026, month, 20, tzinfo=UTC))
    assert (await usage(pool, project.account_id, date(2026, 10, 1)))["full_at"] is None
    assert (await usage(pool, project.account_id))["full_at"] is not None


async def test_it_warns_before_it_hides_once(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    notices = []
    for more in (1000, 700, 100, 100, 100, 1):
        await responses(pool, project, more)
        await count(pool)
        notices.append(await mails(pool))
    assert notices == [["usage_notice 100"], [], ["usage_limit 100"], [], [], []]


async def test_it_is_full_from_then_on(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    await earlier(pool, project.account_id, 1001, 1001)
    await responses(pool, project, 999)
    await count(pool)
    assert await hidden_from(pool, project.account_id, NOW) is None
    await responses(pool, project, 1)
    await count(pool, NOW + timedelta(minutes=1))
    await responses(pool, project, 100)
    await count(pool, NOW + timedelta(minutes=2))
    assert await hidden_from(pool, project.account_id, NOW) == NOW + timedelta(minutes=1)
    assert await hidden_from(pool, project.account_id, datetime(2026, 12, 1, tzinfo=UTC)) is None
    await factories.entitle(pool, project.account_id)
    await count(pool, NOW + timedelta(minutes=3))
    assert await hidden_from(pool, project.account_id, NOW) is None
    # Messages that were shown once stay visible: on the smaller plan only later ones are hidden.
    await factories.entitle(pool, project.account_id, "free", NOW)
    await count(pool, NOW + timedelta(minutes=4))
    assert await hidden_from(pool, project.account_id, NOW) == NOW + timedelta(minutes=4)


async def test_it_stops_at_ten_times(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    widget = await factories.widget(pool, "pulse", project)
    sql = "select is_stopped from fn.ingest_widget($1, $2)"
    await responses(pool, project, 9999)
    await count(pool)
    assert await pool.fetchval(sql, widget.id, NOW) is False
    await responses(pool, project, 1)
    await count(pool)
    assert await pool.fetchval(sql, widget.id, NOW) is True
    assert await pool.fetchval(sql, widget.id, datetime(2026, 12, 1, tzinfo=UTC)) is False
    await factories.entitle(pool, project.account_id)
    await count(pool)
    assert await pool.fetchval(sql, widget.id, NOW) is False


async def test_a_project_that_is_deleted_was_used(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    other = await factories.project(pool, project.account_id)
    await responses(pool, project, 600)
    await responses(pool, other, 500)
    await count(pool)
    await pool.execute("select fn.purge_project($1, $2)", project.account_id, project.id)
    await responses(pool, other, 1)
    await count(pool)
    assert (await usage(pool, project.account_id))["responses"] == 1101


async def test_the_forecast_goes_on_at_the_pace_of_seven_days(
    pool: "Pool[asyncpg.Record]", project: factories.Project
) -> None:
    for day in range(10, 20):
        await responses(pool, project, 40, date(2026, 11, day))
    at = datetime(2026, 11, 20, tzinfo=UTC)
    await count(pool, at)
    usage = await pool.fetchrow("select * from fn.account_usage($1, $2)", project.account_id, at)
    assert (usage["responses"], usage["quota"], usage["forecast"], usage["full_on"]) == (400, 1000, 840, None)
    await responses(pool, project, 200, date(2026, 11, 19))
    await count(pool, at)
    usage = await pool.fetchrow("select * from fn.account_usage($1, $2)", project.account_id, at)
    # (6 × 40 + 240) / 7 a day: the remaining 400 last for a little less than 6 days.
    assert usage["forecast"] == 600 + round(480 / 7 * 11)
    assert usage["full_on"] == date(2026, 11, 25)


@pytest.mark.parametrize(("what", "limit"), [("projects", 1), ("members", 2)])
async def test_a_plan_s_room_is_kept_even_at_the_same_time(pool: "Pool[asyncpg.Record]", what: str, limit: int) -> None:
    account_id = await factories.account(pool)
    await pool.execute("select fn.check_plan($1, $2)", account_id, what)
    with pytest.raises(asyncpg.PostgresError) as error:
        await pool.execute("select fn.check_plan($1, $2, 2)", account_id, what)
    assert error.value.sqlstate == "FB402"
    assert str(limit) in str(error.value)
    await factories.entitle(pool, account_id)
    await pool.execute("select fn.check_plan($1, $2, 2)", account_id, what)


async def test_a_second_project_needs_a_larger_plan(pool: "Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool)
    with pytest.raises(asyncpg.PostgresError, match="The plan Free has 1 project, and all are in use"):
        await factories.project(pool, project.account_id)


async def test_who_is_invited_takes_up_room(pool: "Pool[asyncpg.Record]") -> None:
    account_id = await factories.account(pool)
    sql = "select fn.invite_member($1, $2, 'viewer', sha256($2::text::bytea), 'https://x')"
    async with pool.acquire() as connection:
        person_id = await connection.fetchval("select person_id from member where account_id = $1", account_id)
        await connection.execute("select set_config('feelback.person_id', $1, false)", str(person_id))
        await connection.execute(sql, account_id, "first@example.com")
        with pytest.raises(asyncpg.PostgresError, match="The plan Free has 2 members"):
            await connection.execute(sql, account_id, "second@example.com")


@pytest.mark.parametrize(("days", "wanted"), [(29, None), (31, 180)])
async def test_a_plan_lets_go_of_nothing_in_its_first_30_days(
    pool: "Pool[asyncpg.Record]", project: factories.Project, days: int, wanted: int | None
) -> None:
    now = datetime.now(UTC)
    sql = "select fn.plan_retention($1, $2)"
    assert await pool.fetchval(sql, project.account_id, now + timedelta(days=days)) == wanted
    await pool.execute("update billing set on_since = now() - interval '1 year'")
    await factories.entitle(pool, project.account_id, "growth")
    await factories.entitle(pool, project.account_id, "free")
    assert await pool.fetchval(sql, project.account_id, now + timedelta(days=days)) == wanted


async def test_a_plan_s_retention_lets_responses_go(pool: "Pool[asyncpg.Record]", project: factories.Project) -> None:
    await pool.execute("update billing set on_since = now() - interval '1 year'")
    await pool.execute("call fn.delete_expired_responses()")
    day = await pool.fetchval("select retained_from from project where id = $1", project.id)
    assert day == datetime.now(UTC).date() - timedelta(days=180)
    await pool.execute("update project set retained_from = null, retention_days = 30 where id = $1", project.id)
    await pool.execute("call fn.delete_expired_responses()")
    day = await pool.fetchval("select retained_from from project where id = $1", project.id)
    assert day == datetime.now(UTC).date() - timedelta(days=30)
