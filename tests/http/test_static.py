import base64
import os
import re
from hashlib import sha384

import pytest
from quart import Quart

from app.config import ROOT
from app.http import headers, stylesheets
from tests.support.browser import Browser


async def test_a_file_is_cached_for_good_under_the_hash_of_its_content(browser: Browser) -> None:
    await browser.get("/sign-in")
    match = re.search(r"/static/css/app\.css\?v=[0-9a-f]{12}", browser.text)
    assert match
    assert (await browser.get(match[0])).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/css/app.css", "/static/css/app.css?v=0"):
        assert (await browser.get(other)).headers["Cache-Control"] == "no-cache"


async def test_a_stylesheet_is_its_parts_in_order(browser: Browser) -> None:
    folder = ROOT / "static/css"
    used = {folder / f"{part}.css" for parts in stylesheets.PARTS.values() for part in parts}
    assert used == set(folder.rglob("*.css"))
    for name, parts in stylesheets.PARTS.items():
        response = await browser.client.get(f"/static/{name}")
        assert response.headers["Content-Type"] == "text/css; charset=utf-8"
        text = await response.get_data(as_text=True)
        source = "".join((folder / f"{part}.css").read_text() for part in parts)
        assert re.sub(r"\s", "", text) == re.sub(r"/\*.*?\*/|\s", "", source, flags=re.S), name


async def test_a_stylesheet_is_sent_again_only_when_it_changed(browser: Browser) -> None:
    first = await browser.client.get("/static/css/app.css")
    again = await browser.client.get("/static/css/app.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert await again.get_data(as_text=False) == b""
    part = await browser.client.get("/static/css/app.css", headers={"Range": "bytes=0-9"})
    assert part.status_code == 206
    assert await part.get_data(as_text=False) == (await first.get_data(as_text=False))[:10]


async def test_the_scripts_are_the_ones_that_were_pinned(owner: Browser) -> None:
    await owner.get("/projects")
    script = (ROOT / "static/vendor/htmx-4.0.1.min.js").read_bytes()
    assert f'integrity="sha384-{base64.b64encode(sha384(script).digest()).decode()}"' in owner.text


async def test_pages_ask_no_other_host_for_anything(owner: Browser) -> None:
    for address in ("/projects/demo", "/demo", "/sign-in"):
        text = await (await owner.client.get(address)).get_data(as_text=True)
        assert not re.findall(r'<[^>]*(?:src|href|action|hx-get)="(?:https?:)?//', text)


async def test_it_remembers_only_so_many_names_of_a_file(browser: Browser) -> None:
    for n in range(300):
        assert (await browser.get(f"/static/css/{'./' * n}app.css")).status_code == 200
    assert headers._version.cache_info().currsize <= 200


def open_files() -> set[str]:
    return {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}


@pytest.mark.parametrize("path", ["/static/live.js", "/sdk/more.js"])
async def test_no_file_stays_open_for_a_visitor_who_is_gone(browser: Browser, path: str) -> None:
    app = browser.client.app
    assert isinstance(app, Quart)
    async with app.test_request_context(path):
        response = await app.full_dispatch_request()
        async with response.response as body:
            async for _ in body:  # the visitor goes after the first bytes
                names = open_files()
                break
    assert not [name for name in names if name.startswith(str(ROOT / "static"))]


@pytest.mark.parametrize("name", ["none.js", "css", "../pyproject.toml", "%2e%2e/pyproject.toml", ""])
async def test_there_is_nothing_but_static_files(browser: Browser, name: str) -> None:
    assert (await browser.client.get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/static/{}", "/static/css/{}.css", "/sdk/{}", "/sdk/1.0.0/{}", "/sdk/{0}/{0}", "/sdk/languages/{}", "/docs/{}"],
)
@pytest.mark.parametrize("name", ["a" * 300, "a" * 5000, "a%00b"])
async def test_a_name_that_no_file_can_have_is_not_found(browser: Browser, path: str, name: str) -> None:
    assert (await browser.client.get(path.format(name))).status_code == 404
