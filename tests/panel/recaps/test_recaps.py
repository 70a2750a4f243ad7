"""Recaps of a project: a member's choice, other recipients, preview."""

import asyncpg
import pytest
from quart import Quart

from app.site import demo_project
from tests.support import drive_recaps
from tests.support.browser import Browser
from tests.support.drive_recaps import PAGE, WEEK

Pool = asyncpg.Pool


async def choice(pool: "Pool[asyncpg.Record]") -> list[tuple[bool, bool]]:
    return [tuple(row) for row in await pool.fetch("select weekly, monthly from recap_choice")]


async def test_a_member_chooses(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(PAGE)
    assert 'name="weekly" checked' in owner.text
    assert 'name="monthly" checked' not in owner.text
    for form, expected in (({"monthly": "on"}, (False, True)), ({}, (False, False)), ({"weekly": "on"}, (True, False))):
        response = await owner.post(f"{PAGE}/choice", form)
        assert (response.status_code, response.headers["Location"]) == (303, f"{PAGE}?result=saved")
        assert await choice(pool) == [expected]
    await owner.get(f"{PAGE}?result=saved")
    assert "Saved." in owner.text


async def test_each_chooses_for_themselves(owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await teammate.get(PAGE)
    await teammate.post(f"{PAGE}/choice", {"monthly": "on"})
    assert await choice(pool) == [(False, True)]
    await owner.get(PAGE)
    assert 'name="weekly" checked' in owner.text


async def test_only_admins_see_and_invite_others(
    owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(PAGE)
    response = await owner.post(f"{PAGE}/recipients", {"email": " Boss@Example.com", "weekly": "on", "monthly": "on"})
    assert response.headers["Location"] == f"{PAGE}?result=invited"
    await owner.get(PAGE)
    assert "boss@example.com" in owner.text
    assert "Weekly and monthly" in owner.text
    assert "waiting for confirmation" in owner.text
    await teammate.get(PAGE)
    assert "boss@example.com" not in teammate.text
    assert (await teammate.post(f"{PAGE}/recipients", {"email": "x@example.com", "weekly": "on"})).status_code == 403
    id = await pool.fetchval("select id from recap_recipient")
    assert (await teammate.post(f"{PAGE}/recipients/{id}/delete", {})).status_code == 403
    assert (await owner.post(f"{PAGE}/recipients/{id}/delete", {})).status_code == 303
    assert await pool.fetchval("select count(*) from recap_recipient") == 0


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"email": "nobody", "weekly": "on"}, 422, "This is not an email address. Write it as ann@example.com."),
        ({"email": "a@example.com"}, 422, "Choose weekly recaps, monthly ones, or both."),
        ({"email": "", "weekly": "on"}, 422, "This is not an email address."),
        ({"email": "boss@example.com", "weekly": "on"}, 409, "boss@example.com was invited within the last day."),
    ],
)
async def test_it_says_what_is_wrong_with_a_recipient(
    owner: Browser, form: dict[str, str], status: int, message: str
) -> None:
    await owner.get(PAGE)
    await owner.post(f"{PAGE}/recipients", {"email": "boss@example.com", "weekly": "on"})
    response = await owner.post(f"{PAGE}/recipients", form)
    assert response.status_code == status
    assert message in owner.text
    assert 'role="alert"' in owner.text
    assert f'value="{form["email"]}"' in owner.text


async def test_a_recipient_confirms_without_signing_in(
    owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    await owner.get(PAGE)
    await owner.post(f"{PAGE}/recipients", {"email": "boss@example.com", "weekly": "on"})
    path, other = await drive_recaps.link(pool), Browser(app)
    await other.get(path)
    assert "Recaps of Acorn" in other.text
    assert await pool.fetchval("select confirmed_at from recap_recipient") is None  # opening the link does not confirm
    response = await other.post(path, {})
    assert response.status_code == 200
    assert "on Monday" in other.text
    assert await pool.fetchval("select confirmed_at from recap_recipient") is not None
    assert (await other.get(path)).status_code == 404
    assert (await other.post(path, {})).status_code == 404
    await owner.get(PAGE)
    assert "confirmed" in owner.text


async def test_a_recap_is_mailed_on_request(owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await drive_recaps.close(pool)
    await teammate.get(PAGE)
    assert "Week 47, 16–22 November 2026" in teammate.text
    response = await teammate.post(f"{PAGE}/mail", {"period": WEEK})
    assert response.headers["Location"] == f"{PAGE}?result=outbox"
    rows = await pool.fetch("select recipient, context ->> 'starts_on' from mail")
    assert [tuple(row) for row in rows] == [("mate@example.com", "2026-11-16")]


@pytest.mark.parametrize(
    "period",
    ["", "week", "week 2026-11-17", "week 2026-11-23", "month 2026-11-01", "year 2025-01-01", "week 9999-99-99"],
)
async def test_no_recap_is_mailed_of_what_is_no_closed_period(
    owner: Browser, pool: "Pool[asyncpg.Record]", period: str
) -> None:
    await drive_recaps.close(pool)
    await owner.get(PAGE)
    assert (await owner.post(f"{PAGE}/mail", {"period": period})).status_code == 422
    assert await pool.fetchval("select count(*) from mail") == 0


async def test_it_shows_a_recap_in_a_frame_that_can_do_nothing(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await drive_recaps.close(pool)
    await owner.get(f"{PAGE}/preview")
    assert f'src="{PAGE}/preview/html?period=week%202026-11-16"' in owner.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in owner.text
    response = await owner.get(f"{PAGE}/preview/html?period=month%202026-10-01")
    assert response.status_code == 200
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "Acorn, October 2026" in owner.text
    assert "cid:" not in owner.text


async def test_a_chart_can_be_put_elsewhere(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await drive_recaps.close(pool)
    account, project = await pool.fetchrow("select account_id, id from project where slug = 'demo'") or ()
    await pool.execute(
        "insert into period (account_id, scope_id, unit, starts_on, project_id, scope, total)"
        " values ($1, $2, 'week', '2026-11-16', $2, 'project', 7)", account, project,
    )  # fmt: skip
    response = await owner.get(f"{PAGE}/preview/trend.svg?period=week%202026-11-16")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == "attachment; filename=demo-trend-2026-11-16.svg"
    assert "<svg" in owner.text
    assert (await owner.get(f"{PAGE}/preview/other.svg?period=week%202026-11-16")).status_code == 404
    assert (await owner.get(f"{PAGE}/preview/positive.svg?period=week%202026-11-16")).status_code == 404


async def test_a_project_s_first_week_has_no_recap_yet(owner: Browser, loaded: demo_project.Demo) -> None:
    await owner.get(PAGE)
    assert "Its recap comes on Monday." in owner.text
    await owner.get(f"{PAGE}/preview")
    assert "No recap yet" in owner.text


async def test_recaps_on_request_are_limited(
    owner: Browser, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    await drive_recaps.close(pool)
    await owner.get(PAGE)
    for _ in range(30):
        assert (await owner.post(f"{PAGE}/mail", {"period": WEEK})).status_code == 303
    assert (await owner.post(f"{PAGE}/mail", {"period": WEEK})).status_code == 429
    assert (await owner.get(f"{PAGE}/preview/html")).status_code == 429
