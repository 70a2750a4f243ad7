import json
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import asyncpg
import pytest

from app.panel.projects import trend
from app.panel.shared import windows
from app.queries.overview import Series, Starts
from app.site import demo_project
from app.text.numbers import change, span
from tests.support.browser import Browser
from tests.support.citus import reads_plans

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
        re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in re.findall(r"<dd[^>]*>(.*?)</dd>", owner.text, re.DOTALL)
    ]
    assert figures[0].startswith(f"{now:,} ")
    text = change(compared, before)[0]
    assert text.endswith("change") or text in figures[0]  # only a change is shown
    assert figures[3] == f"{now / 30:.1f}"
    await owner.get("/projects")
    assert [f"{week:,}", f"{ever:,}"] == re.findall(r"<dd>([\d,]+)</dd>", owner.text)


async def test_it_counts_days_in_the_projects_zone(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    await pool.execute("update project set time_zone = 'Pacific/Kiritimati'")
    await pool.execute("call fn.run_by_account('{roll windows}')")
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


@reads_plans
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


async def test_a_project_without_responses_shows_how_to_begin(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    account_id = await pool.fetchval("select account_id from project where slug = 'demo'")
    await pool.execute("select fn.create_project($1, 'Beech', 'beech', 'UTC', '{https://beech.example}')", account_id)
    assert (await owner.get("/projects/beech")).status_code == 200
    assert "Responses are accepted from beech.example." in re.sub(r"<[^>]+>", "", owner.text)
    assert 'href="/projects/beech/widgets/new"' in owner.text
    assert "No messages yet" not in owner.text
    project_id = await pool.fetchval("select id from project where slug = 'beech'")
    widget = await pool.fetchval("select fn.create_widget($1, $2, 'Ideas', 'message')", account_id, project_id)
    await owner.get("/projects/beech")
    assert f'widget="{widget}"' in owner.text
    assert "Waiting for the first response" in owner.text
    assert "<dd>0" not in owner.text


async def test_the_checklist_gives_way_once_a_response_is_counted(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    account_id = await pool.fetchval("select account_id from project where slug = 'demo'")
    project_id = await pool.fetchval("select fn.create_project($1, 'Beech', 'beech')", account_id)
    await pool.execute("select fn.create_widget($1, $2, 'Ideas', 'message')", account_id, project_id)
    assert (await owner.get("/projects/beech/started")).status_code == 204
    await pool.execute("insert into project_day values ($1, $2, current_date, 1)", account_id, project_id)
    assert (await owner.get("/projects/beech/started")).headers["HX-Refresh"] == "true"
    await owner.get("/projects/beech")
    assert "Waiting for the first response" not in owner.text


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
        counts = Series([most if n == 10 else 0 for n in range(30)], [0] * 30)
        chart = trend.build(Starts("day", starts, []), [counts], None)
        assert [count for _, count in chart.grid] == [0, top // 2, top]
        assert all(0 <= column.y <= 100 and 0 < column.middle < 100 for column in chart.columns)
        assert chart.is_empty == (most == 0)
        assert [column.words for column in chart.columns[:2]] == ["1 Jan", "2 Jan"]


def test_lines_end_now() -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    starts = Starts("hour", [hour + timedelta(hours=n) for n in range(-2, 3)], [])
    series = [Series([1, 2, 3, 0], [4, 4, 4, 4])]
    chart = trend.build(starts, series, timedelta(days=1), "UTC")
    assert [path.count("L") for path in (chart.line, chart.widgets[0], chart.before)] == [2, 2, 3]
    assert chart.area.endswith("62.50 100L12.50 100Z")
    assert len(chart.columns) == 4
    late = trend.build(starts, series, None, "Etc/GMT+12")  # where none of it has begun
    assert late.line.count("L") == 0


def test_days_say_their_years_where_they_must() -> None:
    last = date(2026, 11, 25)
    assert span(date(2026, 8, 28), last) == "28 Aug – 25 Nov 2026"
    assert span(date(2025, 11, 26), last) == "26 Nov 2025 – 25 Nov 2026"
    assert span(last, last) == "25 Nov 2026"


WINDOWS = ("", *(f"?period={name}" for name in windows.WINDOWS), "?from=2026-01-05&to=2026-02-03", "?compare=year")


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
        ("?period=2d", "Unknown period"),
        ("?compare=moon", "Unknown comparison"),
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


async def test_it_says_first_what_to_fix(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    rows = await pool.fetch(
        """select p.key, count(*) filter (where o.weight < 0) as unhappy from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join page as p on p.account_id = c.account_id and p.id = c.page_id
        join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        join option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
        where s.type not in ('pulse', 'message', 'form') and f.counted_on > (now() at time zone 'UTC')::date - 30
        group by p.key order by 2 desc, 1 limit 3"""
    )
    await owner.get("/projects/demo")
    problems = owner.text[owner.text.index('id="problems"') : owner.text.index('class="totals"')]
    assert [int(n) for n in re.findall(r"(\d+) unhappy</strong>", problems)] == [row["unhappy"] for row in rows]
    assert "<blockquote" in problems
    (body,) = re.findall(r"/responses/([0-9a-f-]{36})\">", problems)[:1]
    assert await pool.fetchval("select body is not null from response where id = $1::text::uuid", body)


@pytest.mark.parametrize("path", ["", "/pages", "/responses", "/exports"])
async def test_one_address_says_it_all(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, path: str
) -> None:
    row = await pool.fetchrow(
        """select s.id, s.name, o.value, o.label from widget as s
        join option as o on o.account_id = s.account_id and o.widget_id = s.id
        where s.type = 'updown' and o.no = 1"""
    )
    query = urlencode({"period": "7d", "widget": row["id"], "option": row["value"], "origin": "https://acorn.example"})
    assert (await owner.get(f"/projects/demo{path}?{query}")).status_code == 200
    for other in ("/pages", "/responses"):
        assert f"/projects/demo{other}?{query}" in owner.text or path == "/exports"
    nothing = "01a03d6d-0000-7000-8000-000000000000"
    for name, word in (("widget", "widget"), ("period", "period")):
        status = (await owner.get(f"/projects/demo{path}?{name}={nothing}")).status_code
        assert status in (404, 422), (path, name)
        assert word in owner.text


@pytest.mark.parametrize("path", ["", "/window", "/pages", "/pages/listing", "/responses", "/inbox", "/exports"])
async def test_a_site_without_pages_is_named(owner: Browser, loaded: demo_project.Demo, path: str) -> None:
    for origin in ("https://nowhere.example", "acorn", "https://acorn.exampl"):
        assert (await owner.get(f"/projects/demo{path}?{urlencode({'origin': origin})}")).status_code == 404
        assert f"No page of this project is at “{origin}”." in owner.text
    for origin in ("https://acorn.example", "none"):
        assert (await owner.get(f"/projects/demo{path}?{urlencode({'origin': origin})}")).status_code == 200


async def test_an_option_leads_to_what_it_was_chosen_on(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    widget = loaded.widgets["yesno"]
    page = await pool.fetchval("select page_id from placement where widget_id = $1::text::uuid limit 1", widget)
    for address in ("/projects/demo", f"/projects/demo/pages/{page}"):
        await owner.get(f"{address}?period=90d")
        link = f"{address}?period=90d&widget={widget}&option=n"
        assert f'<a class="plain" href="{link}">No</a>' in owner.text.replace("&amp;", "&")
        await owner.get(link)
        assert "Answer:</span> <bdi>No</bdi>" in owner.text


async def test_the_period_is_remembered_by_person_and_project(
    owner: Browser, teammate: Browser, loaded: demo_project.Demo
) -> None:
    await owner.get("/projects/demo?period=7d&compare=none")
    await owner.get("/projects/demo/pages")
    assert "Last 7 days</summary>" in owner.text
    assert "No comparison</summary>" in owner.text
    await owner.get("/projects/demo?from=2026-01-05&to=2026-02-03")
    await owner.get("/projects/demo")
    assert "Last 7 days</summary>" in owner.text
    await teammate.get("/projects/demo")
    assert "Last 30 days</summary>" in teammate.text


async def test_what_needs_attention_is_listed(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get("/projects/demo")
    assert "Needs attention" not in owner.text
    await pool.execute("update project set origins = '{https://acorn.example}' where slug = 'demo'")
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
    for allowed, is_listed in (("https://*.example", False), ("https://elsewhere_example", True), ("*", False)):
        await pool.execute("update project set origins = array[$1, 'https://acorn.example']", allowed)
        await owner.get("/projects/demo")
        assert ("responses refused" in owner.text) == is_listed, allowed


async def test_the_last_24_hours_say_that_they_are_full(owner: Browser, loaded: demo_project.Demo) -> None:
    await owner.get("/projects/demo?period=24h")
    words = " ".join(owner.text.split())
    assert re.search(r"The last 24 full hours, until \d\d:00; the current hour counts once it is over", words)
