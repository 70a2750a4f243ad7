"""Inviting into an account, and coming: by signing up, by signing in, with the right address only."""

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import invite, join, person_id
from tests.support.sign_up import under

Pool = asyncpg.Pool


@pytest.mark.parametrize(("signup", "status"), [("open", 303), ("invite", 303), ("closed", 403)])
async def test_who_is_new_signs_up_by_it(
    owner: Browser, settings: Settings, pool: "Pool[asyncpg.Record]", signup: str, status: int
) -> None:
    link = await invite(owner, pool, "ann@example.com")
    browser = under(settings, pool, signup)
    await browser.get(link)
    assert "Join Demo" in browser.text
    assert ("Sign up and join" in browser.text) == (status == 303)
    response = await browser.post(link, {"password": "correct horse"})
    assert response.status_code == status
    if status == 403:
        assert await pool.fetchval("select count(*) from person where email = 'ann@example.com'") == 0
        return
    await browser.get("/members")
    assert "ann@example.com" in browser.text
    assert "Send invitation" not in browser.text  # an editor
    assert await pool.fetchval("select count(*) from account where name = 'ann'") == 0
    await browser.post("/sign-out", {})
    assert (await browser.sign_in("ann@example.com", "correct horse")).status_code == 303
    assert (await browser.get(link)).status_code == 404


async def test_opening_it_uses_nothing_up_and_a_bad_password_neither(
    owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    link, browser = await invite(owner, pool, "ann@example.com"), Browser(app)
    for _ in range(3):
        assert "Set-Cookie" not in (await browser.get(link)).headers
    assert (await browser.post(link, {"password": "password"})).status_code == 422
    assert await person_id(pool, "ann@example.com") is None
    assert (await browser.post(link, {})).status_code == 303


async def test_who_has_signed_up_signs_in_first(
    owner: Browser, stranger: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    link, nobody = await invite(owner, pool, "stranger@example.com", "viewer"), Browser(app)
    await nobody.get(link)
    assert f'href="/sign-in?next={link}"' in nobody.text
    await nobody.get("/sign-in")
    assert (await nobody.post(link, {})).status_code == 401
    await owner.get(link)
    assert "the invitation is for someone else" in owner.text
    assert (await owner.post(link, {})).status_code == 404
    response = await owner.post("/sign-out", {"next": link})
    assert response.headers["Location"] == f"/sign-in?next={link}"
    await stranger.get(link)
    assert (await stranger.post(link, {})).headers["Location"] == "/"
    assert (await stranger.get("/projects/demo")).status_code == 200  # it is in the new account at once
    assert (await stranger.post(link, {})).status_code == 404


async def test_it_tells_admins_what_is_wrong(owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/members")
    for email, role, status, message in (
        ("ann", "viewer", 422, "not an email address"),
        ("mate@example.com", "viewer", 409, "is a member already"),
        ("ann@example.com", "owner", 422, "admin, editor or viewer"),
    ):
        assert (await owner.post("/members/invitations", {"email": email, "role": role})).status_code == status
        assert message in owner.text
        assert f'value="{email}"' in owner.text
    await invite(owner, pool, "ann@example.com")
    assert (await owner.post("/members/invitations", {"email": "ann@example.com", "role": "viewer"})).status_code == 409
    assert await mails(pool) == []


async def test_it_is_sent_again_and_revoked(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    first, browser = await invite(owner, pool, "ann@example.com"), Browser(app)
    id = await pool.fetchval("select id from invitation")
    await owner.post(f"/members/invitations/{id}/resend", {})
    ((_, _, context),) = await mails(pool)
    second = context["url"].removeprefix("http://localhost:8000")
    assert [(await browser.get(link)).status_code for link in (first, second)] == [404, 200]
    await owner.post(f"/members/invitations/{id}/revoke", {})
    assert (await browser.get(second)).status_code == 404
    await owner.get("/members")
    assert "ann@example.com" not in owner.text


async def test_one_address_is_mailed_five_times_an_hour(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await invite(owner, pool, "ann@example.com")
    id = await pool.fetchval("select id from invitation")
    statuses = [(await owner.post(f"/members/invitations/{id}/resend", {})).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


async def test_a_name_is_shown_as_it_is(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get("/account")
    await owner.post("/account", {"name": "<b>Ann & Co</b>", "audit_days": "365"})
    browser = await join(app, owner, pool, "ann@example.com")
    assert "<b>Ann & Co</b>" in browser.text  # the browser of tests reads the escapes
    assert b"<b>Ann" not in await (await browser.client.get("/members")).get_data()
