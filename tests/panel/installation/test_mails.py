"""The outbox, for operators alone: what was sent, and what could not be; links and codes are hidden until revealed."""

from typing import Any

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from app.panel.installation import mails
from tests.support import drive_recaps, outbox
from tests.support.browser import Browser

Pool = asyncpg.Pool
SECRET = "https://feelback.example/links/secret"
LINK = f'{{"url": "{SECRET}", "until": "3 Aug 2026"}}'
ENTRIES = """
    select a.name, n.actor, n.what, n.about from audit as n join account as a on a.id = n.account_id
    where n.what like 'mail.%' order by n.at, a.name
"""


@pytest.fixture
async def mail_id(pool: "Pool[asyncpg.Record]", settings: Settings, operator: Browser) -> str:
    """The id of a mail that was not sent."""
    sql = "select fn.enqueue_mail('stranger@example.com', 'magic_link', $1, _give_up_at => now() + interval '1 hour')"
    await pool.execute(sql, LINK)
    assert await outbox.send_one(pool, settings, None) == "stored"
    return str(await pool.fetchval("select id from mail"))


async def entries(pool: "Pool[asyncpg.Record]") -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await pool.fetch(ENTRIES)]


async def test_an_operator_reads_unsent_mails(
    operator: Browser, stranger: Browser, mail_id: str, pool: "Pool[asyncpg.Record]"
) -> None:
    await operator.get("/installation/mails")
    assert "stranger@example.com" in operator.text
    assert f'href="/installation/mails/{mail_id}"' in operator.text
    assert await entries(pool) == []
    await operator.get("/installation/mails?state=stored")
    assert f'href="/installation/mails/{mail_id}"' in operator.text
    assert 'href="/installation/mails?state=stored" aria-current="page">Stored</a>' in operator.text
    await operator.get("/installation/mails?state=sent")
    assert f'href="/installation/mails/{mail_id}"' not in operator.text
    await operator.get(f"/installation/mails/{mail_id}")
    assert "https://feelback.example/links/…" in operator.text
    assert SECRET not in operator.text
    assert f'src="/installation/mails/{mail_id}/html"' in operator.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in operator.text
    response = await operator.get(f"/installation/mails/{mail_id}/html")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert 'style="' not in operator.text
    assert '<base target="_blank">' in operator.text
    assert "https://feelback.example/links/…" in operator.text
    assert SECRET not in operator.text
    # The page and its frame are one reading: for the recipient's account to see, and the operator's.
    reading = ("operator@example.com", "mail.read", "stranger@example.com")
    assert await entries(pool) == [("Others", *reading), ("Ours", *reading)]


async def test_its_links_are_revealed_to_an_operator_who_has_confirmed(
    operator: Browser, stranger: Browser, mail_id: str, pool: "Pool[asyncpg.Record]"
) -> None:
    await operator.get(f"/installation/mails/{mail_id}")
    assert operator.form(f"/installation/mails/{mail_id}/reveal")
    await pool.execute("update session set confirmed_at = now() - interval '1 hour'")
    response = await operator.post(f"/installation/mails/{mail_id}/reveal", {})
    assert response.headers["Location"] == f"/confirmation?next=/installation/mails/{mail_id}"
    await pool.execute("update session set confirmed_at = now()")
    await operator.get(f"/installation/mails/{mail_id}")
    response = await operator.post(f"/installation/mails/{mail_id}/reveal", {})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert SECRET in operator.text
    revealing = ("operator@example.com", "mail.revealed", "stranger@example.com")
    assert (await entries(pool))[2:] == [("Others", *revealing), ("Ours", *revealing)]
    assert (await operator.get(f"/installation/mails/{mail_id}/reveal")).status_code == 405


