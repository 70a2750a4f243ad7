"""Confirming that it is still them, by password, authenticator app or mailed code."""

import asyncpg
import pytest

from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import code, mails, set_up_app

Pool = asyncpg.Pool


async def stale(browser: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    assert (await browser.get("/me/email")).headers["Location"] == "/confirmation?next=/me/email"
    assert (await browser.get("/confirmation?next=/me/email")).status_code == 200


async def test_it_confirms_by_password(owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]") -> None:
    await stale(owner, pool)
    assert (await owner.post("/confirmation", {"password": "wrong", "next": "/me/email"})).status_code == 422
    assert (await owner.get("/me/email")).status_code == 303
    await owner.get("/confirmation")
    response = await owner.post("/confirmation", {"password": loaded.password, "next": "/me/email"})
    assert response.headers["Location"] == "/me/email"
    assert (await owner.get("/me/email")).status_code == 200


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example/"])
async def test_it_goes_on_to_no_other_site(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]", next: str
) -> None:
    await stale(owner, pool)
    response = await owner.post("/confirmation", {"password": loaded.password, "next": next})
    assert response.headers["Location"] == "/"


async def test_it_confirms_by_a_mailed_code(stranger: Browser, owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await stale(stranger, pool)
    assert 'type="password"' not in stranger.text
    await stranger.post("/confirmation/code", {"next": "/me/email"})
    ((recipient, template, context),) = await mails(pool)
    assert (recipient, template) == ("stranger@example.com", "confirmation_code")
    assert context["code"] not in stranger.text
    await owner.get("/confirmation")
    assert (await owner.post("/confirmation", {"code": context["code"]})).status_code == 422
    assert (await stranger.post("/confirmation", {"code": "0000 0000"})).status_code == 422
    response = await stranger.post("/confirmation", {"code": context["code"], "next": "/me/email"})
    assert response.headers["Location"] == "/me/email"
    await stale(stranger, pool)
    assert (await stranger.post("/confirmation", {"code": context["code"]})).status_code == 422


async def test_a_mailed_code_is_good_for_ten_minutes(stranger: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await stale(stranger, pool)
    await stranger.post("/confirmation/code", {})
    ((_, _, context),) = await mails(pool)
    await pool.execute(
        "update session set code_expires_at"
        " = (code_expires_at at time zone 'UTC' - interval '10 minutes') at time zone 'UTC'"
    )
    assert (await stranger.post("/confirmation", {"code": context["code"]})).status_code == 422


async def test_who_has_an_app_confirms_by_it_only(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, codes = await set_up_app(owner)
    await mails(pool)
    await stale(owner, pool)
    assert (await owner.post("/confirmation/code", {})).status_code == 403
    await owner.get("/confirmation")
    for form in ({"password": loaded.password}, {"code": "000000"}, {"code": code(secret, -1)}):
        assert (await owner.post("/confirmation", form)).status_code == 422
    assert (await owner.post("/confirmation", {"code": code(secret)})).status_code == 303
    await stale(owner, pool)
    assert (await owner.post("/confirmation", {"code": codes[0]})).status_code == 303
    assert await mails(pool) == []


async def test_a_dangerous_act_is_refused_by_the_database_too(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    for call, sqlstate in (
        ("update_password(token_hash, 'x')", "FB403"),
        ("request_email_change(token_hash, 'a@b.c', sha256('x'), '')", "FB403"),
        ("enable_totp(token_hash, '0123456789abcdef', 1, '{}')", "FB403"),
        ("disable_totp(token_hash)", "FB403"),
        ("replace_recovery_codes(token_hash, '{}')", "FB403"),
        ("update_password(sha256('nobody'), 'x')", "FB401"),
        ("person_sessions(null)", "FB401"),
    ):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await pool.execute(f"select fn.{call} from session")
        assert caught.value.sqlstate == sqlstate, call
