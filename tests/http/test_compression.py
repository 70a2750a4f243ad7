import gzip
import re

import brotli
import pytest

from app.site import demo_project
from tests.support.browser import Browser

READ = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("path", ["/projects/demo", "/static/css/app.css", "/static/vendor/htmx-4.0.1.min.js"])
@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, deflate, br", "br"), ("gzip, br;q=0", "gzip"), ("*", "br")])
async def test_text_is_compressed_for_who_takes_it(
    owner: Browser, loaded: demo_project.Demo, path: str, accepts: str, encoding: str
) -> None:
    plain = await owner.client.get(path)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    packed = await owner.client.get(path, headers={"Accept-Encoding": accepts})
    data = await packed.get_data(as_text=False)
    assert packed.headers["Content-Encoding"] == encoding
    assert int(packed.headers["Content-Length"]) == len(data)
    whole = await plain.get_data(as_text=False)
    assert len(data) < len(whole) / 2
    if "static" in path:
        assert READ[encoding](data) == whole


async def test_what_is_short_or_refused_goes_as_it_is(owner: Browser) -> None:
    for path, accepts in (("/healthz", "gzip"), ("/projects", "gzip;q=0"), ("/projects", "identity")):
        response = await owner.client.get(path, headers={"Accept-Encoding": accepts})
        assert "Content-Encoding" not in response.headers


async def test_a_first_overview_weighs_40_kb(owner: Browser, loaded: demo_project.Demo) -> None:
    """With everything that it loads, over HTTPS, where browsers take Brotli."""
    await owner.get("/projects/demo")
    paths = {"/projects/demo", *re.findall(r'(?:src|href)="(/static/[^"]+)"', owner.text)}
    sizes = {}
    for path in paths:
        response = await owner.client.get(path, headers={"Accept-Encoding": "br"})
        assert response.status_code == 200
        sizes[path.partition("?")[0]] = len(await response.get_data(as_text=False))
    assert {"/static/css/app.css", "/static/live.js"} <= set(sizes)
    assert sum(sizes.values()) <= 40_000, sizes
