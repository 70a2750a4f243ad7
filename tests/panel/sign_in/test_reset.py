"""A new password by a mailed link."""

import asyncpg
import pytest
from quart import Quart

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import ask, mails, set_up_app, the_link, use

Pool = asyncpg.Pool
NEW = "another good one"


async def test_it_sets_a_new_password_by_a_mailed_link_and_ends_all_sessions(
    browser: Browser, owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    other = Browser(app)
    await ask(other, "/sign-in/link", loaded.email)
    await mails(pool)
    await ask(other, "/reset", loaded.email)
    link = await the_link(pool, "reset")
    response = await use(other, link, password=NEW)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "Your password was changed" in other.text
    assert (await owner.get("/me")).status_code == 303
    assert [mail[:2] for mail in await mails(pool)] == [(loaded.email, "security_notice")]
    assert await pool.fetchval("select count(*) from token") == 0
    assert (await other.sign_in(loaded.email, loaded.password)).status_code == 422
    assert (await other.sign_in(loaded.email, NEW)).status_code == 303
    assert (await other.get(link)).status_code == 404


async def test_it_works_once_and_for_an_hour(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/reset", loaded.email)
    link = await the_link(pool, "reset")
    await use(browser, link, password=NEW)
    assert (await browser.post(link, {"password": "a third good one"})).status_code == 404
    await ask(browser, "/reset", loaded.email)
    await pool.execute(
        "update token set expires_at = (expires_at at time zone 'UTC' - interval '1 hour') at time zone 'UTC'"
    )
    assert (await browser.post(link, {"password": "a third good one"})).status_code == 404
    assert (await browser.sign_in(loaded.email, NEW)).status_code == 303


@pytest.mark.parametrize("password", ["", "1234567", "iloveyou", "demo@feelback.example"])
async def test_it_refuses_a_bad_password_and_keeps_the_link(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]", password: str
) -> None:
    await ask(browser, "/reset", loaded.email)
    link = await the_link(pool, "reset")
    assert (await use(browser, link, password=password)).status_code == 422
    assert (await use(browser, link, password=NEW)).status_code == 200


async def test_a_link_does_only_what_it_is_for(
    browser: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await ask(browser, "/reset", loaded.email)
    await mails(pool)
    digest = await pool.fetchval("select token_hash from token")
    for sql in (
        "select fn.use_magic_link($1, sha256('a'), null, '')",
        "select fn.use_email_change($1)",
        "select fn.verify_person($1, 'x', 'x', 'open', sha256('a'), null, '')",
    ):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await pool.fetchval(sql, digest)
        assert caught.value.sqlstate == "FB404"
    sql = "select fn.finish_sign_in($1, null, sha256('b'), sha256('a'), null, '')"
    assert not await pool.fetchval(sql, digest)
    assert await pool.fetchval("select count(*) from token") == 1
    assert await pool.fetchval("select count(*) from session") == 0


async def test_a_reset_does_not_get_past_the_second_step(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await set_up_app(owner)
    await mails(pool)
    thief = Browser(app)
    await ask(thief, "/reset", loaded.email)
    await use(thief, await the_link(pool, "reset"), password=NEW)
    response = await thief.sign_in(loaded.email, NEW)
    assert "Two-factor authentication" in thief.text
    assert "Set-Cookie" not in response.headers
