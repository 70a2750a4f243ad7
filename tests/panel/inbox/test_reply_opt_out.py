"""Unsubscribing from replies: opening the link asks first, a mail service's POST unsubscribes at once (RFC 8058)."""

import uuid
from email.message import EmailMessage

import asyncpg
from quart import Quart

from app.config import Settings
from app.mail import replies
from tests.support import factories, outbox
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE
from tests.support.replies import message, opt_out_path, reply, sent
from tests.support.settings import CITUS
from tests.support.smtp_server import serving

Pool = asyncpg.Pool


async def first_mail(owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, id: str) -> EmailMessage:
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    async with serving() as box:
        _, mail = await sent(pool, settings, box)
    assert mail
    return mail


async def test_an_opt_out_is_remembered_and_stops_what_waits(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    path = opt_out_path(await first_mail(owner, pool, settings, id))
    await reply(owner, id, "Another one")
    stranger = Browser(app)
    for method in ("get", "head", "options"):
        assert (await getattr(app.test_client(), method)(path)).status_code == 200
    assert await pool.fetchval("select count(*) from opt_out") == 0
    await stranger.get(path)
    assert "Stop receiving replies" in stranger.text
    for _ in range(2):  # as Gmail does: no cookie, no origin, no token of ours
        response = await app.test_client().post(
            path, data=b"List-Unsubscribe=One-Click", headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert response.status_code == 200
    await stranger.get(path)
    assert "There is nothing to do" in stranger.text
    assert await outbox.send_one(pool, settings, None) is None
    rows = await pool.fetch("select * from opt_out")
    assert len(rows) == 1
    assert b"ada" not in rows[0]["address_hash"]
    await owner.get(f"{PAGE}/{id}")
    assert "This visitor asked for no more email from your account." in owner.text
    assert "Not delivered: the visitor asked for no more email" in owner.text
    assert 'id="reply"' not in owner.raw
    await reply(owner, id, status=409)
    # The same mailbox in another message, and in other letters.
    await pool.execute("update response set contact = 'ADA+help@EXAMPLE.com' where id = $1", uuid.UUID(id))
    await reply(owner, id, status=409)
    await pool.execute("update response set contact = 'eve@example.com' where id = $1", uuid.UUID(id))
    await reply(owner, id)


async def test_it_works_after_the_message_and_the_project_were_deleted(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    path = opt_out_path(await first_mail(owner, pool, settings, id))
    await pool.execute("delete from message_state where response_id = $1", uuid.UUID(id))
    # On Citus a mail whose reply was deleted stays, and is not sent.
    assert await pool.fetchval("select count(*) from reply") == 0
    assert await pool.fetchval("select count(*) from mail") == (1 if CITUS else 0)
    await pool.execute("delete from widget")
    await pool.execute("delete from project where slug = 'demo'")
    assert (await app.test_client().post(path)).status_code == 200
    assert await pool.fetchval("select count(*) from opt_out") == 1
    for wrong in (path[:-1], path.replace("/replies", ""), "/unsubscribe/replies/x", path + "x"):
        assert (await app.test_client().post(wrong)).status_code == 404
    await factories.delete_accounts(pool)
    assert (await app.test_client().post(path)).status_code == 404


async def test_a_replaced_secret_key_keeps_opt_outs(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, app_pool: "Pool[asyncpg.Record]"
) -> None:
    account = uuid.uuid4()
    one = await replies.address_hash(app_pool, settings, account, "Ann@example.com")
    assert one == await replies.address_hash(app_pool, settings, account, "ann@EXAMPLE.com")
    assert one != await replies.address_hash(app_pool, settings, uuid.uuid4(), "ann@example.com")
