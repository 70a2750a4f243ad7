"""Recaps exactly once, or an honest "unknown"; other mails at most twice, with one Message-ID."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.config import ROOT, Settings
from app.mail import smtp
from tests.programs.recap_deliveries.ledger import Row, faults_of
from tests.support import outbox
from tests.support.deliver import PATIENT, failing
from tests.support.faulty_smtp import Fault
from tests.support.mail_worker import NOW, SIGN_IN, enqueue
from tests.support.recap_world import DUE, build
from tests.support.sql_world import World

Pool = asyncpg.Pool
MINUTE = timedelta(minutes=1)
CONSENT = "recap 0198c0de-0000-7000-8000-000000000001"
BEFORE_THE_DOT = [
    Fault(phase, action)
    for phase in ("greeting", "ehlo", "mail", "rcpt", "data")
    for action in ("drop", "hang", *(["450"] if phase in ("mail", "rcpt", "data") else []))
]
# A server that stops reading in the body looks like one that does not answer: the rest waits in buffers, with the dot.
AFTER_THE_DOT = [
    Fault("body", "hang"),
    *(Fault(phase, action) for phase in ("dot", "answer") for action in ("drop", "hang")),
]


@pytest.fixture
def world(database: str) -> Iterator[World]:
    world = World(database)
    yield world
    world.close_connection()


def name(fault: Fault) -> str:
    return f"{fault.action} at {fault.phase}"


async def state(pool: "Pool[asyncpg.Record]") -> Any:
    return await pool.fetchrow("select outcome, phase, copies, last_error, next_at from mail")


@pytest.mark.parametrize("fault", BEFORE_THE_DOT, ids=name)
@pytest.mark.parametrize("consent", [CONSENT, None], ids=["recap", "other"])
async def test_before_the_final_dot_it_tries_again(
    consent: str | None, fault: Fault, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=consent)
    async with failing(fault) as (server, transport):
        outcome = await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps)
        assert outcome in ("later", "down")
        row = await state(pool)
        assert (row["outcome"], row["phase"], row["copies"], server.accepted) == (None, None, 0, [])
        assert await outbox.send_one(pool, settings, transport, NOW + MINUTE, recaps=outbox.PlainRecaps) == "sent"
        assert len(server.accepted) == 1


@pytest.mark.parametrize("fault", AFTER_THE_DOT, ids=name)
async def test_after_the_final_dot_a_recap_is_unknown_and_not_sent_again(
    fault: Fault, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(fault) as (server, transport):
        assert await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps) == "unknown"
        row = await state(pool)
        assert (row["outcome"], row["copies"]) == ("unknown", 1)
        assert "it may have arrived" in row["last_error"]
        for days in range(1, 8):
            now = NOW + timedelta(days=days)
            assert await outbox.send_one(pool, settings, transport, now, recaps=outbox.PlainRecaps) is None
        assert len(server.accepted) == (fault.phase == "answer")


@pytest.mark.parametrize("fault", AFTER_THE_DOT, ids=name)
async def test_after_the_final_dot_another_mail_is_sent_once_more_with_its_id(
    fault: Fault, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool)
    async with failing(fault, fault, fault) as (server, transport):
        assert await outbox.send_one(pool, settings, transport, NOW) == "down"
        assert await outbox.send_one(pool, settings, transport, NOW + MINUTE) == "unknown"
        assert await outbox.send_one(pool, settings, transport, NOW + timedelta(days=1)) is None
        row = await state(pool)
        assert (row["outcome"], row["copies"]) == ("unknown", 2)
        assert len(server.accepted) == (2 if fault.phase == "answer" else 0)
        assert len(set(server.accepted)) <= 1


@pytest.mark.parametrize("reply", ["450", "421", "550"])
async def test_a_refusal_after_the_final_dot_leaves_no_copy(
    reply: str, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(Fault("dot", reply)) as (server, transport):
        outcome = await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps)
        assert outcome == {"450": "later", "421": "down", "550": "failed"}[reply]
        assert (await state(pool))["copies"] == 0
        following = await outbox.send_one(pool, settings, transport, NOW + MINUTE, recaps=outbox.PlainRecaps)
        assert following == (None if reply == "550" else "sent")
        assert len(server.accepted) == (reply != "550")


@pytest.mark.parametrize(
    ("phase", "limit"), [("mail", "command"), ("rcpt", "command"), ("data", "data"), ("dot", "dot"), ("answer", "dot")]
)
async def test_each_phase_has_its_own_limit(
    phase: str, limit: str, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(Fault(phase, "hang"), timeouts=replace(PATIENT, **{limit: 1})) as (server, transport):
        outcome = await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps)
        assert outcome == ("unknown" if limit == "dot" else "down")
        assert sum(server.faults.values()) == 1


def test_it_waits_as_long_as_rfc_5321_asks() -> None:
    limits = smtp.TIMEOUTS
    assert limits.command >= 5 * 60
    assert (limits.data, limits.block, limits.dot) == (2 * 60, 3 * 60, 10 * 60)


def test_a_claim_lasts_longer_than_the_server_is_waited_for(world: World) -> None:
    claims = {
        phase: world.value("select extract(epoch from fn.mail_claim(%s))", phase)
        for phase in ("connect", "data", "dot")
    }
    limits = smtp.TIMEOUTS
    assert claims["connect"] > limits.command
    assert claims["data"] > limits.data + limits.block
    assert claims["dot"] > limits.dot + 120  # in which a database that is down may come back


async def test_a_slow_recap_keeps_no_sign_in_link_waiting(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(Fault("answer", "hold")) as (server, transport):
        recap = asyncio.create_task(outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps))
        await server.reached.wait()
        await enqueue(pool, "link@example.com")
        assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
        assert not recap.done()
        server.released.set()
        assert await recap == "sent"


@pytest.mark.parametrize("phase", ["data", "dot"])
async def test_the_phase_is_committed_before_it_begins(
    phase: str, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(Fault(phase, "hold")) as (server, transport):
        sending = asyncio.create_task(outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps))
        await server.reached.wait()
        assert (await state(pool))["phase"] == phase
        server.released.set()
        assert await sending == "sent"


async def test_it_is_not_handed_over_once_another_worker_has_it(
    pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=CONSENT)
    async with failing(Fault("data", "hold")) as (server, transport):
        sending = asyncio.create_task(outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps))
        await server.reached.wait()
        await pool.execute("update mail set attempts = attempts + 1")
        server.released.set()
        assert await sending == "later"
    assert server.accepted == []


# The ledger


async def test_a_recipient_gets_a_period_once_whatever_the_turn_says(
    pool: "Pool[asyncpg.Record]", world: World
) -> None:
    build(world, people=3)
    assert await pool.fetchval("select count(*) from recap_delivery where state = 'waiting'") == 3
    await pool.execute("delete from recap_turn")
    assert await pool.fetchval("call fn.run_by_account('{enqueue recaps}', $1)", DUE + MINUTE) == 0
    assert await pool.fetchval("select count(*) from mail") == 3


async def test_the_delivery_says_what_the_outbox_says(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World
) -> None:
    build(world, people=4)
    await pool.execute("update mail set template = 'sign_in_notice', context = $1", SIGN_IN)
    sql = "select d.state, d.error, d.attempts from recap_delivery as d join mail as m on m.id = d.mail_id order by 1"
    async with failing(Fault("answer", "drop"), Fault("rcpt", "550"), Fault("rcpt", "450")) as (_, transport):
        for _ in range(4):
            await outbox.send_one(pool, settings, transport, DUE, recaps=outbox.PlainRecaps)
    rows = [tuple(row) for row in await pool.fetch(sql)]
    assert [row[0] for row in rows] == ["failed", "sent", "unknown", "waiting"]
    assert [row[2] for row in rows] == [1, 1, 1, 1]
    assert rows[0][1] == "the mail server refused the recipient: 550"
    assert rows[3][1] == "the mail server refused the recipient: 450"


async def test_unsubscribing_stops_what_was_not_handed_over(pool: "Pool[asyncpg.Record]", world: World) -> None:
    of = build(world)
    person_id = await pool.fetchval("select person_id from member")
    for copies, expected in ((0, "failed"), (1, None)):
        await pool.execute("update mail set outcome = null, done_at = null, copies = $1", copies)
        await pool.execute("select fn.unsubscribe_recaps($1, $2, $3, $4)", of.account_id, of.id, person_id, DUE)
        assert await pool.fetchval("select outcome from mail") == expected
    assert await pool.fetchval("select error from recap_delivery") == "unsubscribed"


# Killed


@pytest.mark.parametrize("phase", ["mail", "data", "dot", "answer"])
@pytest.mark.parametrize("consent", [CONSENT, None], ids=["recap", "other"])
async def test_a_worker_is_killed(
    consent: str | None, phase: str, pool: "Pool[asyncpg.Record]", settings: Settings, database: str
) -> None:
    await enqueue(pool, consent=consent)
    async with failing(Fault(phase, "kill")) as (server, transport):
        server.on_kill = lambda: process.kill()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, database, str(server.port), cwd=ROOT
        )
        assert await process.wait() == -signal.SIGKILL
        row = await state(pool)
        has_sent_dot = phase in ("dot", "answer")
        assert (row["outcome"], row["phase"]) == (
            None,
            "dot" if has_sent_dot else "connect" if phase == "mail" else "data",
        )
        assert await outbox.send_one(pool, settings, transport, row["next_at"] - MINUTE / 60) is None
        await outbox.send_one(pool, settings, transport, row["next_at"], recaps=outbox.PlainRecaps)
        outcome = (await state(pool))["outcome"]
        assert outcome == ("unknown" if consent and has_sent_dot else "sent")
        assert len(server.accepted) == (2 if has_sent_dot and not consent else 1)
        assert len(set(server.accepted)) == 1


WORKER = """
import asyncio, sys
from app import config
from app.database import db
from app.mail import smtp
from tests.support import outbox
from tests.support.mail_worker import NOW
from tests.support.settings import SECRET

