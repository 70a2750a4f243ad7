"""The published SDKs, unmodified: in Node, and in a browser on a page of another origin than the server's."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.support import factories
from tests.support.sdk_pages import BUILDS, CHROMIUM, MODULES, TESTS, Pages, browsing
from tests.support.serving import Server, check_tallies
from tests.support.serving_thread import serving_in_thread

Pool = asyncpg.Pool

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "@feelback/js").is_dir()),
    reason="node or the published packages are missing: run tests/install",
)
needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and (MODULES / "@feelback/js").is_dir()),
    reason="chromium or the published packages are missing: run tests/install",
)

KEYS = [
    "https://example.com/a?b=1&c=2&utm_source=x",
    "https://example.com/a+b?q=c+d",
    "https://example.com/50%25?x=%26&y=%2B&z=%23",
    "https://example.com/a?q=100%",
    "https://example.com/a#part",
    "https://example.com/#/route?x=1",
    "https://example.com/caf%C3%A9/日本?q=ü",
    "https://example.com/?q=%22quoted%22&r='single'",
    'a literal & + % "key" \\ with é',
    "ticket #1",
    "#1",
]


@pytest.fixture
async def site(pool: "Pool[asyncpg.Record]", database: str) -> AsyncIterator[Server]:
    """The server, as websites see it."""
    with serving_in_thread({"DATABASE_URL": database}) as running:
        yield running
    await check_tallies(pool)


# In Node


def session(server: Server, *steps: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of one visitor's steps, in order."""
    process = subprocess.run(
        ["node", "session.mjs"],
        cwd=TESTS / "sdk", input=json.dumps({"endpoint": f"{server.url}/v0", "steps": steps}), text=True,
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    return [step.get("result", step) for step in json.loads(process.stdout)]


@needs_node
async def test_it_serves_the_sdk_with_every_key(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    votes = await factories.widget(pool, "updown")
    targets = [{"target": {"contentSetId": votes.id, "key": key}} for key in KEYS]
    for target in targets:
        assert session(
            site,
            ("send", {**target, "value": "+1", "metadata": {"title": "A"}}), ("count", target),
            ("send", {**target, "value": "-1"}), ("count", target),
            ("isRevokable", target), ("remove", target), ("count", target),
            ("send", {**target, "value": "+1"}), ("count", target),
        ) == ["+1", [1, 0], "-1", [0, 1], True, None, [0, 0], "+1", [1, 0]]  # fmt: skip
    assert await pool.fetchval("select count(*) from placement") == len(KEYS)


@needs_node
async def test_it_serves_the_sdk_with_every_type(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    fields = [{"name": "name", "required": True}, {"name": "age", "kind": "number"}]
    sent: list[tuple[str, str | None, Any, list[int]]] = [
        ("pulse", None, "+", [1]),
        ("updown", None, "-1", [0, 1]),
        ("yesno", None, "y", [1, 0]),
        ("updown", None, "n", [0, 1]),
        ("yesno", None, "+1", [1, 0]),
        ("reaction", "feeling", "neutral", [0, 1, 0]),
        ("reaction", "github", "eyes", [0, 0, 0, 0, 0, 0, 0, 1]),
        ("reaction", "facebook", "wow", [0, 0, 0, 1, 0, 0]),
        ("reaction", "evaluation", "hate", [0, 0, 0, 1]),
        ("rating", None, 4, [0, 0, 0, 1, 0]),
        ("nps", None, 10, [0] * 10 + [1]),
        ("message", None, "Grüße & mehr", [1]),
        ("tagged", "feedback", {"tag": "error", "message": "broken"}, [0, 1, 0]),
        ("tagged", "feedback", {"tag": "idea"}, [1, 0, 0]),
        ("tagged", "evaluation", {"tag": "love"}, [1, 0, 0, 0]),
        ("tagged", "like-dislike", {"tag": "-1", "message": "no"}, [0, 1]),
        ("form", None, {"name": "Ada", "age": 36}, [1]),
    ]
    steps: list[tuple[str, dict[str, Any]]] = []
    expected: list[Any] = []
    for type, preset, value, counts in sent:
        widget = await factories.widget(pool, type, preset=preset, fields=fields if type == "form" else None)
        target = {"target": {"contentSetId": widget.id, "key": "https://example.com/a"}}
        steps += [("send", {**target, "value": value, "metadata": {"$user": "ada@example.com"}}), ("count", target)]
        expected += [value, counts]
    assert session(site, *steps) == expected


@needs_node
async def test_it_serves_the_sdk_by_placement_id(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    likes = await factories.widget(pool)
    first = {"target": {"contentSetId": likes.id, "key": "a"}}
    assert session(site, ("send", {**first, "value": "+"})) == ["+"]
    placement = {"target": {"contentId": str(await pool.fetchval("select id from placement"))}}
    assert session(site, ("count", placement), ("send", {**placement, "value": "+"}), ("count", placement), ("remove",
    placement)) == [
        [1], "+", [1], None,
    ]  # fmt: skip


@needs_node
async def test_it_counts_a_visitor_once_who_cleared_the_browser(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    votes = await factories.widget(pool, "yesno")
    target = {"target": {"contentSetId": votes.id, "key": "a"}}
    vote = ("send", {**target, "value": "y"})
    assert session(site, vote, ("forget", {}), vote, ("forget", {}), vote, ("count", target))[-1] == [1, 0]
    assert session(site, ("send", {**target, "value": "n", "revokable": False}), ("isRevokable", target), ("count",
    target)) == [
        "n", False, [0, 1],
    ]  # fmt: skip


@needs_node
async def test_it_tells_the_sdk_of_errors(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    votes = await factories.widget(pool, "yesno")
    target, none = {"contentSetId": votes.id, "key": "a"}, {"contentSetId": "none", "key": "a"}
    error = {"error": "[feelback] API error"}
    steps = [
        ("send", {"target": target, "value": "maybe"}),
        ("send", {"target": none, "value": "y"}),
        ("count", {"target": none}),
    ]
    assert session(site, *steps, ("count", {"target": target})) == [error, error, error, [0, 0]]


# In a browser, on a page of another origin


PAGE = """<!doctype html><title>A page</title>{body}
<script>
addEventListener("load", () => {{
    // Loaded after the page, so that it is set up just once, with an endpoint.
    const script = document.createElement("script");
    script.src = "/browser-auto.js";
    script.onload = () => {{
        feelback.setupFeelback({{ endpoint: "{endpoint}" }});
        document.body.dataset.ready = "yes";
    }};
    document.head.append(script);
}});
</script>"""
QUERY = "/page?a=1&b=c+d&e=%25&f=\"é\"&g='x'&utm_source=mail#part"


def buttons(id: str, widget_id: str, values: list[str], **more: Any) -> str:
    config = json.dumps({"contentSetId": widget_id, "showCount": True, **more}).replace('"', "&quot;")
    return f'<div id="{id}" data-feelback="{config}">' + "".join(
        f'<button data-feelback-value="{value}">{value} '
        f'<span data-feelback-count="{value}" data-feelback-count-index="{index}">?</span></button>'
        for index, value in enumerate(values)
    ) + "</div>"  # fmt: skip


@dataclass
class Website:
    """A page with the browser build, on an origin that its project lists."""

    pages: Pages
    widgets: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The page's address, which is every page's key."""
        return self.pages.origin + QUERY


async def website(pool: "Pool[asyncpg.Record]", pages: Pages, *types: tuple[str, str | None]) -> Website:
    project = await factories.project(pool, origins=(pages.origin,))
    widgets = {type: (await factories.widget(pool, type, project, preset=preset)).id for type, preset in types}
    return Website(pages, widgets)


async def opened(page: Page, url: str) -> None:
    await page.goto(url)
    await page.wait_for_selector("body[data-ready]")


@needs_chromium
@pytest.mark.parametrize("build", BUILDS)
async def test_it_serves_buttons_of_the_browser_build(pool: "Pool[asyncpg.Record]", site: Server, build: str) -> None:
    with Pages() as pages:
        here = await website(pool, pages, ("pulse", None), ("yesno", None), ("reaction", "github"))
        github = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]
        body = buttons("pulse", here.widgets["pulse"], ["+"]) + buttons("yesno", here.widgets["yesno"], ["y", "n"])
        body += buttons("reaction", here.widgets["reaction"], github, key="$path")
        pages.add("/page", PAGE.format(body=body, endpoint=f"{site.url}/v0"))
        pages.add("/browser-auto.js", BUILDS[build].read_bytes(), "text/javascript")
        async with browsing(is_whole=True) as page:
            await opened(page, here.url)

            def button(id: str, value: str) -> Any:
                return page.locator(f'#{id} [data-feelback-value="{value}"]')

            def count(id: str, value: str) -> Any:
                return page.locator(f'#{id} [data-feelback-count="{value}"]')

            # A like is sent and deleted.
            await expect(count("pulse", "+")).to_have_text("0")
            await button("pulse", "+").click()
            await expect(button("pulse", "+")).to_have_class("active")
            await expect(count("pulse", "+")).to_have_text("1")
            assert await pool.fetchval("select count(*) from response") == 1
            await button("pulse", "+").click()
            await expect(button("pulse", "+")).not_to_have_class("active")
            await expect(count("pulse", "+")).to_have_text("0")
            assert await pool.fetchval("select count(*) from response") == 0
            await button("pulse", "+").click()
            await expect(button("pulse", "+")).to_have_class("active")
            # A vote moves.
            await button("yesno", "y").click()
            await expect(button("yesno", "y")).to_have_class("active")
            await button("yesno", "n").click()
            await expect(button("yesno", "n")).to_have_class("active")
            # The last of eight reactions, on the page without its query.
            await button("reaction", "eyes").click()
            await expect(count("reaction", "eyes")).to_have_text("1")
            # Another visit of the page shows what the server counted, at the right places.
            await page.evaluate("localStorage.clear()")
            await opened(page, f"{here.url}-other")
            await expect(count("pulse", "+")).to_have_text("1")
            for id, values, chosen in (("yesno", ["y", "n"], "n"), ("reaction", github, "eyes")):
                for value in values:
                    await expect(count(id, value)).to_have_text("1" if value == chosen else "0")
            # Without the browser's storage it votes again, and is the same visitor.
            await button("yesno", "y").click()
            await expect(button("yesno", "y")).to_have_class("active")
        keys = {row["key"] for row in await pool.fetch("select key from placement")}
        query = "a=1&b=c+d&e=%25&f=%22%C3%A9%22&g=%27x%27"
        assert keys == {f"{pages.origin}/page?{query}", f"{pages.origin}/page"}
        assert await pool.fetchval("select count(*) from response") == 3


@needs_chromium
@pytest.mark.parametrize("build", BUILDS)
async def test_it_serves_forms_of_the_browser_build(pool: "Pool[asyncpg.Record]", site: Server, build: str) -> None:
    with Pages() as pages:
        here = await website(pool, pages, ("message", None), ("tagged", None))
        body = f"""
<div id="message" data-feelback-set="{here.widgets["message"]}" data-feelback-component="form">
  <form class="feelback-form" data-feelback-type="form-single">
    <textarea data-feelback-field="message"></textarea><button>Send</button>
    <input data-feelback-field="user" data-feelback-metadata="$user">
  </form>
</div>
<div id="tagged" data-feelback-set="{here.widgets["tagged"]}" data-feelback-component="form">
  <form class="feelback-form">
    <fieldset data-feelback-type="radio-group" data-feelback-field="tag">
      <input type="radio" name="tag" value="idea"><input type="radio" name="tag" value="error">
    </fieldset>
    <textarea data-feelback-field="message"></textarea><button>Send</button>
  </form>
</div>"""
        pages.add("/page", PAGE.format(body=body, endpoint=f"{site.url}/v0"))
        pages.add("/browser-auto.js", BUILDS[build].read_bytes(), "text/javascript")
        async with browsing(is_whole=True) as page:
            await opened(page, here.url)
            await page.evaluate(
                "window.sent = []; addEventListener('feelback-sent', event => sent.push(event.detail.value))"
            )
            await page.fill("#message textarea", "Grüße & mehr: 100 % +1")
            await page.fill("#message input", "ada@example.com")
            await page.click("#message button")
            await page.wait_for_function("sent.length == 1")
            await page.check("#tagged [value=error]")
            await page.fill("#tagged textarea", "It is broken.")
            await page.click("#tagged button")
            await page.wait_for_function("sent.length == 2")
        rows = await pool.fetch(
            "select f.body, o.value, f.context::text from response as f"
            " join option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no"
            " order by f.id"
        )
        assert [tuple(row) for row in rows] == [
            ("Grüße & mehr: 100 % +1", "message", '{"$user": "ada@example.com", "$language": "en"}'),
            ("It is broken.", "error", '{"$language": "en"}'),
        ]  # fmt: skip


@needs_chromium
@pytest.mark.parametrize("build", BUILDS)
async def test_it_takes_nothing_from_a_page_that_the_project_does_not_list(
    pool: "Pool[asyncpg.Record]", site: Server, build: str
) -> None:
    with Pages() as pages, Pages() as others:
        here = await website(pool, others, ("pulse", None))
        pages.add("/page", PAGE.format(body=buttons("pulse", here.widgets["pulse"], ["+"]), endpoint=f"{site.url}/v0"))
        pages.add("/browser-auto.js", BUILDS[build].read_bytes(), "text/javascript")
        async with browsing(is_whole=True) as page:
            console: list[str] = []
            page.on("console", lambda message: console.append(message.text))
            await opened(page, pages.origin + QUERY)
            await page.click("#pulse button")
            await page.wait_for_timeout(500)
            assert any("Cannot send feelback" in text for text in console)
            await expect(page.locator("#pulse button")).not_to_have_class("active")
    assert await pool.fetchval("select count(*) from response") == 0


def bundled() -> bytes:
    """A script with the components of React."""
    command = [MODULES / ".bin/esbuild", "widgets.jsx", "--bundle", "--jsx=automatic", "--log-level=error"]
    return subprocess.run(command, cwd=TESTS / "sdk", check=True, timeout=60, capture_output=True).stdout


@needs_chromium
async def test_it_serves_the_components_of_react(pool: "Pool[asyncpg.Record]", site: Server) -> None:
    with Pages() as pages:
        here = await website(
            pool, pages, ("pulse", None), ("yesno", None), ("reaction", "github"), ("message", None), ("tagged", None)
        )
        options = json.dumps({"endpoint": f"{site.url}/v0", "widgets": here.widgets})
        body = f'<div id="root"></div><script>window.page = {options}</script><script src="/widgets.js"></script>'
        pages.add("/page", f"<!doctype html>{body}")
        pages.add("/widgets.js", await asyncio.to_thread(bundled), "text/javascript")
        async with browsing(is_whole=True) as page:
            await page.goto(here.url)
            for id, title in (("pulse", "Like"), ("yesno", "No"), ("reaction", "Let's go!")):
                button = page.locator(f'#{id} button[title="{title}"]')
                await button.click()
                await expect(button).to_have_class("feelback-btn  active")
            await page.fill("#message textarea", "Hello")
            await page.click("#message .form-buttons button")
            await expect(page.locator("#message")).to_contain_text("Thanks")
            await page.locator("#tagged input[value=idea]").check()
            await page.fill("#tagged textarea", "A dark theme")
            await page.click("#tagged .form-buttons button")
            await expect(page.locator("#tagged")).to_contain_text("Thanks")
    rows = await pool.fetch(
        "select s.type, o.value, f.body from response as f"
        " join widget as s on s.account_id = f.account_id and s.id = f.widget_id "
        "join option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = f.option_no order by f.id"
    )
    assert [tuple(row) for row in rows] == [
        ("pulse", "+", None), ("yesno", "n", None), ("reaction", "rocket", None), ("message", "message", "Hello"),
        ("tagged", "idea", "A dark theme"),
    ]  # fmt: skip
    assert await pool.fetchval("select count(distinct key) from placement") == 1
