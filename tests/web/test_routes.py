"""Every route, for everybody: who sees what, under which headers, and that each template is in use."""

import asyncpg
import pytest
from quart import Quart

from app import demo
from app.config import ROOT
from tests.web import drive
from tests.web.browser import Browser

Pool = asyncpg.Pool
# Every route of the panel, by what a nobody and a stranger may see of it: a new one has to be added here.
PUBLIC = {
    "/healthz": 200,
    "/readyz": 200,
    "/sign-in": 200,
    "/sign-up": 200,
    "/reset": 200,
    "/links/<token>": 404,
    "/demo": 200,
    "/static/<path:name>": 200,
}
PRIVATE = {
    "/": 303,
    "/projects": 200,
    "/me": 200,
    "/me/email": 200,
    "/me/password": 200,
    "/me/totp": 200,
    "/confirmation": 200,
    "/projects/<slug:slug>": 200,
    "/projects/<slug:slug>/sets/<uuid:id>": 200,
    "/projects/<slug:slug>/sets/<uuid:id>/contents": 200,
}
# What may be sent: who is not signed in may send these,
OPEN_FORMS = ("/sign-in", "/sign-in/link", "/sign-in/code", "/sign-up", "/reset", "/links/<token>", "/sign-out")
# and these change how the one who sends them signs in: nobody else's account is in reach of them.
OWN_FORMS = (
    "/confirmation",
    "/confirmation/code",
    "/me/email",
    "/me/password",
    "/me/totp",
    "/me/totp/removal",
    "/me/recovery-codes",
    "/me/sessions/end",
    "/me/sessions/<uuid:id>/end",
)


def path(rule: str, loaded: demo.Demo, type: str = "updown") -> str:
    filled = rule.replace("<slug:slug>", loaded.project).replace("<uuid:id>", loaded.sets[type])
    return filled.replace("<path:name>", "css/app.css").replace("<token>", "a" * 43)


async def test_every_route_is_listed_here(app: Quart) -> None:
    gets = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    posts = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert gets == {*PUBLIC, *PRIVATE}
    assert posts == {*OPEN_FORMS, *OWN_FORMS}


@pytest.mark.parametrize("rule", PRIVATE)
async def test_members_of_every_role_see_it(owner: Browser, teammate: Browser, loaded: demo.Demo, rule: str) -> None:
    for each in (owner, teammate):
        assert (await each.get(path(rule, loaded))).status_code == PRIVATE[rule]
    if rule == "/":
        assert (await owner.get("/")).headers["Location"] == "/projects/demo"


@pytest.mark.parametrize("rule", PRIVATE)
async def test_a_stranger_sees_nothing_of_it(stranger: Browser, loaded: demo.Demo, rule: str) -> None:
    response = await stranger.get(path(rule, loaded))
    assert "Acorn" not in stranger.text
    if "<" not in rule:
        assert response.status_code == PRIVATE[rule]
        return
    hidden = stranger.text
    assert response.status_code == 404
    missing = path(rule, demo.Demo("", "", "nothing", {"updown": "01a03d6d-0000-7000-8000-000000000000"}))
    assert (await stranger.get(missing)).status_code == 404
    without_token = [text.partition('name="csrf"')[0] + text.partition("<main")[2] for text in (hidden, stranger.text)]
    assert without_token[0] == without_token[1]


@pytest.mark.parametrize("rule", PRIVATE)
async def test_nobody_is_led_to_sign_in(browser: Browser, loaded: demo.Demo, rule: str) -> None:
    response = await browser.get(path(rule, loaded))
    assert response.status_code == 303
    assert response.headers["Location"] == f"/sign-in?next={path(rule, loaded)}"


@pytest.mark.parametrize("rule", OWN_FORMS)
async def test_nobody_can_send_what_is_for_who_is_signed_in(browser: Browser, loaded: demo.Demo, rule: str) -> None:
    await browser.get("/sign-in")
    response = await browser.post(path(rule, loaded), {})
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/")


@pytest.mark.parametrize("rule", [rule for rule in OWN_FORMS if rule.startswith("/me/") and "sessions" not in rule])
async def test_what_is_dangerous_wants_a_fresh_confirmation(
    owner: Browser, teammate: Browser, stranger: Browser, loaded: demo.Demo, pool: "Pool[asyncpg.Record]", rule: str
) -> None:
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    for each in (owner, teammate, stranger):
        await each.get("/me")
        response = await each.post(rule, {"password": "a new good one", "email": "new@example.com"})
        assert (response.status_code, response.headers["Location"]) == (303, "/confirmation?next=/me")
    assert await pool.fetchval("select count(*) from mail") == 0
    response = await owner.get("/me/password")
    assert response.headers["Location"] == "/confirmation?next=/me/password"


@pytest.mark.parametrize("rule", PUBLIC)
async def test_anybody_sees_what_is_public(browser: Browser, loaded: demo.Demo, rule: str) -> None:
    assert (await browser.get(path(rule, loaded))).status_code == PUBLIC[rule]


@pytest.mark.parametrize("rule", [*PUBLIC, *PRIVATE, "/nothing", "/projects/nothing", "/static/nothing.js"])
async def test_every_answer_has_the_safe_headers(owner: Browser, loaded: demo.Demo, rule: str) -> None:
    headers = (await owner.get(path(rule, loaded))).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Cache-Control" in headers
    if "html" in headers["Content-Type"]:
        assert headers["Cache-Control"] == "no-store"
        assert " style=" not in owner.text
        assert "<style" not in owner.text
        assert "<script>" not in owner.text
        assert " onclick=" not in owner.text


async def test_a_set_of_another_project_is_not_there(owner: Browser, loaded: demo.Demo) -> None:
    assert (await owner.get(f"/projects/other/sets/{loaded.sets['pulse']}")).status_code == 404


async def test_every_template_is_in_use(
    app: Quart, owner: Browser, loaded: demo.Demo, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    for rule in (*PUBLIC, *PRIVATE, "/nothing"):
        for type in loaded.sets:
            await owner.get(path(rule, loaded, type))
    await drive.every_page(app, pool)
    cache = app.jinja_env.cache
    assert cache is not None
    used = {name for _, name in list(cache)}
    folder = ROOT / "templates"
    ours = {
        str(file.relative_to(folder)) for file in folder.rglob("*.html") if file.parent.name not in ("ingest", "email")
    }
    assert ours - used == set()
