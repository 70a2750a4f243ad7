"""Every mail in common clients: unsupported features, and how it looks in a browser."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import Browser, Route

from app import config
from app.config import ROOT
from app.database.tenant import TenantPool
from app.mail import message as mail
from app.mail.view import view
from app.panel.shared import mail_frame
from app.queries.mail import Mail
from app.queries.recaps import RecapPlacement
from app.recaps import email_lists
from app.recaps import recap as recaps
from app.recaps.chart_processes import ChartProcesses
from app.text.bidi import with_elements
from tests.support.chromium import connected
from tests.support.mail_worker import MAILS
from tests.support.recap_world import build
from tests.support.sdk_pages import SHELL
from tests.support.settings import SECRET
from tests.support.sql_world import World

NODE = shutil.which("node") and (ROOT / "tests" / "node_modules" / "doiuse-email").is_dir()
CLIENTS = (
    "gmail.*",
    "outlook.*",
    "apple-mail.*",
    "yahoo.*",
    "samsung-email.*",
    "protonmail.*",
    "fastmail.*",
    "thunderbird.*",
)
# Features that some client lacks, and what a mail looks like without them.
FINE = {
    "@media": "without it a mail is light, and as wide as there is room",
    "<body> element": "replaced by another one that has its style",
    "display:none": "the preview line is one pixel high and of its ground's colour besides",
    "overflow": "the same",
    "role attribute": "a screen reader says table where it is none",
    "lang attribute": "a screen reader reads it in the language of the client",
    "border-radius": "corners are square",
    "word-break": "a long address makes the mail as wide as itself",
    "text-decoration": "links are underlined",
}
SCREENS: tuple[tuple[int, Any], ...] = ((360, "light"), (360, "dark"), (700, "light"), (700, "dark"))


def html_of(kind: str) -> str:
    """The HTML of a mail; that of a recap is a fixture, since it needs a database."""
    settings = config.load({"DATABASE_URL": "postgresql://nobody@localhost/nothing", "SECRET_KEY": SECRET})
    row = Mail(UUID(int=0), "a@example.com", kind, MAILS[kind], "x y z", "<x@y.example>", 1)
    return view(mail.message(row, settings).as_bytes(policy=mail.POLICY.clone(utf8=True))).html


@pytest.fixture
async def recap_html(database: str, settings: config.Settings, pool: "asyncpg.Pool[Any]") -> str:
    """The HTML of a recap, with its charts in it."""
    world = World(database)
    of = build(world)
    world.close_connection()
    chart_processes = ChartProcesses(1)
    try:
        recap = recaps.Period("acorn", "week", date(2026, 11, 16))
        message = await recaps.preview(TenantPool(pool, of.account_id), settings, recap, "ann@example.com")
    finally:
        chart_processes.shut_down()
    return view(message.as_bytes(policy=mail.POLICY.clone(utf8=True))).html


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with connected(SHELL) as browser:
        yield browser


def check_clients(html: str) -> None:
    """Each feature that some client lacks is one that a mail can do without."""
    script = Path(__file__).with_name("mail_clients.mjs")
    process = subprocess.run(["node", script, *CLIENTS], input=html, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    lacking = {str(fault).split("`")[1] for fault in json.loads(process.stdout)}
    assert {what for what in lacking if what not in FINE} == set()


async def check_looks(html: str, chromium: Browser) -> None:
    """It fits each screen and can be read there, and looks the same under the policy of the page that shows it."""
    framed = mail_frame.frame(html)
    headers = {name: framed.headers[name] for name in ("Content-Security-Policy", "Content-Type")}
    served = {
        "/mailed": ({"Content-Type": "text/html; charset=utf-8"}, html),
        "/page": (headers, await framed.get_data()),
    }

    async def answer(route: Route) -> None:
        own, body = served[urlsplit(route.request.url).path]
        await route.fulfill(headers=own, body=body)

    for width, scheme in SCREENS:
        page = await chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        await page.route("**", answer)
        complaints: list[str] = []
        page.on("console", lambda message, to=complaints: to.append(message.text))
        pictures = []
        for path in served:
            await page.goto(f"http://mail.example{path}")
            pictures.append(await page.screenshot(full_page=True))
        assert pictures[0] == pictures[1], (width, scheme)
        assert complaints == []
        await page.goto("http://mail.example/mailed")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        images = await page.evaluate(
            "[...document.images].map(i => [i.naturalWidth, i.clientWidth, i.alt.length > 10])"
        )
        assert all(natural == 966 and size >= 0.8 * min(width, 600) and has_alt for natural, size, has_alt in images)
        assert len(images) == html.count("data:image/png")
        for small in await page.evaluate(READ):
            assert small[1] >= 4.5, (width, scheme, small)
        await page.close()


@pytest.mark.skipif(not NODE, reason="node or the packages of the tests are missing: run tests/install")
@pytest.mark.parametrize("kind", MAILS)
def test_clients_can_show_it(kind: str) -> None:
    check_clients(html_of(kind))


@pytest.mark.skipif(not NODE, reason="node or the packages of the tests are missing: run tests/install")
def test_clients_can_show_a_recap(recap_html: str) -> None:
    check_clients(recap_html)


@pytest.mark.skipif(not SHELL, reason="chromium is missing: run tests/install")
@pytest.mark.parametrize("kind", MAILS)
async def test_it_fits_and_can_be_read(kind: str, chromium: Browser) -> None:
    await check_looks(html_of(kind), chromium)


@pytest.mark.skipif(not SHELL, reason="chromium is missing: run tests/install")
async def test_a_recap_fits_and_can_be_read(recap_html: str, chromium: Browser) -> None:
    await check_looks(recap_html, chromium)


@pytest.mark.skipif(not SHELL, reason="chromium is missing: run tests/install")
@pytest.mark.parametrize("name", ["ردود الفعل", "משוב על הדף", "Was this helpful?", "数据有帮助吗？"])
async def test_numbers_beside_a_name_stay_in_order(name: str, chromium: Browser) -> None:
    # 16 → 71 beside a name that runs from right to left would read 71 → 16.
    placement = RecapPlacement("rise", UUID(int=1), name, f"https://acorn.example/{name}", 71, 16, None)
    line = email_lists.placement_line(placement, "rise", email_lists.Links("https://x.example", ""))
    html = mail.TEMPLATES.get_template("_recap_list.html").render(heading="Rising", lines=[line])
    page = await chromium.new_page()
    await page.set_content(with_elements(html))
    places = await page.evaluate(PLACES, [name, "16", "71"])
    assert places == sorted(places)


# How far from the left each text is drawn, in the last element that has it.
PLACES = """
texts => {
    const element = document.querySelector(".details");
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const places = {};
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (const text of texts) {
            const start = node.data.lastIndexOf(text);
            if (start < 0) continue;
            const range = document.createRange();
            range.setStart(node, start);
            range.setEnd(node, start + text.length);
            places[text] = range.getBoundingClientRect().left;
        }
    return texts.map(text => places[text]);
}
"""

# Each text with its contrast to its background (WCAG).
READ = """
(() => {
    const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
        .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
    const parts = text => text.match(/[\\d.]+/g).map(Number);
    const ground = e => {
        for (; e; e = e.parentElement) {
            const found = parts(getComputedStyle(e).backgroundColor);
            if (found.length < 4 || found[3] === 1) return found.slice(0, 3);
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const e of document.body.querySelectorAll("*")) {
        const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join("");
        if (!text || !e.checkVisibility()) continue;
        const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
        found.push([text.slice(0, 60), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
    }
    return found;
})()
"""
