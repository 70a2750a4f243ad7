"""Replies to messages by mail: what is sent, to whom, from whom, and the way out of them."""

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.config import Settings
from app.http import limits
from app.mail import replies
from app.site import demo_project
from tests.support import outbox
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, post
from tests.support.mail_worker import body, to
from tests.support.replies import CONTACT, message, opt_out_path, reply, sent
from tests.support.settings import CITUS
from tests.support.smtp_server import serving

Pool = asyncpg.Pool


async def test_a_reply_is_sent_and_stays_with_the_message(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    assert f"Reply to <bdi>{CONTACT}</bdi>" in owner.raw
    await reply(owner, id, "שלום Ada,\r\n.\r\nFixed <i>soon</i>.")
    assert "Reply queued" in owner.text
    assert "Waiting to be sent" in owner.text
    async with serving() as box:
        outcome, mail = await sent(pool, settings, box)
        assert (outcome, box.messages[0][0]) == ("sent", CONTACT)
        assert mail
        assert mail["From"].addresses[0].addr_spec == "feelback@localhost"
        assert mail["Reply-To"] == demo_project.EMAIL
        assert mail["Auto-Submitted"] is mail["In-Reply-To"] is mail["References"] is None
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        project = await pool.fetchval("select name from project where slug = 'demo'")
        assert mail["From"].addresses[0].display_name == project
        assert mail["Subject"] == f"Your message to {project}"
        text = body(mail, "plain")
        assert text.startswith("שלום Ada,\n.\nFixed <i>soon</i>.\n")
        assert "> The export button\n> does nothing <b>\n" in text
        assert f"Unsubscribe: http://localhost:8000{opt_out_path(mail)}" in text
        assert "does nothing &lt;b&gt;" in body(mail, "html")
        assert "Fixed &lt;i&gt;soon&lt;/i&gt;." in body(mail, "html")
        await owner.get(f"{PAGE}/{id}")
        assert re.search(r'class="muted">\s*Sent\s*<', owner.raw)
        assert demo_project.EMAIL in owner.raw.partition('id="replies"')[2].partition("</ol>")[0]
        first = mail["Message-ID"]
        for n, references in enumerate(([first], [first, "second"])):
            await reply(owner, id, f"And {n}")
            _, mail = await sent(pool, settings, box)
            assert mail
            assert mail["Subject"] == f"Re: Your message to {project}"
            assert mail["References"].split()[0] == first
            assert len(mail["References"].split()) == len(references)
            assert mail["In-Reply-To"] == mail["References"].split()[-1]
    row = await pool.fetchrow("select what, details from audit where what like 'message.reply%' order by id limit 1")
    assert tuple(row) == ("message.reply_sent", "{}")
    assert "We look" not in str(await pool.fetch("select * from audit"))


async def test_twenty_replies_are_threaded_and_no_more_are_sent(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    for n in range(replies.MOST):
        await reply(owner, id, f"Number {n}")
    await reply(owner, id, "One more", 422)
    await owner.get(f"{PAGE}/{id}")
    assert 'id="reply"' not in owner.raw
    assert "at most 20 replies" in owner.text
    async with serving() as box:
        async with to(f"smtp://127.0.0.1:{box.port}") as transport:
            for _ in range(replies.MOST):
                assert await outbox.send_one(pool, settings, transport) == "sent"
        last = max((mail for _, mail in box.messages), key=lambda mail: len(mail["References"] or ""))
        assert len(last["References"].split()) == replies.MOST - 1
        own = [mail["Message-ID"] for _, mail in box.messages]
        assert set(last["References"].split()) < set(own)
        assert max(map(len, last.as_bytes().splitlines())) < 998


async def test_a_second_click_sends_nothing(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id, "Thanks.")
    await reply(owner, id, "Thanks.", 409)
    await reply(owner, id, "Thanks!")
    await pool.execute(
        "update reply set created_at = (created_at at time zone 'UTC' - interval '61 seconds') at time zone 'UTC'"
    )
    await reply(owner, id, "Thanks.")
    assert await pool.fetchval("select count(*) from mail") == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 to 4,000 characters"),
        (" \n ", "1 to 4,000 characters"),
        ("x" * 4001, "1 to 4,000 characters"),
        ("bell \x07", "control characters"),
        ("escape \x1b[0m", "control characters"),
        ("nul \x00", "control characters"),
    ],
)
async def test_it_says_what_is_wrong(owner: Browser, pool: "Pool[asyncpg.Record]", text: str, words: str) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    response = await owner.post(f"{PAGE}/{id}/replies", {"reply": text, "back": id})
    assert response.status_code == 422
    assert words in owner.text
    assert await pool.fetchval("select (select count(*) from reply) + (select count(*) from mail)") == 0


