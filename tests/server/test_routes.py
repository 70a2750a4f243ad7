"""Every route for every kind of caller: access, headers, and that each template is used."""

import re

import asyncpg
import pytest
from quart import Quart

from app.config import ROOT
from app.site import demo_project
from tests.support import drive, drive_billing, drive_inbox, drive_issues, drive_people, drive_recaps, drive_site
from tests.support.browser import Browser
from tests.support.outbox import stored_mail
from tests.support.routes import INSTALLATION_PAGES, OWN_FORMS, OWN_PAGES, PUBLIC

Pool = asyncpg.Pool


def path(rule: str, loaded: demo_project.Demo, type: str = "updown") -> str:
    filled = rule.replace("<slug:slug>", loaded.project).replace("<uuid:id>", loaded.widgets[type])
    return (
        filled.replace("<path:name>", "css/app.css")
        .replace("<page>", "getting-started")
        .replace("<part>", "stats")
        .replace("<version>/<name>", "0.2.0/core.js")
        .replace("<version>/languages/<name>", "0.3.0/languages/de.json")
        .replace("languages/<name>", "languages/de.json")
        .replace("<name>", "core.js")
        .replace("<token>", "a" * 43)
    )


# Pages of the demo's account, to look at headers and templates.
PROJECT_PAGES = (
    "/account",
    "/account/delete",
    "/members",
    "/audit",
    "/audit/entries",
    "/projects",
    "/projects/<slug:slug>",
    "/projects/<slug:slug>/window",
    "/projects/<slug:slug>/pages",
    "/projects/<slug:slug>/pages/listing",
    "/projects/<slug:slug>/responses",
    "/projects/<slug:slug>/responses/listing",
    "/projects/<slug:slug>/widgets/<uuid:id>",
    "/projects/<slug:slug>/widgets/<uuid:id>/pages",
)


@pytest.mark.parametrize("rule", OWN_PAGES)
async def test_each_person_has_their_own_pages(
    owner: Browser, stranger: Browser, loaded: demo_project.Demo, rule: str
) -> None:
    for each in (owner, stranger):
        assert (await each.get(path(rule, loaded))).status_code == OWN_PAGES[rule]
    assert (await owner.get("/")).headers["Location"] == "/projects/demo"


@pytest.mark.parametrize("rule", OWN_PAGES)
async def test_a_visitor_is_redirected_to_sign_in(browser: Browser, loaded: demo_project.Demo, rule: str) -> None:
    response = await browser.get(path(rule, loaded))
    assert response.status_code == 303
    assert response.headers["Location"] == f"/sign-in?next={path(rule, loaded)}"


@pytest.mark.parametrize("rule", OWN_FORMS)
async def test_nobody_can_send_what_is_for_who_is_signed_in(
    browser: Browser, loaded: demo_project.Demo, rule: str
) -> None:
    await browser.get("/sign-in")
    response = await browser.post(path(rule, loaded), {})
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/")


@pytest.mark.parametrize("rule", [rule for rule in OWN_FORMS if re.match(r"/me/(?!sessions|devices|.*/cancel)", rule)])
async def test_dangerous_changes_require_a_fresh_confirmation(
    owner: Browser,
    teammate: Browser,
    stranger: Browser,
    loaded: demo_project.Demo,
    pool: "Pool[asyncpg.Record]",
    rule: str,
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
async def test_anybody_sees_what_is_public(browser: Browser, loaded: demo_project.Demo, rule: str) -> None:
    assert (await browser.get(path(rule, loaded))).status_code == PUBLIC[rule]


@pytest.mark.parametrize(
    "rule", [*PUBLIC, *OWN_PAGES, *PROJECT_PAGES, "/nothing", "/projects/nothing", "/static/nothing.js"]
)
async def test_every_answer_has_the_safe_headers(owner: Browser, loaded: demo_project.Demo, rule: str) -> None:
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


async def test_a_widget_of_another_project_is_not_found(owner: Browser, loaded: demo_project.Demo) -> None:
    assert (await owner.get(f"/projects/other/widgets/{loaded.widgets['pulse']}")).status_code == 404


async def test_every_template_is_in_use(
    app: Quart, owner: Browser, operator: Browser, loaded: demo_project.Demo, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    for rule in (*PUBLIC, *OWN_PAGES, *PROJECT_PAGES, "/nothing"):
        for type in loaded.widgets:
            await owner.get(path(rule, loaded, type))
    mail_id = str(await stored_mail(pool))
    await pool.execute("select fn.expect_backups(true, true)")
    for rule in INSTALLATION_PAGES:
        await operator.get(rule.replace("<uuid:id>", mail_id))
    await drive.every_address(owner, pool)
    await drive_people.every_page(app, owner, pool)
    await drive.project_pages(owner, pool)
    await drive.every_page(app, pool)
    await drive_recaps.every_page(app, pool)
    await drive_inbox.every_page(app, pool)
    await drive_issues.every_page(app, pool)
    await drive_billing.every_page(app, pool)
    await drive_site.every_page(app)
    cache = app.jinja_env.cache
    assert cache is not None
    used = {name for _, name in list(cache)}
    folder = ROOT / "templates"
    ours = {
        str(file.relative_to(folder)) for file in folder.rglob("*.html") if file.parent.name not in ("ingest", "email")
    }
    assert ours - used == set()
