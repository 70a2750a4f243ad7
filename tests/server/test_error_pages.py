import logging

import asyncpg
import pytest
from quart import Quart

from app.queries import projects
from app.server.quart_app import create_app
from tests.support.browser import Browser

Pool = asyncpg.Pool


@pytest.mark.parametrize(
    "address", ["/nothing", "/projects/nothing", "/projects/%00", "/projects/demo/widgets/1", "/static/../app.py"]
)
async def test_an_unknown_address_is_a_404_page(owner: Browser, address: str) -> None:
    assert (await owner.get(address)).status_code == 404
    assert "Page not found" in owner.text
    assert "Go to dashboard" in owner.text


async def test_it_tells_htmx_to_show_the_whole_page(owner: Browser) -> None:
    response = await owner.get("/projects/nothing", **{"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "body"


async def test_it_names_the_methods_that_are_possible(browser: Browser) -> None:
    response = await browser.client.get("/sign-out")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


async def test_it_says_that_nothing_is_there_before_it_asks_for_a_token(browser: Browser) -> None:
    assert (await browser.post("/nowhere", {"csrf": ""})).status_code == 404
    assert (await browser.post("//v0/feelbacks/create", {"csrf": ""})).status_code == 404
    assert (await browser.post("/demo", {"csrf": ""})).status_code == 405


async def test_it_refuses_what_is_too_large(browser: Browser) -> None:
    await browser.get("/sign-in")
    assert (await browser.post("/sign-in", {"email": "x" * 70_000})).status_code == 413


async def test_it_is_back_soon_while_the_database_is_away(
    app: Quart, owner: Browser, app_pool: "Pool[asyncpg.Record]"
) -> None:
    app_pool.terminate()
    for address in ("/projects", "/demo"):
        response = await owner.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "2"
        assert "Temporarily unavailable" in owner.text
    assert (await owner.get("/readyz")).status_code == 503
    assert (await owner.get("/healthz")).status_code == 200


async def test_it_is_not_ready_before_the_database_is(settings: object, browser: Browser) -> None:
    early = Browser(create_app(settings))  # type: ignore[arg-type]
    assert (await early.get("/readyz")).status_code == 503
    assert (await early.get("/demo")).status_code == 503


async def test_readyz_fails_without_this_months_partition(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert (await browser.get("/readyz")).status_code == 200
    await pool.execute(
        "do $$ begin execute 'drop table response_' || to_char(now() at time zone 'UTC', 'YYYY_MM'); end $$"
    )
    assert (await browser.get("/readyz")).status_code == 503
    await pool.execute("drop schema fn cascade")
    assert (await browser.get("/readyz")).status_code == 503


async def test_an_unexpected_error_is_logged_but_not_shown(
    owner: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr(projects, "account_projects", broken)
    with caplog.at_level(logging.ERROR):
        assert (await owner.get("/projects")).status_code == 500
    assert "an error on our side" in owner.text
    assert "secret" not in owner.text
    assert "GET /projects failed" in caplog.text


PAGES = ("", "/responses", "/pages", "/inbox", "/exports/file")


@pytest.mark.parametrize(
    "query", ["q=%00", "widget=%00", "from=%00", "page=%00", "text=a%00b", "kind=%00&search=%00", "cursor=%00"]
)
async def test_invalid_characters_are_refused(owner: Browser, query: str) -> None:
    for address in (*(f"/projects/demo{page}" for page in PAGES), "/audit", "/members", "/installation/accounts"):
        assert (await owner.get(f"{address}?{query}")).status_code < 500, address


async def test_readyz_names_overdue_jobs(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await browser.get("/readyz")
    assert browser.text == "ok\n"
    await pool.execute(
        "insert into job_run (job, due_at, started_at, finished_at)"
        " select name, now() - interval '1 day', now() - interval '1 day', now() - interval '1 day'"
        " from fn.job where name = 'refresh stats'"
    )
    assert (await browser.get("/readyz")).status_code == 200
    assert browser.text.startswith("ok, but overdue: ")
    assert "refresh stats" in browser.text
