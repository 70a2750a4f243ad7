"""How often a widget was seen, and its response rate: on the screens of a page and a widget."""

import re
from datetime import date, timedelta

import asyncpg

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.reason_demo import ReasonExample, follow_up
from tests.support.seen_demo import add

Pool = asyncpg.Pool
SEEN = re.compile(r'<p class="muted seen">(.*?)</p>')


async def responses(pool: "Pool[asyncpg.Record]", of: ReasonExample, day: date, *, of_page: bool) -> int:
    """The widget's responses on a day."""
    count: int = await pool.fetchval(
        "select count(*) from response as f"
        " join placement as c on c.account_id = f.account_id and c.id = f.placement_id where f.widget_id = $1"
        " and f.counted_on = $2 and (c.page_id = $3 or not $4)",
        of.widget_id, day, of.page_id, of_page,
    )  # fmt: skip
    return count


def lines(browser: Browser) -> list[str]:
    """What the screen says of views, as text."""
    return [re.sub(r"<[^>]+>", "", line) for line in SEEN.findall(browser.text)]


async def test_a_page_says_how_often_its_widget_was_seen_in_the_window(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await follow_up(pool)
    path = f"/projects/demo/pages/{example.page_id}"
    await owner.get(f"{path}?period=30d")
    assert lines(owner) == []
    day = await add(pool, example, 1000, 3)
    await add(pool, example, 500, 50)
    count = await responses(pool, example, day, of_page=True)
    for address in (f"{path}?period=30d", f"{path}/window?period=30d", f"{path}?from={day}&to={day}"):
        await owner.get(address)
        (line,) = lines(owner)
        rate = 100 * (count / 1000)
        assert line.startswith(f"Seen 1,000 times, response rate {rate:.1f} % ("), line
        assert re.search(r"\(\d+\.\d–\d+\.\d %\), since ", line)
        assert line.endswith(f"since {day.day} {day:%b %Y}")
    await owner.get(f"{path}?period=90d")
    assert lines(owner)[0].startswith("Seen 1,500 times")
    await owner.get(f"{path}?period=today")
    assert lines(owner) == []


async def test_a_widget_says_it_of_all_time(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await follow_up(pool)
    path = f"/projects/demo/widgets/{example.widget_id}"
    await owner.get(path)
    assert lines(owner) == []
    day = await add(pool, example, 2000, 3)
    count = await responses(pool, example, day, of_page=False)
    for address in (path, f"{path}/figures"):
        await owner.get(address)
        (line,) = lines(owner)
        assert line.startswith(f"Seen 2,000 times, response rate {100 * (count / 2000):.1f} % ("), line
    assert f'title="{count} response' in owner.text


async def test_more_responses_than_views_give_no_rate(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    example = await follow_up(pool)
    day = await pool.fetchval(
        "select counted_on from response where widget_id = $1 group by 1 having count(*) > 2 order by 1 desc limit 1",
        example.widget_id,
    )
    today = await add(pool, example, 1, 0)
    await add(pool, example, 1, (today - day) // timedelta(days=1))
    await owner.get(f"/projects/demo/widgets/{example.widget_id}")
    (line,) = lines(owner)
    assert line.startswith("Seen 2 times"), line
    assert "rate" not in line
