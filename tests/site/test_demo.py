import re
from uuid import UUID

import asyncpg

from app.site import demo_project
from tests.support import factories
from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_it_says_how_to_load_the_demo(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await factories.delete_accounts(pool)
    assert (await browser.get("/demo")).status_code == 404
    assert "Run `feelback demo`" in browser.text


async def test_it_has_a_form_for_every_type_and_its_counts(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.get("/demo")
    assert re.findall(r'<article id="([a-z]+)"', browser.text) == list(loaded.widgets)
    assert browser.text.count('action="/v1/responses" method="post"') == 9
    rows = await pool.fetch(
        """select w.type, count(*) from response as r
        join placement as l on l.account_id = r.account_id and l.id = r.placement_id
        join page as p on p.account_id = l.account_id and p.id = l.page_id
        join widget as w on w.account_id = r.account_id and w.id = r.widget_id
        where p.key = '/demo' group by w.type"""
    )
    counts = re.findall(r'<article id="([a-z]+)".*?data-total>([\d,]+)<', browser.text, re.DOTALL)
    assert dict(counts) == {row["type"]: f"{row['count']:,}" for row in rows}
    assert f'name="widget" value="{loaded.widgets["nps"]}"' in browser.text
    assert 'name="fields.email"' in browser.text
    assert 'name="return" value="/demo#tagged"' in browser.text


async def test_a_rating_without_icons_is_a_scale(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.get("/demo")
    assert '<div class="answers stars">' in browser.text
    await pool.execute("update option set icon = '' where widget_id = $1", UUID(loaded.widgets["rating"]))
    await pool.execute(
        "update option set label = 'Very easy' where widget_id = $1 and value = '5'", UUID(loaded.widgets["rating"])
    )
    await browser.get("/demo")
    assert '<div class="answers stars">' not in browser.text
    assert 'value="5" aria-label="5: Very easy"' in browser.text
    assert "<bdi>1 star</bdi><bdi>Very easy</bdi>" in browser.text
    assert "★</span>" not in browser.text


async def test_it_shows_a_vote_that_has_come_in(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update tally set count = 123456")
    await browser.get("/demo")
    assert '<span class="count" data-count="+">123,456</span>' in browser.text
