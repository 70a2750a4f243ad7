import json

import pytest

from app.config import ROOT
from app.http import sdk
from tests.support.browser import Browser

FILES = {
    "core.js": "text/javascript",
    "feelback.js": "text/javascript",
    "more.js": "text/javascript",
    "auto.js": "text/javascript",
    "feelback.css": "text/css",
    "languages/de.json": "application/json",
}


@pytest.mark.parametrize("name", FILES)
async def test_any_page_may_load_it(browser: Browser, name: str) -> None:
    for address, cached in (
        (f"/sdk/{sdk.newest()}/{name}", "public, max-age=31536000, immutable"),
        (f"/sdk/{name}", "public, max-age=600"),
    ):
        response = await browser.client.get(address, headers={"Origin": "https://example.com"})
        assert await response.get_data() == (ROOT / "static/sdk" / sdk.newest() / name).read_bytes()
        assert response.headers["Content-Type"] == FILES[name] + ("; charset=utf-8" if "text" in FILES[name] else "")
        assert response.headers["Cache-Control"] == cached
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in response.headers
        again = await browser.client.get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


async def test_it_is_sent_packed_to_who_takes_that(browser: Browser) -> None:
    packed = (ROOT / "static/sdk" / sdk.newest() / "core.js.br").read_bytes()
    for accepted, encoding in (("gzip, br", "br"), ("br;q=0", None), ("gzip", "gzip"), ("", None)):
        response = await browser.client.get("/sdk/core.js", headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Content-Type"].startswith("text/javascript")
        assert (await response.get_data() == packed) is (encoding == "br")


async def test_it_tells_its_hashes_and_types(browser: Browser) -> None:
    response = await browser.client.get("/sdk/integrity.json")
    assert json.loads(await response.get_data())["versions"][sdk.newest()] == sdk.integrity()
    for name in ("feelback.d.ts", "props.d.ts", "package.json", "README.md"):
        assert (await browser.client.get(f"/sdk/{name}")).status_code == 200, name


async def test_it_has_nothing_else(browser: Browser) -> None:
    for path in (
        "none.js",
        "0.0.0/core.js",
        "0.2.0/none.js",
        "0.2.0/core.js.br/x",
        "../css/app.css",
        "0.2.0",
        "..%2fcss%2fapp.css",
    ):
        assert (await browser.client.get(f"/sdk/{path}")).status_code in (404, 405), path


def test_the_version_is_named_once() -> None:
    package = json.loads((ROOT / "static/sdk/package.json").read_text())
    assert package["version"] == sdk.newest()
