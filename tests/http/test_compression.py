import gzip

import pytest

from app.site import demo_project
from tests.support.browser import Browser


@pytest.mark.parametrize("path", ["/projects/demo", "/static/css/app.css", "/static/vendor/htmx-4.0.1.min.js"])
async def test_text_is_compressed_for_who_takes_it(owner: Browser, loaded: demo_project.Demo, path: str) -> None:
    plain = await owner.client.get(path)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    packed = await owner.client.get(path, headers={"Accept-Encoding": "br, gzip"})
    data = await packed.get_data(as_text=False)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(data)
    whole = await plain.get_data(as_text=False)
    assert len(data) < len(whole) / 2
    if "static" in path:
        assert gzip.decompress(data) == whole


async def test_what_is_short_or_refused_goes_as_it_is(owner: Browser) -> None:
    for path, accepts in (("/healthz", "gzip"), ("/projects", "gzip;q=0"), ("/projects", "identity")):
        response = await owner.client.get(path, headers={"Accept-Encoding": accepts})
        assert "Content-Encoding" not in response.headers


async def test_the_first_page_is_small(owner: Browser, loaded: demo_project.Demo) -> None:
    sizes = []
    for path in ("/projects/demo", "/static/css/app.css", "/static/vendor/htmx-4.0.1.min.js", "/static/logo.svg"):
        response = await owner.client.get(path, headers={"Accept-Encoding": "gzip"})
        sizes.append(len(await response.get_data(as_text=False)))
    assert sum(sizes) < 80_000, sizes
