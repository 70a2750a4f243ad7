import re
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from app import demo
from app.queries.projects import Day
from app.web import trend
from tests.web.browser import Browser

Pool = asyncpg.Pool


async def test_it_leads_to_the_list_where_there_is_not_just_one_project(
    owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    assert (await stranger.get("/")).headers["Location"] == "/projects"
    await pool.execute("select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo.EMAIL)
    assert (await owner.get("/")).headers["Location"] == "/projects"
    await owner.get("/projects")
    assert re.findall(r'href="/projects/([a-z]+)"', owner.text) == ["demo", "beech"]


async def test_it_counts_what_the_rows_say(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    rows = await pool.fetch(
        """select count(*), count(*) filter (where counted_on > d - 30),
            count(*) filter (where counted_on > d - 60 and counted_on <= d - 30),
            count(*) filter (where counted_on > d - 7)
        from feelback, (select (now() at time zone 'UTC')::date as d) as today"""
    )
    ever, now, before, week = rows[0]
    await owner.get("/projects/demo")
    figures = [
        re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in re.findall(r"<dd>(.*?)</dd>", owner.text, re.DOTALL)
    ]
    assert figures[0].startswith(f"{now:,} ")
    assert f"{round(100 * (now - before) / before):+,d} %" in figures[0]
    assert figures[3] == f"{ever:,}"
    await owner.get("/projects")
    assert [f"{week:,}", f"{ever:,}"] == re.findall(r"<dd>([\d,]+)</dd>", owner.text)


async def test_it_counts_days_in_the_projects_zone(pool: "Pool[asyncpg.Record]", loaded: demo.Demo) -> None:
    await pool.execute("update project set time_zone = 'Pacific/Kiritimati'")
    rows = await pool.fetch(
        """select o.trend_json::jsonb -> -1 ->> 'day' as last,
            (now() at time zone 'Pacific/Kiritimati')::date::text as today
        from fn.demo_project($1) as p, fn.project_overview(p.account_id, 'demo') as o""",
        demo.EMAIL,
    )
    assert rows[0]["last"] == rows[0]["today"]


async def test_it_shows_the_newest_messages_as_text(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute(
        """update feelback set body = '<script>alert(1)</script>'
        where id = (select id from feelback where body is not null order by id desc limit 1)"""
    )
    response = await owner.client.get("/projects/demo")
    text = await response.get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert len(re.findall(r"<time ", text)) == 20
    times = re.findall(r'<time datetime="([^"]+)"', text)
    assert times == sorted(times, reverse=True)


async def test_the_newest_messages_are_read_from_their_index(pool: "Pool[asyncpg.Record]", loaded: demo.Demo) -> None:
    plan = await pool.fetch(
        """explain select * from feelback
        where account_id = $1 and content_set_id = $1 and (body is not null or fields is not null)
        order by id desc limit 20""",
        UUID(loaded.sets["message"]),
    )
    text = "\n".join(row[0] for row in plan)
    assert "account_id_content_set_id_id_idx" in text
    assert "Sort" not in text


async def test_a_project_without_anything_says_how_to_begin(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo.EMAIL)
    assert (await owner.get("/projects/beech")).status_code == 200
    for text in ("This project has no content set yet", "Nobody has written yet", "No signals in the last 30 days."):
        assert text in owner.text


def test_the_trend_fits_its_chart() -> None:
    for most, top in (
        (0, 2),
        (1, 2),
        (3, 4),
        (9, 10),
        (10, 10),
        (11, 12),
        (13, 16),
        (105, 120),
        (121, 160),
        (999, 1000),
    ):
        days = [Day(date(2026, 1, 1) + timedelta(days=n), most if n == 40 else 0) for n in range(60)]
        drawn = trend.drawn(days)
        assert [count for _, count in drawn.grid] == [0, top // 2, top]
        assert all(0 <= column.y <= 100 and 0 < column.middle < 100 for column in drawn.columns)
        assert drawn.is_empty == (most == 0)
        assert [column.day for column in drawn.columns] == [each.day for each in days[30:]]
