"""Every route of the panel: as each role, as a stranger, without signing in. A route without a case fails."""

import re
from uuid import UUID

import asyncpg
import pytest
from quart import Quart

from tests.panel.permissions.cases import ROLES, Route
from tests.support.browser import Browser
from tests.support.outbox import stored_mail
from tests.support.permission_cases import ROUTES, filled
from tests.support.routes import INSTALLATION_FORMS, INSTALLATION_PAGES, OPEN_FORMS, OWN_FORMS, OWN_PAGES, PUBLIC

Pool = asyncpg.Pool


async def test_every_route_has_a_case(app: Quart) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(("/v0/", "/v1/"))  # tested with API keys
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    elsewhere = {("GET", rule) for rule in (*PUBLIC, *OWN_PAGES, *INSTALLATION_PAGES)} | {
        ("POST", rule) for rule in (*OPEN_FORMS, *OWN_FORMS, *INSTALLATION_FORMS)
    }
    assert routes - elsewhere == {(route.method, route.rule) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.rule}")
async def test_it_is_for_members_of_its_role(
    app: Quart, pool: "Pool[asyncpg.Record]", people: dict[str, UUID], account_id: UUID, route: Route
) -> None:
    path = await filled(pool, route, account_id)
    if route.is_public:
        assert (await _sent(Browser(app), route, path))[0] == route.status
        return
    status, location, _ = await _sent(Browser(app), route, path)
    assert status == 303
    assert location.startswith("/sign-in?next=")
    browsers = {role: Browser(app) for role in people}
    for role, browser in browsers.items():
        await browser.enter(pool, people[role])
        await browser.get("/me")
    status, _, text = await _sent(browsers["stranger"], route, path)
    assert "Acorn" not in text
    if "<" in route.rule:
        # What exists and what does not must look alike to them.
        assert status == 404
        nowhere = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "01a03d6d-0000-7000-8000-000000000000", path)
        other = await _sent(browsers["stranger"], route, nowhere.replace("/demo", "/nothing"))
        assert _without_token(text) == _without_token(other[2])
    for role in ROLES[: ROLES.index(route.least)]:
        assert (await _sent(browsers[role], route, path))[0] == 403, role
    assert (await _sent(browsers[route.least], route, path))[0] == route.status
    if route.method == "GET":
        assert (await _sent(browsers["owner"], route, path))[0] == route.status


@pytest.mark.parametrize("rule", [*INSTALLATION_PAGES, *INSTALLATION_FORMS])
async def test_the_installation_is_for_operators(
    app: Quart, pool: "Pool[asyncpg.Record]", people: dict[str, UUID], operator: Browser, rule: str
) -> None:
    await pool.execute("select fn.open_billing_issue('double', 'cus_1', 'sub_1', '{}')")
    path = rule.replace("<uuid:id>", str(await stored_mail(pool))).replace("<id>", "double:sub_1")
    form = {"decision": "dismiss"}
    method = "POST" if rule in INSTALLATION_FORMS else "GET"
    for person_id in people.values():
        browser = Browser(app)
        await browser.enter(pool, person_id)
        await browser.get("/me")
        assert (await _sent(browser, Route(method, rule, form=form), path))[0] == 404
    assert (await _sent(Browser(app), Route(method, rule, form=form), path))[1].startswith("/sign-in?next=")
    await operator.get("/me")
    assert (await _sent(operator, Route(method, rule, form=form), path))[0] in (200, 303)


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "POST" and not route.is_public], ids=str
)
async def test_it_takes_no_form_of_another_page(
    app: Quart, pool: "Pool[asyncpg.Record]", people: dict[str, UUID], account_id: UUID, route: Route
) -> None:
    browser = Browser(app)
    await browser.enter(pool, people["owner"])
    path = await filled(pool, route, account_id)
    for token in ("", "wrong", "eyJ.x.y"):
        response = await browser.post(path, {**route.form, "csrf": token})
        assert response.status_code == 403, token
    assert "page has expired" in browser.text


async def _sent(browser: Browser, route: Route, path: str) -> tuple[int, str, str]:
    if route.method == "POST" and not browser.token:
        await browser.get("/sign-in")
    response = await (browser.get(path) if route.method == "GET" else browser.post(path, route.form))
    return response.status_code, response.headers.get("Location", ""), browser.text


def _without_token(text: str) -> str:
    return re.sub(r'name="csrf"\s+value="[^"]*"', "", re.sub(r"<title>.*?</title>", "", text))
