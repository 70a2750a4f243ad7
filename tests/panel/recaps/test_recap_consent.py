"""Unsubscribing: opening the link asks first, a mail service's POST unsubscribes at once (RFC 8058)."""

from typing import Any

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from tests.support import drive_recaps
from tests.support.browser import Browser

Pool = asyncpg.Pool


@pytest.fixture
async def path(settings: Settings, pool: "Pool[asyncpg.Record]", loaded: Any) -> str:
    """Where the demo's owner unsubscribes."""
    return await drive_recaps.unsubscribe_path(settings, pool, await drive_recaps.person_id(pool))


async def gets(pool: "Pool[asyncpg.Record]") -> bool:
    """Whether the demo's owner gets recaps."""
    sql = "select weekly or monthly from fn.recap_audience where email = 'demo@feelback.example'"
    return bool(await pool.fetchval(sql))


@pytest.mark.parametrize("method", ["get", "head", "options"])
async def test_opening_the_link_changes_nothing(
    app: Quart, pool: "Pool[asyncpg.Record]", path: str, method: str
) -> None:
    response = await getattr(app.test_client(), method)(path)
    assert response.status_code == 200
    assert await gets(pool)


async def test_a_mail_service_unsubscribes_as_gmail_does(app: Quart, pool: "Pool[asyncpg.Record]", path: str) -> None:
    # No cookie, no origin, no token of ours; only this body.
    body = b"List-Unsubscribe=One-Click"
    for _ in range(2):
        response = await app.test_client().post(
            path, data=body, headers={"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Google-Gmail"}
        )
        assert response.status_code == 200
        assert "Location" not in response.headers
        assert not await gets(pool)


async def test_a_mail_service_may_send_a_form_in_parts_and_from_elsewhere(
    app: Quart, pool: "Pool[asyncpg.Record]", path: str
) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Origin": "https://mail.example",
        "Sec-Fetch-Site": "cross-site",
    }
    assert (await app.test_client().post(path, data=part, headers=headers)).status_code == 200
    assert not await gets(pool)


async def test_a_person_confirms_before_unsubscribing(
    browser: Browser, pool: "Pool[asyncpg.Record]", path: str
) -> None:
    await browser.get(path)
    assert "Stop receiving recaps of Acorn?" in " ".join(
        browser.text.replace("<strong>", "").replace("</strong>", "").split()
    )
    await browser.post(path, {})
    assert "You won’t receive recaps of" in browser.text
    assert "/projects/demo/recaps" in browser.text
    await browser.get(path)
    assert "There is nothing to do" in browser.text
    assert not await gets(pool)


async def test_somebody_outside_is_not_invited_again(
    owner: Browser, app: Quart, settings: Settings, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(drive_recaps.PAGE)
    await owner.post(f"{drive_recaps.PAGE}/recipients", {"email": "boss@example.com", "weekly": "on"})
    other, link = Browser(app), await drive_recaps.link(pool)
    await other.get(link)
    await other.post(link, {})
    id = await pool.fetchval("select id from recap_recipient")
    path = await drive_recaps.unsubscribe_path(settings, pool, id)
    assert (await app.test_client().post(path)).status_code == 200
    assert await pool.fetchval("select ended_at is not null from recap_recipient")
    response = await owner.post(f"{drive_recaps.PAGE}/recipients", {"email": "boss@example.com", "weekly": "on"})
    assert response.status_code == 409
    assert "has unsubscribed" in owner.text


@pytest.mark.parametrize("method", ["get", "post"])
async def test_a_link_that_we_did_not_sign_is_not_found(
    app: Quart, pool: "Pool[asyncpg.Record]", path: str, method: str
) -> None:
    token = path.rsplit("/", 1)[1]
    for other in ("x", token[:-1], ("A" if token[0] != "A" else "B") + token[1:], "%00", "é" * 300, f"{token}."):
        response = await getattr(app.test_client(), method)(f"/unsubscribe/{other}")
        assert response.status_code == 404
    assert await gets(pool)


async def test_it_ends_one_project_s_recaps_for_one_person(
    app: Quart, pool: "Pool[asyncpg.Record]", path: str, teammate: Browser
) -> None:
    await pool.execute("update person set verified_at = now()")
    await pool.execute("select fn.create_project(account_id, 'Other', 'other') from project where slug = 'demo'")
    sql = "select email, count(*) filter (where weekly or monthly) from fn.recap_audience group by email order by email"
    assert [tuple(row) for row in await pool.fetch(sql)] == [("demo@feelback.example", 2), ("mate@example.com", 2)]
    await app.test_client().post(path)
    assert [tuple(row) for row in await pool.fetch(sql)] == [("demo@feelback.example", 1), ("mate@example.com", 2)]