@pytest.mark.parametrize(
    "contact",
    [
        None,
        "ann",
        "ann@localhost",
        "a\u202ennna@example.com",
        "x" * 65 + "@example.com",
        "ann@example.com,eve@example.com",
    ],
)
async def test_without_an_address_there_is_no_form(
    owner: Browser, pool: "Pool[asyncpg.Record]", contact: str | None
) -> None:
    id = await message(pool, contact)
    await owner.get(f"{PAGE}/{id}")
    assert 'id="replies"' not in owner.raw
    await reply(owner, id, status=422)
    assert await pool.fetchval("select count(*) from mail") == 0


@pytest.mark.parametrize(
    ("contact", "recipient"),
    [
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("Ann+a@Example.com", "Ann+a@example.com"),
        ("用户@example.com",) * 2,
    ],
)
async def test_addresses_of_any_script(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, contact: str, recipient: str
) -> None:
    id = await message(pool, contact)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    async with serving() as box:
        assert (await sent(pool, settings, box))[0] == "sent"
        assert box.messages[0][0] == recipient


async def test_the_address_of_a_form_and_of_the_page(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await message(pool, None)
    await pool.execute('update response set context = \'{"$user": "page@example.com"}\' where id = $1', uuid.UUID(id))
    await owner.get(f"{PAGE}/{id}")
    assert "Reply to <bdi>page@example.com</bdi>" in owner.raw
    await pool.execute(
        'update widget set fields = \'[{"name": "mail", "kind": "email"}]\''
        " where id = (select widget_id from response where id = $1)",
        uuid.UUID(id),
    )
    await pool.execute('update response set fields = \'{"mail": "form@example.com"}\' where id = $1', uuid.UUID(id))
    await owner.get(f"{PAGE}/{id}")
    assert "Reply to <bdi>form@example.com</bdi>" in owner.raw


@pytest.mark.parametrize(
    ("name", "display_name"),
    [
        ('Müller & Söhne, Inc. "x"', 'Müller & Söhne, Inc. "x"'),
        ("نادي القراء", "نادي القراء"),
        ("a\u202ebc", "abc"),
        ("security@bank.example", "Feelback"),
        ("Bank.example", "Feelback"),
        ("=?utf-8?q?a=0d=0ab?=", "Feelback"),
    ],
)
async def test_the_sender_is_the_project(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, name: str, display_name: str
) -> None:
    id = await message(pool)
    await pool.execute("update project set name = $1 where slug = 'demo'", name)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    async with serving() as box:
        _, mail = await sent(pool, settings, box)
    assert mail
    assert mail["From"].addresses[0].addr_spec == "feelback@localhost"
    assert mail["From"].addresses[0].display_name == display_name
    assert not mail.defects


async def test_what_a_visitor_wrote_cannot_be_hidden_in_the_quote(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool, words="one\u202etwo\u2066 \x1b[31m\x07\u2028three\r\nfour")
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    async with serving() as box:
        _, mail = await sent(pool, settings, box)
    assert mail
    assert "> onetwo [31m\n> three\n> four\n" in body(mail, "plain")
    assert not re.search(r"[\u202e\u2066\x1b\x07]", body(mail, "plain") + body(mail, "html"))


async def test_a_refusal_is_shown_with_the_reply(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)

    async def answer() -> str:
        return "550 5.1.1 No such user ada@example.com"

    async with serving() as box:
        box.rcpt = answer
        assert (await sent(pool, settings, box))[0] == "failed"
    await owner.get(f"{PAGE}/{id}")
    assert "Not delivered: the mail server refused the recipient: 550 5.1.1" in owner.text


async def test_without_a_mail_server_it_says_so(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    assert await outbox.send_one(pool, settings, None) == "stored"
    await owner.get(f"{PAGE}/{id}")
    assert "Not sent: this installation has no mail server" in owner.text


async def test_one_mail_says_that_it_is_fixed(owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    assert 'name="fix"' not in owner.raw
    await reply(owner, id, "Fixed", 409, fix="yes")
    await owner.get(f"{PAGE}/{id}")
    await post(owner, f"{PAGE}/actions", ("ids", id), ("action", "resolve"), ("back", id))
    assert html.escape(replies.FIX_TEXT) in owner.raw
    await reply(owner, id, replies.FIX_TEXT, fix="yes")
    assert 'name="fix"' not in owner.raw
    assert 'id="reply"' in owner.raw
    await reply(owner, id, replies.FIX_TEXT, 409, fix="yes")
    async with serving() as box:
        _, mail = await sent(pool, settings, box)
    assert mail
    assert body(mail, "plain").startswith(replies.FIX_TEXT)
    assert (
        await pool.fetchval("select details from audit where what = 'message.reply_sent'") == '{"says": "it is fixed"}'
    )


async def test_a_mail_that_waits_goes_with_its_message(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id)
    await pool.execute("update response set body = null where id = $1", uuid.UUID(id))
    await pool.execute("delete from message_state where response_id = $1", uuid.UUID(id))
    assert await pool.fetchval("select count(*) from reply") == 0
    # On Citus it stays, and is not sent.
    assert await pool.fetchval("select count(*) from mail") == (1 if CITUS else 0)


async def test_a_changed_address_and_hidden_words_are_not_answered(
    owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await message(pool)
    sql = "select fn.create_reply($1, $2, $3, 'A', false, 'old@example.com', 'old@example.com', sha256(''), $4, 'x')"
    of = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    person = await pool.fetchval("select person_id from member where account_id = $1", of[0])
    with pytest.raises(asyncpg.PostgresError, match="address has changed"):
        await pool.fetchval(sql, *of, uuid.UUID(id), person)
    with pytest.raises(asyncpg.PostgresError, match="member of the account"):
        await pool.fetchval(sql.replace("old@", "ada+help@"), *of, uuid.UUID(id), uuid.uuid4())
    await owner.get(PAGE)
    await reply(owner, str(uuid.UUID(int=7)), status=404)


async def test_exports_have_replies(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await message(pool)
    await owner.get(f"{PAGE}/{id}")
    await reply(owner, id, "=1;2")
    row: Any = await pool.fetchval(
        "select e.replies from project as p, fn.exported_responses(p.account_id, p.id, null, null, '', null, null, '',"
        " null, 'ffffffff-ffff-ffff-ffff-ffffffffffff', true) as e where p.slug = 'demo' and e.id = $1",
        uuid.UUID(id),
    )
    assert '"body": "=1\\u003b2"' in row
    assert demo_project.EMAIL in row


async def test_an_account_sends_a_hundred_replies_an_hour(
    owner: Browser, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await message(pool)
    assert limits.TRIES["replies"] == (100, timedelta(hours=1))
    monkeypatch.setitem(limits.TRIES, "replies", (2, timedelta(hours=1)))
    await owner.get(f"{PAGE}/{id}")
    for text, status in (("One", 303), ("Two", 303), ("Three", 429)):
        await reply(owner, id, text, status)
