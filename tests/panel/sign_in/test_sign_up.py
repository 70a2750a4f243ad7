"""Signing up: the link, the account, and what it tells of who is there already: nothing."""

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from app.panel.sign_in import mailed, passwords
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import ask, mails, sign_up, the_link, use
from tests.support.sign_up import Pool, under


async def test_it_signs_up_by_a_mailed_link(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    response = await sign_up(browser, pool, " Ann@Example.com ", name="Ann's blogs", password="correct horse")
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    await browser.get("/projects")
    assert "ann@example.com" in browser.text
    assert "Acorn" not in browser.text
    row = await pool.fetchrow(
        """select a.name, m.role, p.verified_at is not null as is_verified from person as p
        join member as m on m.person_id = p.id join account as a on a.id = m.account_id
        where p.email = 'ann@example.com'"""
    )
    assert row is not None
    assert tuple(row) == ("Ann's blogs", "owner", True)
    await browser.post("/sign-out", {})
    assert (await browser.sign_in("ann@example.com", "correct horse")).status_code == 303


async def test_without_a_mail_server_it_shows_a_command_that_works(
    browser: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    text = await ask(browser, "/sign-up", "ann@example.com")
    assert "feelback link ann@example.com --create" in text
    assert await pool.fetchval("select fn.issue_magic_link('ann@example.com', sha256('x'), true, false)")


async def test_it_needs_no_password(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert (await sign_up(browser, pool, "ann@example.com")).status_code == 303
    assert await pool.fetchval("select password_hash from person where email = 'ann@example.com'") is None
    assert await pool.fetchval("select name from account order by id desc limit 1") == "ann"
    assert (await Browser(browser.client.app).sign_in("ann@example.com", "")).status_code == 422


async def test_opening_the_link_uses_nothing_up(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await ask(browser, "/sign-up", "ann@example.com")
    link = await the_link(pool, "verify")
    for _ in range(3):
        response = await browser.get(link)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
    assert await pool.fetchval("select verified_at from person where email = 'ann@example.com'") is None


async def test_the_link_works_once(browser: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    other = Browser(app)
    await ask(browser, "/sign-up", "ann@example.com")
    await ask(browser, "/sign-up", "ann@example.com")
    (_, _, first), (_, _, second) = await mails(pool)
    links = [mail["url"].removeprefix("http://localhost:8000") for mail in (first, second)]
    await other.get(links[0])
    assert (await use(browser, links[0])).status_code == 303
    for link in links:
        assert (await other.post(link, {})).status_code == 404
        assert "This link has expired" in other.text
        assert (await other.get(link)).status_code == 404
    assert await pool.fetchval("select count(*) from account") == 2


async def test_the_link_ends_after_a_day(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await ask(browser, "/sign-up", "ann@example.com")
    link = await the_link(pool, "verify")
    assert str(await pool.fetchval("select expires_at - created_at from token")) == "1 day, 0:00:00"
    await browser.get(link)
    await pool.execute("update token set expires_at = now()")
    assert (await browser.post(link, {})).status_code == 404
    assert await pool.fetchval("select fn.purge_batch('delete expired tokens')") == 1


async def test_only_the_hash_of_a_link_is_kept(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await ask(browser, "/sign-up", "ann@example.com")
    link = await the_link(pool, "verify")
    token = await pool.fetchval("select token::text from token")
    assert link.rpartition("/")[2] not in token


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in/link", "/reset"])
async def test_it_never_tells_whether_somebody_has_the_address(
    browser: Browser,
    pool: "Pool[asyncpg.Record]",
    loaded: demo_project.Demo,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[str] = []

    async def count_run(password: str, *_: object) -> bool:
        runs.append(password)
        return False

    monkeypatch.setattr(passwords, "matches", count_run)
    monkeypatch.setattr(passwords, "hash_password", count_run)
    pages = [await ask(browser, path, email) for email in (loaded.email, "nobody@example.com")]
    assert pages[0].replace(loaded.email, "X") == pages[1].replace("nobody@example.com", "X")
    assert runs == []
    assert (await mails(pool))[0][1] == {"/sign-up": "already_registered", "/reset": "reset"}.get(path, "magic_link")


async def test_it_answers_when_it_is_time_and_not_before(
    browser: Browser, loaded: demo_project.Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(mailed, "RESPONSE_SECONDS", 5)
    monkeypatch.setattr(mailed.asyncio, "sleep", sleep)
    for email in (loaded.email, "nobody@example.com"):
        await ask(browser, "/reset", email)
    assert [4 < seconds <= 5 for seconds in waited] == [True, True]


async def test_who_is_signed_up_already_gets_no_link(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/sign-up", loaded.email.upper())
    assert await mails(pool) == [(loaded.email, "already_registered", {})]
    assert await pool.fetchval("select count(*) from token") == 0


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@example.com", "a b@example.com", "a@b,c@d", "a\0@b.c\n@d"])
async def test_it_wants_an_address(browser: Browser, email: str, pool: "Pool[asyncpg.Record]") -> None:
    await browser.get("/sign-up")
    response = await browser.post("/sign-up", {"email": email})
    if response.status_code == 200:  # what controls were in it is gone
        assert email.startswith("a\0")
        return
    assert response.status_code == 422
    assert "This is not an email address." in browser.text
    assert await mails(pool) == []


@pytest.mark.parametrize(
    "password", ["short12", "password", "PASSWORD1", "aaaaaaaaaaaa", "ann@example.com", "x" * 1001]
)
async def test_it_refuses_a_password_that_anybody_would_guess(
    browser: Browser, pool: "Pool[asyncpg.Record]", password: str
) -> None:
    response = await sign_up(browser, pool, "ann@example.com", name="Blogs & co", password=password)
    assert response.status_code == 422
    assert 'value="Blogs & co"' in browser.text
    assert password not in browser.text.replace("ann@example.com", "", 1) or password in ("password", "ann@example.com")
    assert await pool.fetchval("select count(*) from token") == 1


@pytest.mark.parametrize("signup", ["invite", "closed"])
async def test_it_lets_nobody_in_where_sign_up_is_not_open(
    settings: Settings, pool: "Pool[asyncpg.Record]", signup: str
) -> None:
    browser = under(settings, pool, signup)
    await browser.get("/sign-up")
    assert "Sign-ups are closed" in browser.text
    await browser.get("/sign-in")
    assert "/sign-up" not in browser.text
    for email in ("ann@example.com", demo_project.EMAIL):
        assert (await browser.post("/sign-up", {"email": email})).status_code == 403
    assert await mails(pool) == []


async def test_it_forgets_who_did_not_come_back_in_a_week(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await ask(browser, "/sign-up", "ann@example.com")
    sql = "select fn.purge_batch('delete unverified people', now() + $1::text::interval)"
    assert await pool.fetchval(sql, "6 days 23 hours") == 0
    assert await pool.fetchval(sql, "7 days 1 minute") == 1
    assert await pool.fetchval("select count(*) from person") == 1


async def test_it_mails_one_address_five_times_an_hour_for_each_purpose(
    browser: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await browser.get("/reset")
    for path in ("/sign-up", "/reset", "/sign-in/link"):
        statuses = [(await browser.post(path, {"email": "ann@example.com"})).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert len(await mails(pool)) == 5
