import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import jinja2
import pytest
from aiosmtpd.smtp import AuthResult

from app import config
from app.config import ROOT, Settings
from app.database import migrate
from app.database.embedded import postgres
from app.errors import ConfigError
from app.mail import message as mail
from app.mail import smtp
from app.worker.kinds import KINDS
from app.worker.process import Worker
from tests.support import outbox
from tests.support.mail_worker import MAILS, NOW, Pool, body, enqueue, environment, sending, to
from tests.support.settings import OPTIONS, PGBIN, SECRET
from tests.support.smtp_server import Box, breaking, serving

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with serving() as box:
        yield box


@pytest.fixture
async def transport(box: Box) -> AsyncIterator[smtp.Smtp]:
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        yield transport


@pytest.fixture
def hello(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that shows its context's name, as a subject too."""
    parts = {
        "hello.subject.txt": "Hello {{ name }}",
        "hello.txt": "Hello {{ name }}",
        "hello.html": "<p>{{ name }}</p>",
    }
    loader = jinja2.ChoiceLoader([jinja2.DictLoader(parts), mail.TEMPLATES.loader])  # type: ignore[list-item]
    monkeypatch.setattr(mail, "TEMPLATES", mail.TEMPLATES.overlay(loader=loader))


async def soon(condition: Callable[[], Any]) -> bool:
    for _ in range(1000):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return False


async def row(pool: "Pool[asyncpg.Record]") -> Any:
    rows = await pool.fetch("select * from mail")
    assert len(rows) == 1
    return rows[0]


# Messages


async def test_a_mail_is_delivered_once(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    id = await enqueue(pool)
    assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
    assert await outbox.send_one(pool, settings, transport, NOW + timedelta(days=1)) is None
    ((recipient, message),) = box.messages
    assert recipient == message["To"] == "ann@example.com"
    assert message["From"] == "Feelback <feelback@localhost>"
    assert message["Message-ID"] == f"<{id}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.utcoffset() == timedelta(0)
    assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None
    mail_row = await row(pool)
    assert (mail_row["outcome"], mail_row["done_at"], mail_row["context"], mail_row["last_error"]) == (
        "sent",
        NOW,
        "{}",
        None,
    )


async def test_the_notice_of_a_sign_in_has_this_text(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    await enqueue(pool)
    await outbox.send_one(pool, settings, transport, NOW)
    message = box.messages[0][1]
    assert message["Subject"] == "New sign-in to Feelback"
    assert (
        body(message, "plain")
        == """\
Someone signed in as you from a new browser.

Browser: Firefox on Linux
Time:    3 Aug 2026, 12:00 UTC

If it was you, there is nothing to do. If not, change your password:
http://localhost:8000/me


-- \nFeelback, http://localhost:8000
You get this email because someone signed in as you from a new browser.
"""
    )
    assert "@media (prefers-color-scheme: dark)" in body(message, "html")
    assert 'class="card" style="' in body(message, "html")
    assert len(message.as_bytes()) < 100_000


async def test_every_mail_is_written(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    names = {path.name for path in (ROOT / "templates" / "email").glob("[a-z]*")}
    assert names == {f"{name}.{part}" for name in (*MAILS, "recap") for part in ("subject.txt", "txt", "html")}
    for name, context in MAILS.items():
        await enqueue(pool, template=name, context=context)
        assert await outbox.send_one(pool, settings, None, NOW) == "stored"


async def test_mails_with_consent_have_an_unsubscribe_link(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    await enqueue(pool, consent="recap 0198c0de-0000-7000-8000-000000000001")
    await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps)
    message = box.messages[0][1]
    url = message["List-Unsubscribe"].strip("<>")
    assert url.startswith("http://localhost:8000/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert url in body(message, kind)
    assert b"\nList-Unsubscribe: <" + url.encode() + b">" in message.as_bytes(policy=mail.POLICY)
    token = url.rsplit("/", 1)[1]
    assert mail.consent(settings, token) == "recap 0198c0de-0000-7000-8000-000000000001"
    assert mail.consent(settings, token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]) is None


async def test_a_mail_has_any_characters(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp, hello: None
) -> None:
    await enqueue(pool, "zoë@münchen.example", "hello", '{"name": "Zoë <b>😀 ' + "ж" * 200 + '"}')
    assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
    recipient, message = box.messages[0]
    assert recipient == "zoë@xn--mnchen-3ya.example"
    assert message["Subject"] == "Hello Zoë <b>😀 " + "ж" * 200
    assert "Zoë &lt;b&gt;😀" in body(message, "html")


@pytest.mark.parametrize(
    "name",
    [
        "Café ☕ 数据",
        "数据 分析 " * 20 + "x",
        "é " * 100 + "é",
        "plain words " * 20 + "é",
        "ردود الفعل עברית",
        "=?utf-8?q?a_b?= é",
    ],
)
async def test_a_subject_arrives_as_it_is(
    name: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp, hello: None
) -> None:
    await enqueue(pool, template="hello", context=json.dumps({"name": name}))
    assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
    message = box.messages[0][1]
    assert message["Subject"] == f"Hello {name}"
    head = message.as_bytes(policy=mail.POLICY).partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


@pytest.mark.parametrize("name", ["=?utf-8?q?x=0ABcc:_eve@example.com?=", "=?utf-8?b?eAogQmNjOiBlQHg=?= é"])
async def test_an_encoded_word_in_a_name_makes_no_header(
    name: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp, hello: None
) -> None:
    await enqueue(pool, template="hello", context=json.dumps({"name": name}))
    assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
    message = box.messages[0][1]
    assert message["Bcc"] is None
    assert message["Subject"] == f"Hello {name}"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
async def test_no_value_makes_a_header(
    end: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp, hello: None
) -> None:
    context = f'{{"name": {jinja2.filters.htmlsafe_json_dumps(f"x{end}Bcc: eve@example.com{end}{end}body")}}}'
    await enqueue(pool, template="hello", context=context, consent=f"x{end}Bcc: eve@example.com")
    assert await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps) == "sent"
    message = box.messages[0][1]
    assert message["Subject"] == "Hello x Bcc: eve@example.com body"
    assert message["Bcc"] is None
    assert box.messages[0][0] == "ann@example.com"
    with pytest.raises(asyncpg.CheckViolationError):
        await enqueue(pool, f"ann@example.com{end.replace(chr(0x2028), chr(10))}Bcc: eve@example.com")


@pytest.mark.parametrize(
    "recipient", ["a@b.example, c@d.example", "Ann <a@b.example>", "a b@c.example", "a@b@c.example", "<>@x"]
)
async def test_a_wrong_recipient_fails_at_once(
    recipient: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    await enqueue(pool, recipient)
    assert await outbox.send_one(pool, settings, transport, NOW) == "failed"
    assert (await row(pool))["last_error"] == "the recipient is not an address"
    assert box.messages == []


# Failures


async def test_a_temporary_refusal_is_tried_again(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    async def later() -> str:
        return "450 4.2.1 <ann@example.com> is greylisted"

    box.rcpt = later
    await enqueue(pool)
    assert await outbox.send_one(pool, settings, transport, NOW) == "later"
    refused = await row(pool)
    assert refused["last_error"] == "the mail server refused the recipient: 450 4.2.1"
    assert (refused["outcome"], refused["next_at"]) == (None, NOW + MINUTE)
    assert await outbox.send_one(pool, settings, transport, NOW + 0.9 * MINUTE) is None
    box.rcpt = None
    assert await outbox.send_one(pool, settings, transport, NOW + MINUTE) == "sent"
    assert [message["Message-ID"] for _, message in box.messages] == [refused["message_id"]]


async def test_pauses_double_and_end_after_three_days(pool: "Pool[asyncpg.Record]") -> None:
    await enqueue(pool)
    now, waits, over = NOW, [], False
    while not over:
        (claim,) = await pool.fetch("select * from fn.claim_mail('x', $1)", now)
        over = await pool.fetchval(
            "select fn.mark_mail_failed($1, $2, 'no', false, $3)", claim["id"], claim["attempt"], now
        )
        last = await row(pool)
        waits.append((last["next_at"] - now) / MINUTE)
        now = last["next_at"]
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert timedelta(days=3) - timedelta(hours=4) < last["done_at"] - NOW <= timedelta(days=3)
    assert last["outcome"] == "failed"


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_permanent_refusal_fails(
    where: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    async def never() -> str:
        return "550 5.1.1 <ann@example.com> does not exist"

    setattr(box, where, never)
    await enqueue(pool)
    assert await outbox.send_one(pool, settings, transport, NOW) == "failed"
    failed = await row(pool)
    what = {"rcpt": "the recipient", "data": "the mail"}[where]
    assert failed["last_error"] == f"the mail server refused {what}: 550 5.1.1"
    assert (failed["outcome"], failed["done_at"]) == ("failed", NOW)
    setattr(box, where, None)
    await enqueue(pool)
    assert await outbox.send_one(pool, settings, transport, NOW + timedelta(days=1)) == "sent"
    assert (len(box.messages), box.connections) == (1, 1)


@pytest.mark.parametrize(
    ("greeting", "after_data", "reason"),
    [
        (b"220 hi\r\n", b"", "SMTPServerDisconnected"),
        (b"", b"", "Timeout"),
        (b"421 too busy\r\n", b"", ": 421"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", "SMTP"),
    ],
    ids=["drops mid-DATA", "never answers", "is busy", "is not SMTP"],
)
async def test_a_mail_is_tried_again_at_a_server_that(
    greeting: bytes, after_data: bytes, reason: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box
) -> None:
    await enqueue(pool)
    async with breaking(greeting, after_data) as port, to(f"smtp://127.0.0.1:{port}", 0.3) as bad:
        assert await outbox.send_one(pool, settings, bad, NOW) == "down"
    assert reason in (await row(pool))["last_error"]
    async with to(f"smtp://127.0.0.1:{box.port}") as good:
        assert await outbox.send_one(pool, settings, good, NOW + MINUTE) == "sent"


async def test_after_a_stalled_server_a_mail_is_sent_again(
    pool: "Pool[asyncpg.Record]", settings: Settings, box: Box
) -> None:
    async def stall() -> str:
        await asyncio.sleep(60)
        return "250 at last"

    box.data = stall
    await enqueue(pool)
    async with to(f"smtp://127.0.0.1:{box.port}", 0.3) as transport:
        assert await outbox.send_one(pool, settings, transport, NOW) == "down"
        box.data = None
        assert await outbox.send_one(pool, settings, transport, NOW + MINUTE) == "sent"


async def test_a_mail_is_tried_again_if_no_server_listens(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool)
    async with to("smtp://127.0.0.1:1") as transport:
        assert await outbox.send_one(pool, settings, transport, NOW) == "down"
    assert "the mail server is unavailable" in (await row(pool))["last_error"]


@pytest.mark.parametrize(("name", "context"), [("unknown", "{}"), ("sign_in_notice", '{"browser": "x"}')])
async def test_a_mail_of_a_later_version_is_tried_again(
    name: str, context: str, pool: "Pool[asyncpg.Record]", settings: Settings, box: Box, transport: smtp.Smtp
) -> None:
    await enqueue(pool, template=name, context=context)
    assert await outbox.send_one(pool, settings, transport, NOW) == "later"
    assert (await row(pool))["last_error"].startswith("the template could not be rendered")
    assert box.connections == 0


async def test_a_mail_is_not_sent_too_late(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    sql = "select fn.enqueue_mail('ann@example.com', 'sign_in_notice', '{}', _give_up_at => $1, _now => $2)"
    await pool.execute(sql, NOW + 15 * MINUTE, NOW)
    assert await outbox.send_one(pool, settings, None, NOW + 15 * MINUTE) is None
    late = await row(pool)
    assert (late["outcome"], late["last_error"], late["attempts"]) == ("failed", "too late to send", 0)


# Workers


async def test_a_mail_is_stored_without_a_server(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool)
    assert settings.mail_url == ""
    assert await outbox.send_one(pool, settings, None, NOW) == "stored"
    mail_row = await row(pool)
    assert (mail_row["outcome"], mail_row["context"]) == ("kept", "{}")
    assert b"Firefox on Linux" in await pool.fetchval("select body from mail_body")
    assert await outbox.send_one(pool, settings, None, NOW + timedelta(days=1)) is None


async def test_recaps_are_sent_last(pool: "Pool[asyncpg.Record]", database: str, box: Box) -> None:
    await enqueue(pool, "recap@example.com", consent="recap")
    await enqueue(pool, "second@example.com", now=NOW + 2 * MINUTE)
    await enqueue(pool, "first@example.com", now=NOW + MINUTE)
    kinds = [replace(kind, handler=outbox.PlainRecaps) if kind.name == "recap" else kind for kind in KINDS]
    assert await Worker(sending(database, box), database, kinds=kinds).run(once=True) == {"sent": 3}
    assert [recipient.split("@")[0] for recipient, _ in box.messages] == ["first", "second", "recap"]
    assert box.connections == 1


async def test_workers_share_the_mails(pool: "Pool[asyncpg.Record]", database: str, box: Box) -> None:
    for n in range(60):
        await enqueue(pool, f"p{n}@example.com")
    workers = [Worker(sending(database, box), database) for _ in range(3)]
    counts = await asyncio.gather(*(worker.run(once=True) for worker in workers))
    assert sorted(recipient for recipient, _ in box.messages) == sorted(f"p{n}@example.com" for n in range(60))
    assert [counter["sent"] > 5 for counter in counts] == [True] * 3
    assert await pool.fetchval("select count(*) from mail where outcome = 'sent' and attempts = 1") == 60


async def test_a_new_mail_wakes_the_worker(pool: "Pool[asyncpg.Record]", database: str, box: Box) -> None:
    worker = Worker(sending(database, box), database)
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0.2)
    await enqueue(pool, now=datetime.now(UTC))
    assert await soon(lambda: len(box.messages) == 1)
    worker.stop()
    async with asyncio.timeout(2):
        assert (await task)["sent"] == 1


async def test_a_worker_survives_a_restart_of_the_database(data_folder: Path, box: Box) -> None:
    home = postgres.home(data_folder)
    database = await asyncio.to_thread(postgres.start, home, PGBIN, OPTIONS)
    migrate.apply(database, secret=SECRET)

    async def restart() -> str:  # the mail is taken, and cannot be marked for a while
        box.data = None
        await asyncio.to_thread(postgres.stop, home)
        restarted.append(asyncio.create_task(again()))
        return "250 OK"

    async def again() -> None:
        await asyncio.sleep(0.7)
        await asyncio.to_thread(postgres.start, home, PGBIN, OPTIONS)

    async def outcomes() -> list[Any]:
        connection = await asyncpg.connect(database)
        rows = await connection.fetch("select outcome, attempts from mail order by id")
        await connection.close()
        return [tuple(row) for row in rows]

    restarted: list[asyncio.Task[None]] = []
    box.data = restart
    worker = Worker(sending(database, box), database)
    task = asyncio.create_task(worker.run())
    try:
        connection = await asyncpg.connect(database)
        await enqueue(connection, now=datetime.now(UTC))
        assert await soon(lambda: restarted and restarted[0].done())
        connection = await asyncpg.connect(database)
        await enqueue(connection, now=datetime.now(UTC))
        await connection.close()
        assert await soon(lambda: len(box.messages) == 2)
        worker.stop()
        assert (await task)["sent"] == 2
        assert await outcomes() == [("sent", 1), ("sent", 1)]
    finally:
        await asyncio.to_thread(postgres.stop, home)


def start(database: str, box: Box, *arguments: str) -> "subprocess.Popen[str]":
    env = {**environment(database, box), "PATH": os.environ["PATH"]}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "work", *arguments], cwd=ROOT, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def ended(process: "subprocess.Popen[str]") -> tuple[str, str]:
    return await asyncio.to_thread(process.communicate, timeout=20)


async def test_an_unmarked_mail_is_sent_again_with_the_same_id(
    pool: "Pool[asyncpg.Record]", settings: Settings, database: str, box: Box, transport: smtp.Smtp
) -> None:
    async def kill() -> str:
        process.kill()
        return "250 OK"

    box.data = kill
    await enqueue(pool)
    process = start(database, box)
    await ended(process)
    left = await row(pool)
    assert (left["outcome"], left["attempts"]) == (None, 1)
    box.data = None
    assert await outbox.send_one(pool, settings, transport, left["next_at"] - MINUTE) is None
    assert await outbox.send_one(pool, settings, transport, left["next_at"]) == "sent"
    assert {message["Message-ID"] for _, message in box.messages} == {left["message_id"]}
    assert len(box.messages) <= 2
    assert await outbox.send_one(pool, settings, transport, left["next_at"] + timedelta(days=1)) is None


async def test_a_stopped_worker_finishes_its_mail(pool: "Pool[asyncpg.Record]", database: str, box: Box) -> None:
    async def terminate() -> str:
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        return "250 OK"

    box.data = terminate
    await enqueue(pool)
    await enqueue(pool)
    process = start(database, box)
    await ended(process)
    assert process.returncode == 0
    assert len(box.messages) == 1
    assert await pool.fetchval("select array_agg(outcome order by outcome) from mail") == ["sent", None]


async def test_work_once_prints_the_outcomes(pool: "Pool[asyncpg.Record]", database: str, box: Box) -> None:
    await enqueue(pool)
    await enqueue(pool, "no address@example.com")
    process = start(database, box, "--once")
    out, log = await ended(process)
    assert (process.returncode, out) == (0, "1 sent, 0 stored, 1 failed\n")
    assert "example.com" not in log
    assert tuple(await pool.fetchrow("select * from fn.mail_waiting()") or ()) == (0, 0, None, 1)


async def test_work_once_fails_if_the_mail_server_is_unavailable(pool: "Pool[asyncpg.Record]", database: str) -> None:
    box = Box()
    box.port = 1
    await enqueue(pool)
    await enqueue(pool)
    process = start(database, box, "--once")
    out, log = await ended(process)
    assert (process.returncode, out) == (1, "0 sent, 0 stored, 0 failed\n1 to try again\n")
    assert "Error: The mail server is unavailable, or MAIL_URL is wrong." in log


async def test_old_mails_are_deleted(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool)
    await outbox.send_one(pool, settings, None, NOW)
    await enqueue(pool)
    sql = "select fn.purge_batch('delete old mail', $1)"
    assert await pool.fetchval(sql, NOW + timedelta(days=30)) == 0
    assert await pool.fetchval(sql, NOW + timedelta(days=31)) == 1
    assert await pool.fetchval("select count(*) from mail") == 1


# Connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail.test"
    process = subprocess.run([*command.split(), "-keyout", key, "-out", cert], capture_output=True)
    if process.returncode:
        pytest.skip("openssl is needed to make a certificate")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"me", b"p@ss/w:rd"), handled=False)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_password_is_sent_encrypted(
    scheme: str, pool: "Pool[asyncpg.Record]", settings: Settings, certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await enqueue(pool)
    options: dict[str, Any] = {"tls_context": certificate, "auth_required": True} if scheme == "smtp" else {
        "tls": certificate, "auth_require_tls": False
    }  # fmt: skip
    async with serving(authenticator=sign_in, **options) as box:
        url = f"{scheme}://me:p%40ss%2Fw%3Ard@127.0.0.1:{box.port}"
        monkeypatch.setattr(smtp, "_is_loopback", lambda host: False)
        async with to(url) as transport:  # the certificate is not trusted
            assert await outbox.send_one(pool, settings, transport, NOW) == "down"
        assert "SSLCertVerificationError" in (await row(pool))["last_error"]
        monkeypatch.undo()
        async with to(url.replace("me:", "you:")) as transport:
            assert await outbox.send_one(pool, settings, transport, NOW + MINUTE) == "down"
        assert "535" in (await row(pool))["last_error"]
        async with to(url) as transport:
            assert await outbox.send_one(pool, settings, transport, NOW + 3 * MINUTE) == "sent"
        assert len(box.messages) == 1


async def test_a_password_is_never_sent_unencrypted_to_another_machine(
    pool: "Pool[asyncpg.Record]", settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def record(*arguments: Any) -> AuthResult:
        attempts.append(arguments)
        return AuthResult(success=True)

    monkeypatch.setattr(smtp, "_is_loopback", lambda host: False)
    await enqueue(pool)
    async with (
        serving(authenticator=record, auth_require_tls=False) as box,
        to(f"smtp://me:secret@127.0.0.1:{box.port}") as transport,
    ):
        assert await outbox.send_one(pool, settings, transport, NOW) == "down"
    assert attempts == []


async def test_mails_keep_to_the_rate(pool: "Pool[asyncpg.Record]", settings: Settings, box: Box) -> None:
    for _ in range(6):
        await enqueue(pool)
    loop = asyncio.get_running_loop()
    async with to(f"smtp://127.0.0.1:{box.port}", per_second=20) as transport:
        began = loop.time()
        while await outbox.send_one(pool, settings, transport, NOW):
            pass
        assert loop.time() - began >= 5 / 20
    assert len(box.messages) == 6


@pytest.mark.parametrize(
    "setting",
    [
        {"MAIL_URL": "http://host"},
        {"MAIL_URL": "smtp://"},
        {"MAIL_URL": "smtp://user@host"},
        {"MAIL_URL": "smtp://user:secret@host:99999"},
        {"MAIL_URL": "smtp://host", "MAIL_FROM": ""},
        {"MAIL_FROM": "nobody"},
        {"MAIL_FROM": "a..b@b.example"},
        {"MAIL_FROM": "A <a@b.example>, B <b@b.example>"},
        {"MAIL_FROM": "A\nBcc: b@b.example <a@b.example>"},
    ],
)
def test_wrong_settings_are_refused(setting: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({"FEELBACK_DATA": str(tmp_path), "MAIL_FROM": "a@b.example", **setting})
    assert str(caught.value).startswith(list(setting)[-1] + ":")
    assert "secret" not in str(caught.value)
