"""Releases in the panel, without JavaScript and with it: the list, a release, and its marks on charts."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import expect

from app.panel.projects import trend
from app.queries.overview import Series, Starts
from app.queries.releases import ReleaseMark
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, signed_in, site
from tests.support.panel_browser import pytestmark as chromium
from tests.support.serving import Server

__all__ = ["site"]

Pool = asyncpg.Pool
AT = "/projects/demo/releases"
TOUCHED = """select p.id, p.key from page as p join project as j on j.account_id = p.account_id and j.id = p.project_id
where j.slug = 'demo' order by p.id"""
NEW = """select fn.create_release(account_id, id, $1, $2, null, $3) from project where slug = 'demo'"""


async def create(pool: "Pool[asyncpg.Record]", name: str, days: int, *patterns: str) -> str:
    at = datetime.now(UTC) - timedelta(days=days)
    return str(await pool.fetchval(NEW, name, at, list(patterns) or ["*"]))


async def test_it_creates_shows_and_deletes_a_release(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    assert "Add one below" in owner.text
    time_zone = await pool.fetchval("select time_zone from project where slug = 'demo'")
    ten_days_ago = await pool.fetchval("select (now() at time zone $1) - interval '10 days'", time_zone)
    form = {
        "name": "New <b>docs</b>", "time": f"{ten_days_ago:%Y-%m-%dT%H:%M}", "link": "https://a.example/notes",
        "pages": "*\r\n  \r\n /docs/* ",
    }  # fmt: skip
    response = await owner.post(AT, form)
    assert response.status_code == 303
    at = response.headers["Location"]
    row = await pool.fetchrow("select *, released_at at time zone $1 as local from release", time_zone)
    assert row is not None
    assert (row["name"], row["link"], row["patterns"]) == (
        "New <b>docs</b>",
        "https://a.example/notes",
        ["*", "/docs/*"],
    )
    assert f"{row['local']:%Y-%m-%dT%H:%M}" == form["time"]
    await owner.get(at)
    assert "9 days each, with the same weekdays" in owner.text
    assert 'href="https://a.example/notes"' in owner.text
    assert owner.text.count('class="key" href="/projects/demo/pages/') == await pool.fetchval(
        f"select count(*) from ({TOUCHED}) as p"
    )
    await owner.get("/audit")
    assert "Added the release" in owner.text
    await owner.get(at)
    assert (await owner.post(f"{at}/delete", {})).status_code == 303
    assert (await owner.get(at)).status_code == 404
    assert await pool.fetchval("select count(*) from release") == 0


async def test_it_says_what_is_wrong_and_keeps_what_was_typed(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    for wrong, words in (
        ({"name": ""}, "1 to 100 characters"), ({"link": "javascript:alert(1)"}, "must begin with https://"),
        ({"time": "soon"}, "must be a date and a time"), ({"pages": "x\n" * 21}, "1 to 20 page patterns"),
        ({"time": "2999-01-01T00:00"}, "until now"),
    ):  # fmt: skip
        form = {"name": "My release", "time": "", "link": "", "pages": "/only/this"} | wrong
        assert (await owner.post(AT, form)).status_code == 422
        assert words in owner.text
        assert owner.fields.get("name", form["name"]) == form["name"]
    assert await pool.fetchval("select count(*) from release") == 0


@pytest.mark.parametrize(
    ("zone", "time"), [("Pacific/Kiritimati", "0001-01-01T00:00"), ("Pacific/Honolulu", "9999-12-31T23:59")]
)
async def test_a_time_of_which_utc_has_no_year_is_refused(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, zone: str, time: str
) -> None:
    await pool.execute("update project set time_zone = $1 where slug = 'demo'", zone)
    await owner.get(AT)
    assert (await owner.post(AT, {"name": "x", "time": time, "link": "", "pages": ""})).status_code == 422
    assert "The time must be from 2000 until now" in owner.text


async def test_a_page_shows_before_and_after_of_its_releases(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    (page_id, key), (other_id, _) = [(str(row["id"]), row["key"]) for row in (await pool.fetch(TOUCHED))[:2]]
    await create(pool, "Everything", 20)
    release = await create(pool, "Just this page", 15, key)
    await owner.get(f"/projects/demo/pages/{page_id}")
    assert [owner.text.count(f"<bdi>{name}</bdi></a>") for name in ("Everything", "Just this page")] == [1, 1]
    figures = await pool.fetchrow(
        "select f.* from project as p, fn.release_figures(p.account_id, p.id, $1::text::uuid) as f"
        " where p.slug = 'demo'",
        release,
    )
    assert figures is not None
    assert figures["responses"] > 0
    sides = re.findall(r'<span class="muted">([\d,]+) responses?</span>', owner.text)
    assert f"{figures['responses_before']:,}" in sides
    assert f"{figures['responses']:,}" in sides
    words = {"better": "Better", "worse": "Worse", "early": "Too early to tell", "none": "Nothing to compare"}
    assert words[figures["verdict"]] in owner.text
    await owner.get(f"/projects/demo/pages/{other_id}")
    assert "Everything" in owner.text
    assert "Just this page" not in owner.text


async def test_charts_show_releases_of_their_pages(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    rows = [(str(row["id"]), row["key"]) for row in await pool.fetch(TOUCHED)]
    (page_id, key), (other_id, _) = rows[:2]
    await owner.get("/projects/demo")
    assert 'class="release"' not in owner.text
    assert ">Releases</th>" not in owner.text
    id = await create(pool, "R<1>", 3, key)
    for path in ("", "/window", f"/pages/{page_id}", f"/pages/{page_id}/window"):
        await owner.get(f"/projects/demo{path}?period=7d")
        assert owner.text.count('<rect class="release"') == 1, path
        assert re.search(r'<text class="tip name \w+" x="[\d.]+%" y="34">Release R<1></text>', owner.text), path
        # In the table, and in the list below the chart.
        assert owner.text.count(f'href="{AT}/{id}"') == 2 + ("/pages/" in path and "window" not in path), path
        assert ">Releases</th>" in owner.text
    await owner.get(f"/projects/demo/pages/{other_id}?period=7d")
    assert 'class="release"' not in owner.text
    await owner.get("/projects/demo?period=today")
    assert 'class="release"' not in owner.text


def test_a_mark_is_where_its_time_is() -> None:
    first = datetime(2026, 6, 1)
    names = {5: "a", 6: "b" * 40, 7: "c & d", 12: "after the end"}  # by quarters of a day
    releases = [ReleaseMark(UUID(int=n), name, first + n * timedelta(days=1) / 4) for n, name in names.items()]
    starts = Starts("day", [first + timedelta(days=n) for n in range(4)], releases)
    chart = trend.build(starts, [Series([1, 2, 3], [0, 0, 0])], None)
    assert [len(column.releases) for column in chart.columns] == [0, 3, 0]
    places = [x for x, _ in chart.columns[1].releases]
    assert [round(x, 2) for x in places] == [41.67, 50.0, 58.33]
    marks = str(chart.marks())
    assert marks.count('<rect class="release"') == 3
    assert f"Releases a, {'b' * 29}…, c &amp; d</text>" in marks


@chromium
async def test_in_a_browser(site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    await create(pool, "Release number one, of a name that is as long as a name may be: " + "x" * 36, 2)
    page_id = (await pool.fetch(TOUCHED))[0]["id"]
    async with signed_in(site) as page:
        await page.goto("/projects/demo?period=7d")
        chart = page.locator("svg.trend")
        await chart.focus()
        for _ in range(7):
            await page.keyboard.press("ArrowLeft")
        announced = []
        for _ in range(7):
            announced.append(await page.locator("#chart-part").text_content())
            await page.keyboard.press("ArrowRight")
        with_release = [words for words in announced if words and "Release number one" in words]
        assert len(with_release) == 1
        # The time and its number come first, as at the chart's other points.
        assert re.match(r"\S+ \d+|\d+ \S+", with_release[0])
        await page.locator("#trend .releases a").first.click()
        await page.wait_for_url("**/releases/*")
        id = page.url.rpartition("/")[2]
        for width in (1280, 320):
            await page.set_viewport_size({"width": width, "height": 800})
            for path in ("?period=7d", f"/pages/{page_id}?period=7d", "/releases", f"/releases/{id}"):
                await page.goto(f"/projects/demo{path}")
                await page.evaluate(AXE.read_text())
                assert await page.evaluate(AXE_VIOLATIONS) == [], (path, width)
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        await page.goto("/projects/demo/releases")
        await page.get_by_label("Name").fill("By hand")
        await page.get_by_label("Pages").fill("/*")
        await page.get_by_role("button", name="Create release").click()
        await page.wait_for_url("**/releases/*")
        await expect(page.locator("h1")).to_have_text("By hand")
        await page.get_by_role("button", name="Delete").first.click()
        await page.locator("form.confirm").get_by_role("button", name="Delete").click()
        await page.wait_for_url("**/releases")
        await expect(page.locator(".sessions li")).to_have_count(1)
