"""The list of responses about passages on a page's screen, and its comparison with the page in a browser."""

import asyncio
import json

import asyncpg
from playwright.async_api import expect

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, signed_in, site
from tests.support.panel_browser import pytestmark as chromium
from tests.support.sdk_pages import Pages, browsing
from tests.support.serving import Server

__all__ = ["site"]

Pool = asyncpg.Pool
MESSAGES = (
    "select w.* from widget as w join project as p on p.account_id = w.account_id and p.id = w.project_id"
    " where p.slug = 'demo' and w.type = 'message'"
    " order by w.id limit 1"
)
WRITTEN = (
    "Guide\nBefore you begin, make a backup of everything.\nInstall\nOpen a terminal window and press Enter once."
    " The installer then prints a long key.\nFinish\nRestart the server and enjoy your afternoon.\nBye"
)
NOW = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Guide</title>
<script type="module" src="{server}/sdk/passage.js"></script>
<main><h2>New</h2><p>More words.</p><h1>Guide</h1><p>Before you begin, make a backup of everything.</p>
<h2>Install</h2><p>Open a terminal window and press Enter twice. The installer then prints a long key.</p>
<h2>Finish</h2><p>Bye</p><feelback-passage widget="{widget}"></feelback-passage></main>"""


async def add(pool: "Pool[asyncpg.Record]", key: str, exact: str, heading: str, body: str) -> None:
    """Store a message of the demo about a passage of the page as it was written."""
    start = WRITTEN.index(exact)
    end = start + len(exact)
    passage = {
        "exact": exact, "prefix": WRITTEN[max(0, start - 16) : start], "suffix": WRITTEN[end : end + 16],
        "heading": heading, "start": start, "end": end,
    }  # fmt: skip
    rows = await pool.fetch(
        f"select i.* from ({MESSAGES}) as w, fn.ingest_passage(w.account_id, w.id, $1, fn.uuid_v7(),"
        " (extract(epoch from now()) * 1000)::bigint, current_date, 1::smallint, $2, null, null, null, null, null,"
        " null, null, $3, 1000, null, false, null, '{}', '{}') as i",
        key, body, json.dumps(passage),
    )  # fmt: skip
    assert rows == []


async def address(pool: "Pool[asyncpg.Record]", key: str) -> str:
    """The path of a page's screen."""
    return f"/projects/demo/pages/{await pool.fetchval('select id from page where key = $1', key)}"


