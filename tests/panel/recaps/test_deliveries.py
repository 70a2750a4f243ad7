"""What a project's admins see of deliveries, and sending a recap again."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.support.browser import Browser
from tests.support.drive_recaps import DELIVERY, PAGE

Pool = asyncpg.Pool
WHY = "the mail server did not confirm the mail (SMTPReadTimeoutError): it may have arrived"


@pytest.fixture
async def mail_id(pool: "Pool[asyncpg.Record]", owner: Browser) -> UUID:
    """A recap to the owner that may have arrived."""
    account_id = await pool.fetchval("select account_id from project where slug = 'demo'")
    id = await pool.fetchval(DELIVERY, account_id)
    await pool.execute("update mail set last_error = $1, message_id = '<first@x>', attempts = 1", WHY)
    await pool.execute("update recap_delivery set error = $1", WHY)
    return UUID(str(id))


async def states(pool: "Pool[asyncpg.Record]") -> tuple[Any, ...]:
    row = await pool.fetchrow(
        "select m.outcome, m.copies, m.message_id, d.state, d.resends from mail as m"
        " join recap_delivery as d on d.mail_id = m.id"
    )
    return tuple(row or ())


async def test_an_admin_sees_and_resends_what_may_have_arrived(
    owner: Browser, pool: "Pool[asyncpg.Record]", mail_id: UUID
) -> None:
    await owner.get(PAGE)
    assert "0 sent, 1 may have arrived" in " ".join(owner.text.split())
    assert WHY in owner.text
    response = await owner.post(f"{PAGE}/deliveries/{mail_id}/resend", {})
    assert (response.status_code, response.headers["Location"]) == (303, f"{PAGE}?result=outbox")
    assert await states(pool) == (None, 0, "<first@x>", "waiting", 1)
    audit = await pool.fetchrow("select about, details ->> 'period' from audit where what = 'recap.resent'")
    assert audit is not None
    assert audit[1] == "week 2026-11-16"
    assert (await owner.post(f"{PAGE}/deliveries/{mail_id}/resend", {})).status_code == 409  # a second click
    await owner.get(PAGE)
    assert "0 sent, 1 on the way" in " ".join(owner.text.split())


async def test_others_neither_see_nor_resend(teammate: Browser, pool: "Pool[asyncpg.Record]", mail_id: UUID) -> None:
    await teammate.get(PAGE)
    assert "may have arrived" not in teammate.text
    assert (await teammate.post(f"{PAGE}/deliveries/{mail_id}/resend", {})).status_code == 403
    assert await states(pool) == ("unknown", 1, "<first@x>", "unknown", 0)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("update recap_delivery set state = 'sent'", 409),
        ("delete from mail", 409),
        ("insert into recap_choice (account_id, project_id, person_id, weekly, monthly) select account_id, project_id,"
         " to_id, false, true from recap_delivery", 409),
        ("delete from recap_delivery", 404),
    ],
    ids=["sent", "too old", "unsubscribed", "none"],
)  # fmt: skip
async def test_it_resends_nothing_else(
    change: str, status: int, owner: Browser, pool: "Pool[asyncpg.Record]", mail_id: UUID
) -> None:
    await pool.execute(change)
    await owner.get(PAGE)
    if "unsubscribed" in change or "insert" in change:
        assert "Send again" not in owner.text
    assert (await owner.post(f"{PAGE}/deliveries/{mail_id}/resend", {})).status_code == status
    assert await pool.fetchval("select count(*) from mail where outcome is null") == 0


async def test_a_form_without_its_token_is_refused(owner: Browser, pool: "Pool[asyncpg.Record]", mail_id: UUID) -> None:
    await owner.get(PAGE)
    owner.token = "another"
    assert (await owner.post(f"{PAGE}/deliveries/{mail_id}/resend", {})).status_code == 403
    assert (await states(pool))[0] == "unknown"
