import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.panel.projects import trend
from app.queries.overview import Series
from app.site import demo_project
from app.text.numbers import change, span
from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_it_leads_to_the_list_where_there_is_not_just_one_project(
    owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    assert (await stranger.get("/")).headers["Location"] == "/projects/new"
    await pool.execute(
        "select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo_project.EMAIL
    )
    assert (await owner.get("/")).headers["Location"] == "/projects"
    await owner.get("/projects")
    assert re.findall(r'href="/projects/(?!new)([a-z]+)"', owner.text) == ["demo", "beech"]


async def test_it_counts_what_the_rows_say(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    rows = await pool.fetch(
        """select count(*), count(*) filter (where counted_on > d - 30),
            count(*) filter (where counted_on > d - 30 and created_at < h),
            -- Whole weeks before, and until the same hour.
            count(*) filter (where counted_on > d - 65 and created_at < h - interval '35 days'),
            count(*) filter (where counted_on > d - 7)
        from response, (select (now() at time zone 'UTC')::date as d) as today,
            (select counted_until as h from project_roll) as hour"""
    )
    ever, now, compared, before, week = rows[0]
    await owner.get("/projects/demo")
    figures = [
        re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in re.findall(r"<dd>(.*?)</dd>", owner.text, re.DOTALL)
    ]
    assert figures[0].startswith(f"{now:,} ")
    assert change(compared, before)[0] in figures[0]
    assert figures[3] == f"{now / 30:.1f}"
    await owner.get("/projects")
    assert [f"{week:,}", f"{ever:,}"] == re.findall(r"<dd>([\d,]+)</dd>", owner.text)


async def test_it_counts_days_in_the_projects_zone(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    await pool.execute("update project set time_zone = 'Pacific/Kiritimati'")
    await pool.execute("select fn.roll_windows()")
    last, today = await pool.fetchrow(
        """select o.to_day, (now() at time zone 'Pacific/Kiritimati')::date
        from fn.demo_project($1) as p, fn.project_overview(p.account_id, p.id, 30::smallint) as o""",
        demo_project.EMAIL,
    )
    assert last == today


async def test_it_shows_the_newest_messages_as_text(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute(
        """update response set body = '<script>alert(1)</script>'
        where id = (select id from response where body is not null order by id desc limit 1)"""
    )
    response = await owner.client.get("/projects/demo")
    text = await response.get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert len(re.findall(r"<time ", text)) == 6
    times = re.findall(r'<time datetime="([^"]+)"', text)
    assert times == sorted(times, reverse=True)


async def test_the_newest_messages_are_read_from_their_index(database: str, loaded: demo_project.Demo) -> None:
    plans: list[str] = []
    connection = await asyncpg.connect(database)
    connection.add_log_listener(lambda _, message: plans.append(message.message))
    await connection.execute(
        """load 'auto_explain'; set auto_explain.log_level = notice; set auto_explain.log_min_duration = 0;
        set auto_explain.log_nested_statements = on"""
    )
    rows = await connection.fetch(
        "select m.* from fn.demo_project($1) as p, fn.newest_messages(p.account_id, p.id, 20) as m", demo_project.EMAIL
    )
    await connection.close()
    assert len(rows) == 20
    (plan,) = [plan for plan in plans if " on response_2" in plan]
    scans = re.findall(r"(\w[\w ]+ Scan.*) on (response_\d{4}_\d{2})\b", plan)
    assert len(scans) > 10  # one a partition
    for scan, partition in scans:
        # An index of a partition made after the column was renamed is still named by the old column.
        assert re.fullmatch(rf"Index Scan Backward using {partition}_account_id_\w+_id_id_idx", scan)
    assert plan.count("->  Sort") == 1  # of the widgets' newest together, never of what a widget has


async def test_a_project_without_anything_says_how_to_begin(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute(
        "select fn.create_project(account_id, 'Beech', 'beech') from fn.demo_project($1)", demo_project.EMAIL
    )
    assert (await owner.get("/projects/beech")).status_code == 200
    assert "No widget yet" in owner.text
    assert "No messages yet" not in owner.text
    await pool.execute(
        """select fn.create_widget(p.account_id, id, 'Ideas', 'message')
        from project as p where slug = 'beech'"""
    )
    await owner.get("/projects/beech")
    for text in ("No responses in this period.", "No messages yet"):
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
        starts = [datetime(2026, 1, 1) + timedelta(days=n) for n in range(31)]
        chart = trend.build("day", starts, [Series([most if n == 10 else 0 for n in range(30)], [0] * 30)])
        assert [count for _, count in chart.grid] == [0, top // 2, top]
        assert all(0 <= column.y <= 100 and 0 < column.middle < 100 for column in chart.columns)
        assert chart.is_empty == (most == 0)
        assert [column.words for column in chart.columns[:2]] == ["1 Jan", "2 Jan"]


def test_days_say_their_years_where_they_must() -> None:
    last = date(2026, 11, 25)
    assert span(date(2026, 8, 28), last) == "28 Aug – 25 Nov 2026"
    assert span(date(2025, 11, 26), last) == "26 Nov 2025 – 25 Nov 2026"
    assert span(last, last) == "25 Nov 2026"


WINDOWS = ("", "?window=24h", "?window=7d", "?window=90d", "?window=365d", "?from=2026-01-05&to=2026-02-03")


@pytest.mark.parametrize("query", WINDOWS)
async def test_every_window_has_a_page_and_a_fragment(owner: Browser, loaded: demo_project.Demo, query: str) -> None:
    assert (await owner.get(f"/projects/demo{query}")).status_code == 200
    whole = owner.text
    response = await owner.get(f"/projects/demo/window{query}")
    assert response.headers["HX-Push-Url"] == f"/projects/demo{query}"
    assert owner.text.strip().startswith('<div id="window"')
    assert "Newest messages" in whole
    assert "Newest messages" not in owner.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?window=2d", "Unknown window"),
        ("?from=2026-02-03", "Enter both days"),
        ("?from=2026-02-03&to=2026-02-01", "ends before it begins"),
        ("?from=2016-02-03&to=2026-02-01", "1,830 days at most"),
        ("?from=0001-01-01&to=9999-12-31", "from 2000 to 2100"),
        ("?from=%00&to=x", "Enter both days"),
    ],
)
async def test_it_says_what_is_wrong_with_a_window(
    owner: Browser, loaded: demo_project.Demo, query: str, message: str
) -> None:
    for path in ("/projects/demo", "/projects/demo/window"):
        assert (await owner.get(path + query)).status_code == 422
        assert message in owner.text


@pytest.mark.parametrize("days", [1, 7, 30, 90, 365, None])
async def test_a_window_is_what_the_rows_say(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, days: int | None
) -> None:
    today = await pool.fetchval("select (now() at time zone 'UTC')::date")
    first, last = (today - timedelta(40), today - timedelta(21)) if days is None else (None, None)
    window = await pool.fetchrow(
        "select w.* from fn.demo_project($1) as p, fn.project_window(p.account_id, p.id, $2, $3, $4) as w",
        demo_project.EMAIL, days, first, last,
    )  # fmt: skip
    hour = await pool.fetchval("select counted_until from project_roll")
    if days == 1:
        rows = await pool.fetchrow(
            """select count(*) filter (where created_at >= $1::timestamptz - interval '1 day'), count(*) filter (where
                created_at < $1::timestamptz - interval '1 day' and created_at >= $1::timestamptz - interval '2 days')
            from response where created_at < $1""",
            hour,
        )
    else:
        first, last = first or today - timedelta(days - 1), last or today
        span = (last - first).days + 1
        shift = -(-span // 7) * 7 if span >= 30 else span
        rows = await pool.fetchrow(
            """select count(*) filter (where counted_on between $1 and $2), count(*) filter (
                where counted_on between $1 - $3::integer and $2 - $3::integer
                    and created_at < $4::timestamptz - $3 * interval '1 day'
            )
            from response""",
            first, last, shift, hour if last == today else hour + timedelta(9),
        )  # fmt: skip
    assert window["responses"] == rows[0]
    # The demo has 90 days: 90 days and a year cannot be compared.
    assert window["before"] == (None if days in (90, 365) else rows[1])
    widgets = json.loads(window["widgets_json"])
    assert sum(each["responses"] for each in widgets) == rows[0]
    assert sum(option["count"] for each in widgets for option in each["options"]) == rows[0]
    for now, was, each in ((sum(s["trend"]["responses"]), sum(s["trend"]["before"]), s) for s in widgets):
        assert now == each["responses"]
        assert each["before"] in (was, None)
    assert len(widgets[0]["trend"]["responses"]) == len(json.loads(window["trend_json"])["starts"]) - 1


async def test_what_leads_is_shown_by_kind(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    for days in (1, 30):
        leaders = await pool.fetchval(
            "select fn.project_leaders(p.account_id, p.id, $2)::text from fn.demo_project($1) as p",
            demo_project.EMAIL,
            days,
        )
        kinds: dict[str, list[dict[str, Any]]] = {}
        for leader in json.loads(leaders):
            kinds.setdefault(leader["kind"], []).append(leader)
        most = [leader["responses"] for leader in kinds["most"]]
        assert most == sorted(most, reverse=True)
        assert len(most) == 12
        assert all(leader["sentiment"] > 0 for leader in kinds["best"])
        assert all(leader["compared"] < leader["before"] for leader in kinds.get("fall", []))


async def test_what_needs_attention_is_listed(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get("/projects/demo")
    assert "Needs attention" not in owner.text
    await pool.execute(
        """insert into refusal
        select p.account_id, p.id, date_trunc('hour', now()), 'origin', 'https://elsewhere.example', 1234
        from fn.demo_project($1) as p""",
        demo_project.EMAIL,
    )
    await pool.execute(
        "select fn.create_widget(p.account_id, p.id, 'Quiet one', 'pulse') from fn.demo_project($1) as p",
        demo_project.EMAIL,
    )
    await owner.get("/projects/demo")
    text = re.sub(r"<[^>]+>|\s+", " ", owner.text)
    assert re.search(r"1,234 responses refused\s+from https://elsewhere.example in the last 24 hours", text)
    assert re.search(r"Quiet one\s+has no responses yet", text)
