"""Files of npm packages, as a CDN serves them."""

from playwright.async_api import Route

from tests.support.sdk_pages import MODULES

PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><body>'

CDN = "https://cdn.jsdelivr.net/npm/"


async def from_npm(route: Route) -> None:
    """The published package, unmodified, in place of the network."""
    name = route.request.url.removeprefix(CDN).replace("@0.3.4", "")
    headers = {"access-control-allow-origin": "*"}
    await route.fulfill(body=(MODULES / name).read_bytes(), content_type="text/javascript", headers=headers)