async def test_no_mail_is_read_that_no_log_has_an_entry_of(
    operator: Browser, teammate: Browser, mail_id: str, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update member set role = 'admin' where role = 'owner'")
    assert (await operator.get(f"/installation/mails/{mail_id}")).status_code == 403
    assert "recorded in an audit log" in operator.text


async def test_its_code_is_hidden(operator: Browser, pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await pool.execute(
        "select fn.enqueue_mail('a@example.com', 'confirmation_code', '{\"code\": \"1234 5678\"}',"
        " _give_up_at => now() + interval '10 minutes')"
    )
    assert await outbox.send_one(pool, settings, None) == "stored"
    id = await pool.fetchval("select id from mail")
    for path in (f"/installation/mails/{id}", f"/installation/mails/{id}/html"):
        await operator.get(path)
        assert "1234" not in operator.text


async def test_a_stored_mail_has_no_secret_but_in_its_body(mail_id: str, pool: "Pool[asyncpg.Record]") -> None:
    assert "secret" not in await pool.fetchval("select m::text from mail as m")
    purge = "select fn.purge_batch('delete expired mail bodies', now() + $1::text::interval)"
    assert [await pool.fetchval(purge, after) for after in ("59 minutes", "61 minutes")] == [0, 1]
    await pool.execute("select fn.enqueue_mail('a@example.com', 'security_notice', '{}')")
    id = await pool.fetchval("select id from mail where template = 'security_notice'")
    await pool.execute("select fn.mark_mail_stored($1, 'x')", id)
    assert [await pool.fetchval(purge, after) for after in ("29 days", "31 days")] == [0, 1]


async def test_nobody_else_learns_that_there_is_such_a_page(
    app: Quart, owner: Browser, teammate: Browser, stranger: Browser, mail_id: str, pool: "Pool[asyncpg.Record]"
) -> None:
    admin = await drive_recaps.person_id(pool, "mate@example.com")
    await pool.execute("update member set role = 'admin' where person_id = $1", admin)
    for path in ("/installation/mails", f"/installation/mails/{mail_id}", f"/installation/mails/{mail_id}/html"):
        for each in (owner, teammate, stranger):  # the demo's owner, its admin, and the owner of another account
            assert (await each.get(path)).status_code == 404
            assert "Magic link" not in each.text
            assert "links/" not in each.text
        response = await Browser(app).get(path)
        assert (response.status_code, response.headers["Location"]) == (303, f"/sign-in?next={path}")


async def test_what_was_sent_or_is_not_there_cannot_be_read(operator: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("select fn.enqueue_mail('ann@example.com', 'magic_link', $1)", LINK)
    id = await pool.fetchval("select id from mail")
    await pool.execute("select fn.mark_mail_sent($1)", id)
    await operator.get("/installation/mails")
    assert "ann@example.com" in operator.text
    assert "secret" not in operator.text
    for path in (f"/installation/mails/{id}", "/installation/mails/01a03d6d-0000-7000-8000-000000000000"):
        assert (await operator.get(path)).status_code == 404


async def test_it_is_listed_by_state_and_page(
    operator: Browser, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "PAGE", 2)
    for n in range(5):
        await pool.execute(
            "select fn.enqueue_mail($1, 'magic_link', '{}', _now => now() + $2 * interval '1 s')",
            f"p{n}@example.com",
            n,
        )
    await pool.execute(
        "update mail set outcome = 'failed', done_at = now(), last_error = 'the mail server refused the recipient: 550'"
        " where recipient = 'p4@example.com'"
    )
    await operator.get("/installation/mails")
    assert "5 emails, page 1 of 3" in operator.text
    assert "p4@example.com" in operator.text
    assert "the mail server refused the recipient: 550" in operator.text
    await operator.get("/installation/mails?page=3")
    assert "p0@example.com" in operator.text
    await operator.get("/installation/mails?state=waiting&page=2")
    assert "4 emails, page 2 of 2" in operator.text
    assert "p4@example.com" not in operator.text
    for odd in ("?page=0", "?page=x", "?page=99999999999", "?state=<b>", "?page=2000"):
        assert (await operator.get(f"/installation/mails{odd}")).status_code == 200
