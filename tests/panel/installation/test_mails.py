"""The outbox, for the installation's owner alone."""

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from app.panel.installation import mails
from tests.support import drive_recaps, outbox
from tests.support.browser import Browser

Pool = asyncpg.Pool
LINK = '{"url": "https://feelback.example/links/secret", "until": "3 Aug 2026"}'


@pytest.fixture
async def mail_id(pool: "Pool[asyncpg.Record]", settings: Settings, owner: Browser) -> str:
    """The id of a mail that was not sent."""
    await pool.execute("select fn.enqueue_mail('ann@example.com', 'magic_link', $1)", LINK)
    assert await outbox.send_one(pool, settings, None) == "kept"
    return str(await pool.fetchval("select id from mail"))


async def test_the_owner_reads_unsent_mails(owner: Browser, mail_id: str) -> None:
    await owner.get("/installation/mails")
    assert "ann@example.com" in owner.text
    assert f'href="/installation/mails/{mail_id}"' in owner.text
    await owner.get(f"/installation/mails/{mail_id}")
    assert "https://feelback.example/links/secret" in owner.text
    assert f'src="/installation/mails/{mail_id}/html"' in owner.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in owner.text
    response = await owner.get(f"/installation/mails/{mail_id}/html")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert 'style="' not in owner.text
    assert '<base target="_blank">' in owner.text
    assert "https://feelback.example/links/secret" in owner.text


async def test_nobody_else_learns_that_there_is_such_a_page(
    app: Quart, teammate: Browser, stranger: Browser, mail_id: str, pool: "Pool[asyncpg.Record]"
) -> None:
    admin = await drive_recaps.person_id(pool, "mate@example.com")
    await pool.execute("update member set role = 'admin' where person_id = $1", admin)
    for path in ("/installation/mails", f"/installation/mails/{mail_id}", f"/installation/mails/{mail_id}/html"):
        for each in (teammate, stranger):  # an admin of the first account, and the owner of another
            assert (await each.get(path)).status_code == 404
            assert "ann@example.com" not in each.text
        response = await Browser(app).get(path)
        assert (response.status_code, response.headers["Location"]) == (303, f"/sign-in?next={path}")


async def test_what_was_sent_or_is_not_there_cannot_be_read(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("select fn.enqueue_mail('ann@example.com', 'magic_link', $1)", LINK)
    id = await pool.fetchval("select id from mail")
    await pool.execute("select fn.mark_mail_sent($1)", id)
    await owner.get("/installation/mails")
    assert "ann@example.com" in owner.text
    assert "secret" not in owner.text
    for path in (f"/installation/mails/{id}", "/installation/mails/01a03d6d-0000-7000-8000-000000000000"):
        assert (await owner.get(path)).status_code == 404


async def test_it_is_listed_by_state_and_page(
    owner: Browser, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
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
    await owner.get("/installation/mails")
    assert "5 mails, page 1 of 3" in owner.text
    assert "p4@example.com" in owner.text
    assert "the mail server refused the recipient: 550" in owner.text
    await owner.get("/installation/mails?page=3")
    assert "p0@example.com" in owner.text
    await owner.get("/installation/mails?state=waiting&page=2")
    assert "4 mails, page 2 of 2" in owner.text
    assert "p4@example.com" not in owner.text
    for odd in ("?page=0", "?page=x", "?page=99999999999", "?state=<b>", "?page=2000"):
        assert (await owner.get(f"/installation/mails{odd}")).status_code == 200