async def test_it_lists_them_by_place(owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> None:
    key = "https://docs.example/guide"
    await add(pool, key, "Restart the server", "Finish", "Which one?")
    await add(pool, key, "press Enter once", "Install", "<b>Where</b> is Enter?")
    await add(pool, key, "Open a terminal", "Install", "What is a terminal?")
    at = await address(pool, key)
    await owner.get(at)
    order = [owner.raw.index(text) for text in ("What is a terminal?", "&lt;b&gt;Where", "Which one?")]
    assert order == sorted(order)
    assert owner.raw.count('<h3 dir="auto">Install</h3>') == 1
    assert f'href="{key}#:~:text=window%20and-,press%20Enter%20once,-' in owner.raw
    # Spam is not listed.
    await pool.execute(
        "insert into message_state (account_id, response_id, project_id, widget_id, folder, moved_at)"
        " select r.account_id, r.id, w.project_id, w.id, 'spam', now() from response as r"
        " join widget as w on w.account_id = r.account_id and w.id = r.widget_id where r.body = 'Which one?'"
        " on conflict (account_id, response_id) do update set folder = 'spam'"
    )
    await owner.get(at)
    assert "Which one?" not in owner.raw.partition('id="passages"')[2].partition("</section>")[0]
    id = await pool.fetchval("select id from response where body = 'What is a terminal?'")
    await owner.get(f"/projects/demo/responses/{id}")
    assert "<blockquote" in owner.raw
    assert "#:~:text=Open%20a%20terminal" in owner.raw


async def test_bad_places_change_nothing(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    key = "https://docs.example/guide"
    await add(pool, key, "Open a terminal", "Install", "What is a terminal?")
    at = await address(pool, key)
    before = await pool.fetch("select * from passage")
    await owner.get(at)
    id = str(before[0]["response_id"])
    wrong = [{"id": "x"}, {"id": id, "start": -1}, {"id": id, "more": 1}]
    for places in ("", "5", "[5]", *(json.dumps([place]) for place in wrong)):
        assert (await owner.post(f"{at}/passages", {"places": places})).status_code in (400, 422), places
    # Nothing stands at no words, and what is another page's stays as it is.
    await owner.post(f"{at}/passages", {"places": json.dumps([{"id": id, "start": 5, "end": 5}])})
    await add(pool, "https://docs.example/other", "Open a terminal", "Install", "Elsewhere")
    other = await address(pool, "https://docs.example/other")
    await owner.post(f"{other}/passages", {"places": json.dumps([{"id": id, "outdated": True}])})
    assert [row for row in await pool.fetch("select * from passage") if str(row["response_id"]) == id] == before


async def test_the_first_words_of_a_page_have_a_place(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    key = "https://docs.example/guide"
    await add(pool, key, "Guide", "", "To what?")
    at = await address(pool, key)
    await owner.get(at)
    id = str(await pool.fetchval("select response_id from passage"))
    place = {"id": id, "start": 0, "end": 6, "heading": "", "current": "Guides"}
    assert (await owner.post(f"{at}/passages", {"places": json.dumps([place])})).status_code == 303
    row = await pool.fetchrow("select start_at, end_at, current, checked_at is not null from passage")
    assert tuple(row or ()) == (0, 6, "Guides", True)


@chromium
async def test_it_compares_them_with_the_page(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    with Pages() as pages:
        key = f"{pages.origin}/guide"
        widget = (await pool.fetchrow(MESSAGES))["id"]
        pages.add("/guide", NOW.format(server=site.url, widget=widget))
        await add(pool, key, "make a backup of everything", "Guide", "How?")
        await add(pool, key, "Open a terminal window and press Enter once.", "Install", "Why once?")
        await add(pool, key, "Restart the server and enjoy your afternoon.", "Finish", "Which one?")
        await pool.execute("update project set origins = origins || $1", [pages.origin])
        at = await address(pool, key)
        async with signed_in(site, viewport={"width": 390, "height": 844}) as page:
            await page.goto(at)
            async with page.expect_popup() as opening:
                await page.get_by_role("button", name="Compare with the page").click()
            await opening.value
            await expect(page.locator("#passages-status")).to_contain_text("Compared with the page")
            section = page.locator("#passages")
            await expect(section.locator("li", has_text="Which one?").locator(".chip")).to_have_text("outdated")
            await expect(section.locator("li", has_text="Why once?").locator("q")).to_have_text(
                "Open a terminal window and press Enter twice."
            )
            await expect(section.locator("li", has_text="How?").locator(".chip, q")).to_have_count(0)
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == []
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        rows = await pool.fetch(
            "select exact, is_outdated, checked_at, start_at, current from passage order by response_id"
        )
        assert [(row["is_outdated"], row["current"]) for row in rows] == [
            (False, None), (False, "Open a terminal window and press Enter twice."), (True, None),
        ]  # fmt: skip
        assert all(row["checked_at"] for row in rows)


@chromium
async def test_nobody_but_the_panel_is_answered(
    site: Server, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    with Pages() as pages, Pages() as stranger:
        pages.add(
            "/guide",
            NOW.format(server=site.url, widget=loaded and await pool.fetchval("select id from widget limit 1")),
        )
        stranger.add("/", "<!doctype html><title>Stranger</title>")
        async with browsing() as other:
            await other.goto(stranger.origin)
            async with other.expect_popup() as opening:
                await other.evaluate(
                    "(url) => { window.answers = []; addEventListener('message', (e) => answers.push(e.data));"
                    " window.opened = open(url) }", f"{pages.origin}/guide",
                )  # fmt: skip
            popup = await opening.value
            await popup.wait_for_load_state()
            for _ in range(5):
                await other.evaluate("opened.postMessage({ feelbackPassages: [{ id: 1, exact: 'Guide' }] }, '*')")
                await asyncio.sleep(0.1)
            assert await other.evaluate("answers") == []