async def main(database, port):
    pool = await db.connect(database)
    settings = config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET})
    transport = smtp.Smtp(f"smtp://127.0.0.1:{port}", 1000)
    await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps)

asyncio.run(main(*sys.argv[1:3]))
"""


@pytest.mark.slow
def test_the_program_finds_nothing_doubled_or_lost() -> None:
    arguments = ["--recaps", "40", "--others", "12", "--kills", "8"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.recap_deliveries", *arguments], cwd=ROOT, capture_output=True, text=True,
        timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 kills" in done.stdout
    assert done.stdout.endswith("None doubled, none lost without a record.\n")


SENT = Row(UUID(int=1), "a@example.com", True, "sent", "<1@x>", "sent", 1)


@pytest.mark.parametrize(
    ("row", "accepted", "fault"),
    [
        (SENT, 1, None),
        (SENT, 2, "a@example.com got 2 copies"),
        (SENT, 0, "a@example.com: lost, and recorded as sent"),
        (replace(SENT, outcome="failed", state="failed"), 1, "a@example.com: arrived, and recorded as failed"),
        (replace(SENT, outcome=None, state="waiting"), 0, "a@example.com: the outcome is None"),
        (
            replace(SENT, outcome="unknown", state="waiting"),
            1,
            "a@example.com: the delivery says waiting, the outbox unknown",
        ),
    ],
)
def test_the_program_would_find_it(row: Row, accepted: int, fault: str | None) -> None:
    errors = faults_of([row], [("a@example.com", "<1@x>")] * accepted, recaps=1, others=0)
    assert (fault in errors) if fault else errors == []


def test_the_program_would_find_a_missing_record() -> None:
    assert faults_of([], [("a@example.com", "<1@x>")], recaps=1, others=0) == [
        "0 recaps and 0 other mails are recorded",
        "a@example.com got a mail of which there is no record",
    ]
