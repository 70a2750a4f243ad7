"""Claiming an installation: once, by its secret, and what is served until then."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
from quart import Quart

from app.config import Settings, claim_link
from app.database import db
from app.database.tenant import TenantPool
from app.http.context import services
from app.queries import project_settings
from app.server.quart_app import create_app
from app.site import demo_project
from tests.support import factories
from tests.support.browser import Browser
from tests.support.routes import OPEN_FORMS, OWN_PAGES, PUBLIC

Pool = asyncpg.Pool
OPERATOR = {"email": "ann@example.com", "password": "correct horse"}
SERVED = ("/docs", "/docs/search", "/healthz", "/readyz", "/demo", "/sdk/core.js", "/robots.txt", "/privacy", "/claim")
PEOPLE = "select email, is_operator from person order by email"


@pytest.fixture(autouse=True)
async def unclaimed(pool: "Pool[asyncpg.Record]") -> None:
    """Nobody has claimed the installation."""
    await pool.execute("update installation set claimed_at = null")


@pytest.fixture
async def fresh(pool: "Pool[asyncpg.Record]") -> None:
    """Nor is the demo loaded."""
    await factories.delete_accounts(pool)
    await pool.execute("delete from person")


@pytest.fixture
def code(settings: Settings) -> str:
    return claim_link.code(settings)


@pytest.fixture
def another(app: Quart) -> Browser:
    """Another browser."""
    return Browser(app)


async def test_its_link_makes_who_opens_it_the_operator(
    browser: Browser, pool: "Pool[asyncpg.Record]", fresh: None, settings: Settings
) -> None:
    path = claim_link.url(settings).removeprefix("http://localhost:8000")
    response = await browser.get(path)
    assert response.status_code == 200
    assert "Create the first profile" in browser.text
    response = await browser.post("/claim", {**browser.form("/claim"), **OPERATOR})
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert (await browser.get("/installation")).status_code == 200
    row = await pool.fetchrow(
        "select p.email, p.is_operator, p.verified_at is not null, a.name, m.role from person as p"
        " join member as m on m.person_id = p.id join account as a on a.id = m.account_id"
    )
    assert tuple(row or ()) == ("ann@example.com", True, True, "ann", "owner")
    entries = await pool.fetch("select actor, what from audit order by what")
    assert [tuple(row) for row in entries] == [
        ("ann@example.com", "account.created"), ("ann@example.com", "installation.claimed"),
    ]  # fmt: skip
    await browser.post("/sign-out", {})
    assert (await browser.sign_in(**OPERATOR)).status_code == 303


async def test_its_code_can_be_typed(browser: Browser, code: str, fresh: None) -> None:
    await browser.get("/claim")
    assert "code" in browser.form("/claim")
    response = await browser.post("/claim", {"code": f" {code} ", **OPERATOR})
    assert (response.status_code, response.headers["Location"]) == (303, "/")


async def test_a_wrong_code_claims_nothing(
    browser: Browser, code: str, pool: "Pool[asyncpg.Record]", fresh: None
) -> None:
    for wrong in ("", "x", code[:-1], code + "x", code.upper(), "ü"):
        await browser.get("/claim")
        assert (await browser.post("/claim", {"code": wrong, **OPERATOR})).status_code == 422, wrong
        assert "This code is not valid" in browser.text
    assert (await browser.get("/claim/wrong")).status_code == 422
    assert await pool.fetch(PEOPLE) == []


async def test_guesses_are_limited(browser: Browser, fresh: None) -> None:
    statuses = [(await browser.get(f"/claim/{n}")).status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "ann", "not an email address"), ("email", "", "not an email address"),
        ("password", "short", "at least 8 characters"), ("password", "password1", "too common"),
        ("email", demo_project.EMAIL, "demo's owner cannot operate"),
    ],
)  # fmt: skip
async def test_it_says_what_is_wrong_and_keeps_the_rest(
    browser: Browser, code: str, pool: "Pool[asyncpg.Record]", field: str, value: str, message: str
) -> None:
    await browser.get(f"/claim/{code}")
    response = await browser.post("/claim", {"code": code, **OPERATOR, field: value})
    assert response.status_code in (409, 422)
    assert message in browser.text
    assert browser.form("/claim")["code"] == code
    assert [tuple(row) for row in await pool.fetch(PEOPLE)] == [(demo_project.EMAIL, False)]
    assert await pool.fetchval("select claimed_at from installation") is None


async def test_it_is_claimed_once(
    browser: Browser, another: Browser, code: str, pool: "Pool[asyncpg.Record]", fresh: None
) -> None:
    await another.get("/claim")
    await browser.get("/claim")
    assert (await browser.post("/claim", {"code": code, **OPERATOR})).status_code == 303
    response = await another.post("/claim", {"code": code, "email": "bob@example.com", "password": "correct horse"})
    assert (response.status_code, "Already claimed" in another.text) == (200, True)
    for path in ("/claim", f"/claim/{code}", "/claim/wrong"):
        assert (await another.get(path)).status_code == 200
        assert "Already claimed" in another.text
    assert [tuple(row) for row in await pool.fetch(PEOPLE)] == [("ann@example.com", True)]


async def test_of_two_at_once_one_claims_it(pool: "Pool[asyncpg.Record]", database: str, fresh: None) -> None:
    pools = [await db.connect(database) for _ in range(4)]
    sql = "select fn.claim_installation($1, 'A', 'hash', sha256($2), null, '')"
    results = await asyncio.gather(
        *(each.execute(sql, f"p{n}@example.com", bytes([n])) for n, each in enumerate(pools)), return_exceptions=True
    )
    assert sorted(getattr(result, "sqlstate", "") for result in results) == ["", "FB409", "FB409", "FB409"]
    assert await pool.fetchval("select count(*) from person") == 1
    for each in pools:
        await each.close()


async def test_the_operator_gets_what_the_command_line_created(
    browser: Browser, code: str, pool: "Pool[asyncpg.Record]"
) -> None:
    main = await pool.fetchval("select fn.default_account()")
    await project_settings.create_project(TenantPool(pool, main), "My blog", "my-blog", "UTC", [])
    await browser.get("/claim")
    await browser.post("/claim", {"code": code, **OPERATOR})
    assert (await browser.get("/projects/my-blog")).status_code == 200
    assert await pool.fetchval("select fn.default_account()") == main


async def test_who_began_with_the_operators_address_is_out(
    browser: Browser, another: Browser, code: str, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await pool.fetchval("select person_id from fn.create_account('Theirs', 'ann@example.com', 'hash')")
    await another.enter(pool, id)
    await browser.get("/claim")
    assert (await browser.post("/claim", {"code": code, **OPERATOR})).status_code == 303
    assert (await another.get("/me")).headers["Location"] == "/sign-in?next=/me"
    assert (await another.sign_in(**OPERATOR)).status_code == 303


async def test_a_token_of_the_environment_is_the_code(settings: Settings, pool: "Pool[asyncpg.Record]") -> None:
    settings = replace(settings, claim_token="0123456789abcdef")
    app = create_app(settings)
    services(app).pool = pool
    assert claim_link.url(settings).endswith("/claim/0123456789abcdef")
    browser = Browser(app)
    assert (await browser.get("/claim/0123456789abcdef")).status_code == 200
    assert (await browser.get("/claim/" + claim_link.code(replace(settings, claim_token="")))).status_code == 422


@pytest.mark.parametrize("path", SERVED)
async def test_some_pages_are_served_before(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-up", "/reset", "/links/x", "/invitations/x", *OWN_PAGES])
async def test_all_others_lead_to_the_claim_page(browser: Browser, path: str, fresh: None) -> None:
    response = await browser.get(path)
    assert (response.status_code, response.headers["Location"]) == (303, "/claim")
    response = await browser.get(path, **{"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/claim")


async def test_so_do_forms(browser: Browser, fresh: None, pool: "Pool[asyncpg.Record]") -> None:
    await browser.get("/claim")
    for path in set(OPEN_FORMS) - {"/claim", "/sign-out"}:
        response = await browser.post(path.replace("<token>", "x"), {"email": "bob@example.com", "password": "x"})
        assert (response.status_code, response.headers["Location"]) == (303, "/claim"), path
    assert await pool.fetchval("select count(*) from person") == 0


async def test_the_demo_is_a_sandbox_before(
    browser: Browser, another: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.get("/sign-in")
    assert "Only the demo can sign in" in browser.text
    assert (await browser.sign_in(loaded.email, loaded.password)).status_code == 303
    assert (await browser.get("/projects/demo")).status_code == 200
    assert (await browser.get("/installation")).status_code == 404
    assert (await browser.get("/sign-up")).status_code == 303
    # Somebody else who signs in is led to the claim page.
    id = await pool.fetchval("select person_id from fn.create_account('B', 'bob@example.com', null)")
    await another.enter(pool, id)
    for path in ("/projects", "/me", "/"):
        assert (await another.get(path)).headers["Location"] == "/claim"


async def test_a_session_of_the_demo_that_ended_leads_back_to_its_page(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.sign_in(loaded.email, loaded.password)
    await browser.get("/projects/demo/settings")
    form = browser.form("/projects/demo/settings")
    await pool.execute("delete from session")
    path, url = "/projects/demo/pages?period=7d", "/sign-in?next=/projects/demo/pages%3Fperiod%3D7d"
    assert (await browser.get(path)).headers["Location"] == url
    response = await browser.get(path, **{"HX-Request": "true", "HX-Current-URL": f"http://localhost{path}"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, url)
    response = await browser.post("/projects/demo/settings", {**form, "name": "Typed before it ended"})
    assert (response.status_code, "Typed before it ended" in browser.text) == (401, True)
    assert (await browser.get("/")).headers["Location"] == "/claim"


async def test_once_it_is_claimed_the_database_is_not_asked_again(
    app: Quart, browser: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update installation set claimed_at = now()")
    assert (await browser.get("/sign-in")).status_code == 200
    assert services(app).is_claimed


def test_every_public_page_is_listed_here() -> None:
    assert set(SERVED) <= {path.replace("<name>", "core.js") for path in PUBLIC}
