"""The public site: its links work, served and built as files, and its statements are true."""

import dataclasses
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import asyncpg
import pytest
from click.testing import CliRunner
from quart import Quart

from app import __version__
from app.__main__ import cli
from app.config import ROOT, Settings
from app.errors import CODES
from app.http.context import services
from app.server.quart_app import create_app
from app.site import api, changelog, demo_project, docs, markdown, pages, search
from app.site.routes import load_extras
from app.text import numbers
from tests.support.browser import Browser

Pool = asyncpg.Pool
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Html(HTMLParser):
    """A page's links, ids and metadata."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.meta: dict[str, str] = {}
        self.scripts: list[str] = []
        self.canonical = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        assert not [name for name in values if name.startswith("on") or name == "style"], (tag, values)
        self.ids += [values["id"]] if "id" in values else []
        self.scripts += [values["src"]] if tag == "script" else []
        for name in ("href", "src", "srcset"):
            if name in values:
                self.links.append(values[name])
        if tag == "meta":
            self.meta[values.get("name") or values.get("property") or ""] = values.get("content", "")
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values["href"]


async def all_paths(app: Quart) -> list[str]:
    async with app.app_context():
        return [*pages.paths(await load_extras(docs_widget="", has_plans=True)), "docs/search"]


async def test_no_link_is_broken(app: Quart, browser: Browser, loaded: demo_project.Demo) -> None:
    parsed: dict[str, Html] = {}
    statuses: dict[str, int] = {}
    for path in await all_paths(app):
        assert (await browser.get(f"/{path}")).status_code == 200, path
        parsed[f"/{path}"] = Html(browser.raw)
    base = services(app).settings.base_url
    for path, page in parsed.items():
        for link in page.links:
            whole, anchor = urldefrag(urljoin(f"{base}{path}", link))
            if urlsplit(whole).netloc != urlsplit(base).netloc:
                assert link.startswith("https://"), (path, link)
                continue
            target = whole.removeprefix(base) or "/"
            if target.startswith("/v1/"):  # the API's, whose tests are elsewhere
                continue
            if target not in statuses:
                statuses[target] = (await app.test_client().get(target)).status_code
            assert statuses[target] == 200, (path, link)
            if anchor:
                assert anchor in parsed[target].ids, (path, link)


async def test_every_page_says_what_it_is(app: Quart, browser: Browser, loaded: demo_project.Demo) -> None:
    path_of: dict[str, str] = {}
    base = services(app).settings.base_url
    for path in await all_paths(app):
        await browser.get(f"/{path}")
        page = Html(browser.raw)
        assert page.canonical == f"{base}/{path}"
        for name in ("description", "og:title", "og:description", "og:url", "og:image"):
            assert page.meta[name], (path, name)
        assert page.meta["og:url"] == page.canonical
        assert len(page.ids) == len(set(page.ids)), path
        assert len(re.findall("<h1", browser.raw)) == 1, path
        title = page.meta["og:title"]
        assert title not in path_of, (path, path_of.get(title))
        path_of[title] = path


async def test_who_is_not_signed_in_sees_the_home_page(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("delete from widget")
    await pool.execute("delete from project")
    response = await browser.get("/")
    assert response.status_code == 200
    assert "Know what your readers think" in browser.raw
    assert 'href="/sign-in"' in browser.raw
    assert 'class="still"' in browser.raw  # without the demo its widgets send nothing


async def test_its_widgets_are_the_demo_s(browser: Browser, loaded: demo_project.Demo) -> None:
    await browser.get("/")
    for type in ("yesno", "reaction", "pulse", "rating", "nps", "tagged"):
        assert f'widget="{loaded.widgets[type]}"' in browser.raw
    await browser.get("/docs/concepts")
    assert f'widget="{loaded.widgets["yesno"]}" page="/docs/concepts"' in browser.raw


async def test_it_asks_nothing_without_a_widget(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("delete from widget")
    await pool.execute("delete from project")
    await browser.get("/docs/concepts")
    assert "<feelback-yesno" not in browser.raw
    assert "core.js" not in browser.raw


async def test_prices_are_shown_where_plans_are_sold(app: Quart, browser: Browser, loaded: demo_project.Demo) -> None:
    await browser.get("/pricing")
    assert "Growth" in browser.raw or "Free" in browser.raw
    async with app.app_context():
        free = await load_extras(docs_widget="", has_plans=False)
    assert "pricing" not in list(pages.paths(free))


async def test_the_search_finds_sections(browser: Browser, loaded: demo_project.Demo) -> None:
    await browser.get("/docs/search?q=wilson_lower_bound")
    assert 'href="/docs/formulas#ranking-votes-wilson_lower_bound"' in browser.raw
    await browser.get("/docs/search?q=zebra+quagga")
    assert "No page matches" in browser.raw
    await browser.get("/docs/search?q=%3Cscript%3E%22")
    assert 'value="&lt;script&gt;&#34;"' in browser.raw
    await browser.get("/docs/search?q=%00%ff")
    assert "<h1>Search</h1>" in browser.raw


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/api/nothing", "/docs/..%2f..%2fapp%2fconfig", "/docs/.env"])
async def test_other_pages_are_not_there(browser: Browser, loaded: demo_project.Demo, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_the_feed_is_atom(app: Quart, browser: Browser) -> None:
    response = await browser.get("/changelog.xml")
    feed = ElementTree.fromstring(await response.get_data(as_text=True))
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    days = {entry.title: entry.day for entry in changelog.entries() if entry.title != "Unreleased"}
    assert all(days.values())  # a version has its day
    assert next(iter(days)) == f"{__version__} ({max(days.values())})"
    assert [each.findtext(f"{ATOM}title") for each in entries] == list(days)
    newest = f"{max(days.values())}T00:00:00Z"
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated") == newest
    for each in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert each.find(f"{ATOM}{name}") is not None
    assert "<li>" in (entries[0].findtext(f"{ATOM}content") or "")


async def test_the_sitemap_has_every_page(app: Quart, browser: Browser, loaded: demo_project.Demo) -> None:
    await browser.get("/sitemap.xml")
    urls = [each.text for each in ElementTree.fromstring(browser.raw).iter(f"{SITEMAP}loc")]
    base = services(app).settings.base_url
    assert urls == [f"{base}/{path}" for path in await all_paths(app) if path != "docs/search"]
    await browser.get("/robots.txt")
    assert f"Sitemap: {base}/sitemap.xml" in browser.raw


def test_the_reference_has_every_call() -> None:
    from app.api.openapi import document

    listed = {(call.method.lower(), call.path) for tag in api.tags() for call in tag.calls}
    paths = document.document()["paths"]
    assert listed == {(method, path) for path, item in paths.items() for method in api.METHODS if method in item}
    assert {each.name for each in api.objects()} == set(document.document()["components"]["schemas"])


def test_every_error_is_explained() -> None:
    text = (ROOT / "docs/errors.md").read_text()
    for status, code in CODES.items():
        assert f"## FB{status} {code}" in text


def test_the_navigation_names_every_file() -> None:
    named = {name for _, group in docs.GROUPS for name in group}
    assert {path.stem for path in docs.FOLDER.glob("*.md")} <= named


async def test_the_formulas_give_what_the_page_says(pool: "Pool[asyncpg.Record]") -> None:
    text = (ROOT / "docs/formulas.md").read_text()
    for positive, total, score in re.findall(r"^\| (\d+) of (\d+) \| ([\d.]+) \|$", text, re.M):
        value = await pool.fetchval("select fn.wilson_lower_bound($1, $2)", int(positive), int(total))
        assert f"{value:.3f}" == score
    assert f"{await pool.fetchval('select fn.bayesian_average(5, 1, 1, 5)'):.2f}" == "3.33"
    for weighted, total, score in ((3, 3, "0.23"), (90, 100, "0.82")):
        value = await pool.fetchval("select fn.compound_score($1::float8[], $2::bigint[])", [weighted], [total])
        assert f"{value:.2f}" == score
        assert f" {score}" in text
    low, high = await pool.fetchval("select fn.wilson_interval(3, 4)")
    assert f"3 of 4 are {100 * low:.0f} to {100 * high:.0f} %" in text
    low, high = await pool.fetchval("select fn.mean_interval(25, 125, 5, 1, 5)")
    assert f"Five ratings of 5 are {low:.2f} to {high:.0f}" in text
    low, high = await pool.fetchval("select fn.nps_interval(5, 2, 10)")
    score = await pool.fetchval("select fn.nps(5, 2, 10)")
    assert f"the NPS of {score:.0f} above is \u2212{-low:.0f} to {high:.0f}" in text
    for days, shift in (("30", "35"), ("90", "91"), ("365", "371")):
        assert await pool.fetchval("select fn.comparison_days($1)", int(days)) == int(shift)
    assert "35 days for 30, 91 for 90, 371 for 365" in text
    rows = re.findall(r"^\| (\d+) of (\d+) \| (\d+) of (\d+) \| ([\d.]+) % \|$", text, re.M)
    assert len(rows) == 3
    for *counts, percent in rows:
        chance = await pool.fetchval("select fn.chance_better($1, $2, $3, $4)", *map(int, counts))
        assert f"{100 * chance:.1f}" == percent
    low, high, chance = await pool.fetchval("select fn.mean_difference(25, 125, 5, 20, 80, 5, 1, 5)")
    assert f"Five ratings of 5 after five of 4 give \u2212{-low:.2f} to {high:.2f}, and {100 * chance:.0f} %" in text
    spans = await pool.fetchrow("select * from fn.release_spans('2026-06-10', '2026-06-20')")
    assert [str(day) for day in list(spans)[1:]] == ["2026-05-28", "2026-06-06", "2026-06-11", "2026-06-20"]
    assert "from 11 to 20 June are compared with those from 28 May to 6 June" in text
    assert numbers.change(12, 9)[0] in text
    assert numbers.change(20, 8)[0] in text
    for counts, is_change in (((8, 10, 4, 10), False), ((80, 100, 40, 100), True)):
        assert await pool.fetchval("select fn.is_share_change($1, $2, $3, $4)", *counts) is is_change
    assert numbers.share_change(0.8, 0.4, True)[0] in text


async def test_the_sources_are_linked_where_they_are_known(
    app: Quart, settings: Settings, loaded: demo_project.Demo
) -> None:
    url = "https://code.example/feelback"
    for source_url in ("", url):
        other = create_app(dataclasses.replace(settings, source_url=source_url))
        services(other).pool = services(app).pool
        browser, texts = Browser(other), {}
        for path in ("/privacy", "/docs/packages", "/docs/self-hosting"):
            await browser.get(path)
            texts[path] = browser.raw
        is_known = bool(source_url)
        assert (f'<a href="{url}">Source code</a>' in texts["/privacy"]) is is_known
        assert (f'<a href="{url}">the sources</a>' in texts["/docs/self-hosting"]) is is_known
        commands = re.sub(r"<[^>]+>", "", texts["/docs/self-hosting"])
        assert (f"git clone {url} feelback\ncd feelback" in commands) is is_known
        assert ("git clone" in commands) is is_known
        assert "SOURCE_URL" not in texts["/docs/packages"] + commands


def links(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in folder.rglob("*.html"):
        for link in Html(file.read_text()).links:
            yield file, link


def test_it_is_written_out_for_any_host(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests")
    monkeypatch.setenv("BASE_URL", "https://feelback.example")
    monkeypatch.setenv("DOCS_WIDGET", "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f")
    out = tmp_path / "site"
    for _ in range(2):  # over itself
        result = CliRunner().invoke(cli, ["site", "build", str(out), "--url", "https://docs.example/feelback"])
        assert result.exit_code == 0, result.output
    home, page = (out / "index.html").read_text(), (out / "docs/concepts.html").read_text()
    assert '<link rel="canonical" href="https://docs.example/feelback/docs/concepts.html">' in page
    assert 'src="https://feelback.example/sdk/core.js"' in page
    assert "connect-src 'self' https://feelback.example" in home
    for file, link in links(out):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        destination = (file.parent / target).resolve() if target else file
        assert destination.is_file(), (file, link)
        if anchor:
            assert f'id="{anchor}"' in destination.read_text(), (file, link)
    index = json.loads((out / "docs/search.json").read_text())
    assert len(index["entries"]) == len(search.entries())
    assert all((out / "docs" / entry[0]).is_file() for entry in index["entries"])


def test_it_writes_over_nothing_else(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests")
    (tmp_path / "thesis.txt").write_text("Mine.")
    result = CliRunner().invoke(cli, ["site", "build", str(tmp_path)])
    assert "not an earlier build" in str(result.exception or result.output)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_heading_that_comes_twice_has_two_anchors() -> None:
    sections = markdown.sections("# A\n\nFirst.\n\n## Use\n\nOne.\n\n## Use\n\nTwo.\n")
    assert [(each.anchor, each.text) for each in sections] == [("", "First."), ("use", "One."), ("use-2", "Two.")]
