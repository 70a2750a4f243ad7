"""Signed out in the middle, and the theme."""

import re

import asyncpg

from tests.support.browser import Browser

Pool = asyncpg.Pool
FORM = {"name": "A name that took long", "site": "https://a.example", "password": "not shown"}


async def test_a_form_of_an_ended_session_keeps_what_was_typed(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/projects/new")
    await pool.execute("delete from session")
    response = await owner.post("/projects", FORM, Referer="http://localhost/projects/new?from=list")
    assert response.status_code == 401
    assert "You’re signed out" in owner.text
    assert 'href="/sign-in?next=/projects/new%3Ffrom%3Dlist"' in owner.text
    assert "A name that took long" in owner.text
    assert "not shown" not in owner.text
    assert owner.token not in owner.raw
    response = await owner.post("/projects", FORM, Referer="https://evil.example/x")
    assert 'href="/sign-in?next=/"' in owner.text


async def test_htmx_is_led_back_to_the_page_it_was_on(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/projects/demo/responses")
    await pool.execute("delete from session")
    at = {"HX-Request": "true", "HX-Current-URL": "http://localhost/projects/demo/responses?q=docs"}
    back = "/sign-in?next=/projects/demo/responses%3Fq%3Ddocs"
    assert (await owner.get("/projects/demo/window", **at)).headers["HX-Redirect"] == back
    response = await owner.post("/projects", FORM, **at)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, back)
    at["HX-Current-URL"] = "https://evil.example/x"
    assert (await owner.get("/projects/demo/window", **at)).headers["HX-Redirect"] == "/sign-in"
    at["HX-Current-URL"] = "http://["
    assert (await owner.get("/projects/demo/window", **at)).headers["HX-Redirect"] == "/sign-in"


async def test_a_theme_is_chosen_and_taken_back(owner: Browser) -> None:
    await owner.get("/projects")
    assert "data-theme" not in owner.text
    response = await owner.post("/theme", {"theme": "dark"}, Referer="http://localhost/projects")
    assert response.headers["Location"] == "/projects"
    await owner.get("/projects")
    assert '<html lang="en" data-theme="dark">' in owner.text
    assert '<meta name="color-scheme" content="dark">' in owner.text
    assert re.search(r'value="dark" aria-pressed="true"', owner.text)
    for elsewhere in ("https://evil.example/projects", "http://["):
        response = await owner.post("/theme", {"theme": "<b>"}, Referer=elsewhere)
        assert response.headers["Location"] == "/"
    await owner.get("/projects")
    assert "data-theme" not in owner.text
