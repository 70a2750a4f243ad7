"""Every page of the panel, in both themes, on desktop and phone: accessible and without console errors."""

import contextlib
from hashlib import sha256

import asyncpg
import pytest
from playwright.async_api import Page

from app.panel.integrate.integrate import WAYS
from app.site import demo_project
from tests.support.browser_person import Person, person
from tests.support.needs import needs_both
from tests.support.panel_fixtures import make_operator
from tests.support.permission_cases import ROUTES, filled
from tests.support.sdk_pages import MODULES
from tests.support.serving import Server
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool
pytestmark = needs_both
AXE = MODULES / "axe-core" / "axe.min.js"
FOUND = """async () => {
    const found = await axe.run();
    return found.violations.map((each) => [each.id, ...each.nodes.map((node) => node.html)].join(" | ").slice(0, 300));
}"""
# Routes that are no pages of their own: fragments, files, streams.
PARTS = (
    "/started",
    "/window",
    "/windows",
    "/listing",
    "/responses",
    "/pages",
    "/events",
    "/arrivals",
    "/list",
    "/file",
    "/entries",
    "/count",
    "/merges",
    "/newest",
    "/figures",
)
LISTS = ("/projects/<slug:slug>/responses", "/projects/<slug:slug>/pages")
MORE = ("/me", "/me/email", "/me/password", "/me/totp", "/me/delete", "/confirmation", "/accounts/new", "/nothing")
INSTALLATION = (
    "/installation", "/installation/accounts", "/installation/insights", "/installation/mails",
    "/installation/billing-issues",
)  # fmt: skip


async def addresses(pool: "Pool[asyncpg.Record]") -> list[str]:
    """The paths of pages."""
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    paths = [*MORE, *(f"/projects/demo/integrate?way={way}" for way in WAYS)]
    for route in ROUTES:
        is_part = route.rule.endswith(PARTS) and route.rule not in LISTS
        if route.method == "GET" and route.status == 200 and not is_part and "billing" not in route.rule:
            with contextlib.suppress(KeyError):
                paths.append(await filled(pool, route, account_id))
    return list(dict.fromkeys(paths))


async def entered(page: Page) -> None:
    """Sign in the demo's owner."""
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(demo_project.EMAIL)
    await page.get_by_label("Password").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/projects/demo")


async def operate(someone: Person, pool: "Pool[asyncpg.Record]", panel: Server) -> None:
    """Sign in the operator of the installation instead."""
    token = "a-token-of-the-operator"
    digest = sha256(token.encode()).digest()
    await pool.execute("select fn.create_session($1, $2)", await make_operator(pool), digest)
    await someone.context.add_cookies([{"name": "feelback", "value": token, "url": panel.url}])


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_each_is_for_everybody(panel: Server, pool: "Pool[asyncpg.Record]", scheme: str) -> None:
    await demo_project.load(pool, DEMO_PASSWORD)
    wrong: list[str] = []
    count = 0
    async with person(panel, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as someone:
        page = await someone.page()
        await entered(page)
        for address in [*await addresses(pool), *INSTALLATION]:
            if address == INSTALLATION[0]:
                await operate(someone, pool, panel)
            await page.set_viewport_size({"width": 1280, "height": 900})
            response = await page.goto(address)
            assert response is not None
            if "text/html" not in response.headers.get("content-type", ""):
                continue
            if await page.locator("main").count() == 0:  # a part of a page
                continue
            count += 1
            for width in (1280, 390):
                await page.set_viewport_size({"width": width, "height": 900})
                if await page.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{address} is wider than {width}")
            await page.set_viewport_size({"width": 1280, "height": 900})
            await page.evaluate(AXE.read_text())
            wrong += [f"{address}: {fault}" for fault in await page.evaluate(FOUND)]
        someone.faults[:] = [fault for fault in someone.faults if not fault.startswith(f"{panel.url}/nothing")]
    assert wrong == []
    assert count > 35
