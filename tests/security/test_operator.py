"""Attacks by way of the demo, of another host's name, and of another spelling of a path. None succeeds."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from quart import Quart

from app.commands import creation
from app.config import Settings, claim_link
from app.database import db
from app.site import demo_project
from tests.support import outbox
from tests.support.browser import Browser
from tests.support.drive import ask
from tests.support.serving import Server, serving
from tests.support.settings import SECRET

Pool = asyncpg.Pool
INSTALLATION = ("/installation", "/installation/mails", "/installation/accounts", "/installation/insights",
                "/installation/billing-issues")  # fmt: skip
PUBLISHED = "feelback-demo"  # the demo's password until it became a random one


@pytest.fixture
def site(database: str) -> Iterator[Server]:
    """A server on loopback with the demo."""
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}
    with serving(environ) as server:
        yield server


async def test_the_demo_does_not_own_a_fresh_installation(
    app: Quart, browser: Browser, loaded: demo_project.Demo, settings: Settings, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update installation set claimed_at = null")
    assert (await browser.sign_in(loaded.email, loaded.password)).status_code == 303
    for path in INSTALLATION:
        assert (await browser.get(path)).status_code == 404
    # What the README's commands create is not in the demo's account.
    project = await creation.create_project(pool, "My blog", None, ["https://blog.example"], "UTC")
    await creation.create_widget(pool, project["slug"], "Helpful?", "yesno", None, "visitor", None, None, False)
    assert (await browser.get("/projects/my-blog")).status_code == 404
    await browser.get("/projects")
    assert "My blog" not in browser.text
    # A real person claims it, and the demo's owner stays outside.
    ann = Browser(app)
    await ann.get("/claim")
    form = {"code": claim_link.code(settings), "email": "ceo@real.example", "password": "correct horse"}
    assert (await ann.post("/claim", form)).status_code == 303
    for path in INSTALLATION:
        assert (await ann.get(path)).status_code == 200
        assert (await browser.get(path)).status_code == 404
    assert (await ann.get("/projects/my-blog")).status_code == 200


async def test_nobody_takes_a_link_out_of_the_outbox(
    app: Quart, owner: Browser, operator: Browser, settings: Settings, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(Browser(app), "/sign-in/link", "operator@example.com")
    assert await outbox.send_one(pool, settings, None) == "stored"
    id = await pool.fetchval("select id from mail")
    for path in ("/installation/mails", f"/installation/mails/{id}", f"/installation/mails/{id}/html"):
        assert (await owner.get(path)).status_code == 404
    await owner.get("/me")
    assert (await owner.post(f"/installation/mails/{id}/reveal", {})).status_code == 404
    assert "/links/" not in owner.text


async def test_a_demo_that_is_loaded_before_the_first_sign_up_owns_nothing(
    pool: "Pool[asyncpg.Record]", browser: Browser, loaded: demo_project.Demo, settings: Settings
) -> None:
    # Nor does it shut the real owner out, whatever SIGNUP is.
    await pool.execute("update installation set claimed_at = null")
    for signup in ("closed", "invite"):
        assert not await pool.fetchval("select fn.may_sign_up($1)", signup)
    await browser.get("/claim")
    form = {"code": claim_link.code(settings), "email": "ceo@real.example", "password": "correct horse"}
    assert (await browser.post("/claim", form)).status_code == 303
    assert (await browser.get("/installation/mails")).status_code == 200


async def test_the_demo_cannot_be_made_the_operator(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await pool.execute("update installation set claimed_at = null")
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute("select fn.update_operator($1, true)", loaded.email)
    assert refused.value.sqlstate == "FB409"
    # Not even by an account of its own, which is the first beside the demo.
    await owner.get("/accounts/new")
    assert (await owner.post("/accounts", {"name": "Mine"})).status_code == 303
    assert (await owner.get("/installation")).status_code == 404
    assert await pool.fetchval("select fn.first_account()") is None


async def test_the_published_password_does_not_sign_in(database: str, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update person set password_hash = null")  # as the migration leaves it
    other = await db.connect(database)
    assert await demo_project.restore_password(other, "a-random-password")
    assert not await demo_project.restore_password(other, "a-random-password")
    owner = await pool.fetchrow("select * from fn.demo_owner()")
    assert owner is not None
    from app.panel.sign_in import passwords

    assert await passwords.matches("a-random-password", owner["password_hash"])
    assert not await passwords.matches(PUBLISHED, owner["password_hash"])
    await other.close()


@pytest.mark.parametrize("change", ["slug = 'other'", "name = 'Other', slug = 'x', archived_at = now()"])
async def test_the_demo_is_found_whatever_it_is_called(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, change: str
) -> None:
    await pool.execute(f"update project set {change} where slug = 'demo'")
    await pool.execute("update person set email = 'other@example.com' where email = $1", loaded.email)
    again = await demo_project.load(pool, "x")
    assert (again.widgets, again.email) == (loaded.widgets, "other@example.com")
    assert await pool.fetchval("select count(*) from project") == 1


def request(server: Server, target: str, host: str, method: str = "GET", body: str = "") -> tuple[int, str]:
    """The status and text of a request with any target and any Host."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.putrequest(method, target, skip_host=True)
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        if body:
            headers |= {"Content-Length": str(len(body)), "Content-Type": "application/x-www-form-urlencoded"}
        for name, text in headers.items():
            connection.putheader(name, text)
        connection.endheaders(body.encode() or None)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/sign-in", "/projects", "/installation/mails", "/sdk/core.js", "/v1/stats", "/docs"])
def test_a_rebound_name_is_not_served(site: Server, path: str) -> None:
    for host in ("rebind.evil.example", f"rebind.evil.example:{site.port}", f"localhost.evil.example:{site.port}"):
        status, text = request(site, path, host)
        assert status == 421
        assert "csrf" not in text
        assert request(site, path, host, "POST", "email=a&password=b")[0] == 421
    assert request(site, "/healthz", "10.0.0.5")[0] == 200


def test_no_path_has_an_alias(site: Server) -> None:
    host = f"127.0.0.1:{site.port}"
    assert request(site, "/sign-in", host)[0] == 200
    for target in ("/x://y/sign-in", "/http://h/sign-in", "/http://h/installation/mails", "/https://h/demo"):
        assert request(site, target, host)[0] == 404, target
    assert request(site, f"http://{host}/sign-in", host)[0] == 200
    assert request(site, "http://rebind.evil.example/sign-in", host)[0] == 421
    assert request(site, f"http://{host}/sign-in", "rebind.evil.example")[0] == 421


def test_responses_are_taken_for_our_names_only(site: Server, loaded: demo_project.Demo) -> None:
    body: dict[str, Any] = {"widget": loaded.widgets["pulse"], "page": "/demo", "value": "+"}
    for host, expected in ((f"127.0.0.1:{site.port}", 201), ("rebind.evil.example", 421)):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        headers = {"Host": host, "Content-Type": "application/json", "User-Agent": "Mozilla/5.0 Firefox/128.0"}
        connection.request("POST", "/v1/responses", json.dumps(body), headers)
        assert connection.getresponse().status == expected
        connection.close()
