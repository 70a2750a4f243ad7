"""Recaps from the outbox to the mailbox: text, charts, and that each recipient gets one once."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from PIL import Image

from app.config import ROOT, Settings
from app.recaps.chart_processes import ChartProcesses
from app.worker.process import Worker
from tests.support import outbox
from tests.support.mail_worker import body, enqueue, environment, sending, to
from tests.support.recap_world import DUE, build, ids
from tests.support.smtp_server import Box, breaking, serving
from tests.support.sql_world import World

Pool = asyncpg.Pool
MINUTE = timedelta(minutes=1)
TEXT = """\
Acorn, week 47 of 2026
16–22 November 2026

Responses: 67 (+123 %)
Positive: 84 % (73–91 % · −16 points)
Messages: 1 (no clear change)
Responses a day, 67 in all, before 30; most on Tuesday 17 Nov: 56
What people chose. Was this helpful? 85 % Yes, 15 % No. Ideas: 100 % Error.
http://localhost:8000/projects/acorn?from=2026-11-16&to=2026-11-22

NEEDS ATTENTION

- 12 responses from https://new.example were refused: the project does not allow this origin.
  http://localhost:8000/projects/acorn?from=2026-11-16&to=2026-11-22
- /docs is disliked: sentiment −1.00 from 6 responses in “Was this helpful?”.
  http://localhost:8000/projects/acorn/placements/{docs}?from=2026-11-16&to=2026-11-22

WORTH READING

> The yearly price is
> nowhere <to> be found.
  💥 Error · /pricing · 18 Nov
  http://localhost:8000/projects/acorn/inbox/{message}


WIDGETS

66  Was this helpful? – +120 % · 85 % positive (74–92 %)
  http://localhost:8000/projects/acorn/responses?widget={helpful}&from=2026-11-16&to=2026-11-22
1  Ideas – no clear change · sentiment −0.50 (−0.90 to +0.70)
  http://localhost:8000/projects/acorn/responses?widget={ideas}&from=2026-11-16&to=2026-11-22

MOST RESPONSES

60  /pricing – Was this helpful?
  http://localhost:8000/projects/acorn/placements/{pricing}?from=2026-11-16&to=2026-11-22
6  /docs – Was this helpful?
  http://localhost:8000/projects/acorn/placements/{docs}?from=2026-11-16&to=2026-11-22
1  /pricing – Ideas
  http://localhost:8000/projects/acorn/placements/{idea}?from=2026-11-16&to=2026-11-22

BEST LIKED

+0.87  /pricing – Was this helpful? · 60 responses
  http://localhost:8000/projects/acorn/placements/{pricing}?from=2026-11-16&to=2026-11-22

RISING

+50  /pricing – Was this helpful? · 10 → 60
  http://localhost:8000/projects/acorn/placements/{pricing}?from=2026-11-16&to=2026-11-22

FALLING

−14  /docs – Was this helpful? · 20 → 6
  http://localhost:8000/projects/acorn/placements/{docs}?from=2026-11-16&to=2026-11-22


-- \nFeelback, http://localhost:8000
You get this recap every Monday because you are subscribed to it. Choose your recaps:
http://localhost:8000/projects/acorn/recaps

Unsubscribe: {unsubscribe}
"""


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with serving() as box:
        yield box


@pytest.fixture(scope="module")
def chart_processes() -> Iterator[ChartProcesses]:
    chart_processes = ChartProcesses(1)
    yield chart_processes
    chart_processes.shut_down()


async def outcomes(pool: "Pool[asyncpg.Record]") -> list[tuple[Any, ...]]:
    rows = await pool.fetch("select outcome, attempts, last_error from mail order by recipient")
    return [tuple(row) for row in rows]


def work(database: str, box: Box) -> subprocess.Popen[bytes]:
    env = {**os.environ, **environment(database, box)}
    return subprocess.Popen([sys.executable, "-m", "app", "work"], cwd=ROOT, env=env)


# Text


async def test_a_recap_has_exactly_this_text(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, box: Box, chart_processes: ChartProcesses
) -> None:
    build(world)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        assert await outbox.send_one(pool, settings, transport, DUE, chart_processes) == "sent"
    ((recipient, message),) = box.messages
    unsubscribe = message["List-Unsubscribe"].strip("<>")
    assert recipient == "p0@example.com"
    assert message["Subject"] == "Responses up 123 % to 67; best: /pricing – Acorn"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert body(message, "plain") == TEXT.format(unsubscribe=unsubscribe, **ids(world))
    html = body(message, "html")
    assert "The yearly price is<br>nowhere &lt;to&gt; be found." in html
    assert unsubscribe in html
    assert len(message.as_bytes()) < 100_000


async def test_a_recap_has_charts_with_alternative_texts(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, box: Box, chart_processes: ChartProcesses
) -> None:
    build(world)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        await outbox.send_one(pool, settings, transport, DUE, chart_processes)
    message = box.messages[0][1]
    html = body(message, "html")
    images = {part["Content-ID"].strip("<>"): part for part in message.walk() if part.get_content_maintype() == "image"}
    assert list(images) == ["trend@feelback", "distribution@feelback", "positive@feelback"]
    for cid, part in images.items():
        assert f'src="cid:{cid}"' in html
        assert part["Content-Disposition"].startswith("inline")
        assert Image.open(io.BytesIO(part.get_content())).size[0] == 966
    assert 'alt="Responses a day, 67 in all, before 30; most on Tuesday 17 Nov: 56"' in html
    assert 'alt="What people chose. Was this helpful? 85 % Yes, 15 % No. Ideas: 100 % Error."' in html
    assert 'alt="84 % of responses positive, before 100 %"' in html


async def test_a_quiet_week_is_a_short_recap(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, box: Box
) -> None:
    build(world)
    world.ask("delete from mail")
    later = DUE + timedelta(days=7)
    world.close(later)
    world.ask("call fn.run_by_account('{enqueue recaps}', %s)", later)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        assert await outbox.send_one(pool, settings, transport, later) == "sent"
    message = box.messages[0][1]
    assert message["Subject"] == "A quiet week: no responses – Acorn"
    assert body(message, "plain").splitlines()[:4] == [
        "Acorn, week 48 of 2026", "23–29 November 2026", "",
        "There were no responses this week. The next recap comes once there are some.",
    ]  # fmt: skip
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


async def test_a_recap_stays_below_100_kb(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, box: Box, chart_processes: ChartProcesses
) -> None:
    of = build(world)
    world.ask("delete from mail")
    world.ask("delete from recap_delivery")
    for n in range(12):
        one = world.widget(of, "rating" if n % 2 else "reaction")
        messages = world.widget(of, "message")
        world.ask("update widget set name = %s where id = %s", "Ш" * 190 + f"{n:03}", one.id)
        for k in range(6):
            at = DUE - timedelta(days=3, hours=k + n)
            world.send(one, 1 + k % 3, at, f"https://acorn.example/{'ж' * 100}/{n}/{k % 2}")
            response = world.send(messages, 1, at, f"https://acorn.example/{'ж' * 100}/{n}")
            world.ask(
                "update response set body = %s where id = %s", f"{n} {k} " + "Слова & <слова> " * 300, response.id
            )
    world.ask("update period_close set starts_on = '2026-11-09' where unit = 'week'")
    world.close(DUE)
    world.ask("update recap_turn set starts_on = '2026-11-09'")
    world.ask("call fn.run_by_account('{enqueue recaps}', %s)", DUE)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        assert await outbox.send_one(pool, settings, transport, DUE, chart_processes) == "sent"
    assert len(box.messages[0][1].as_bytes()) < 100_000


async def test_a_recap_is_not_sent_to_a_former_member(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, box: Box
) -> None:
    build(world, people=2)
    world.ask("delete from member where role = 'viewer'")
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        while await outbox.send_one(pool, settings, transport, DUE):
            pass
    assert [recipient for recipient, _ in box.messages] == ["p0@example.com"]
    assert (await outcomes(pool))[1] == ("failed", 1, "the recipient no longer gets this recap")


async def test_a_recap_is_stored_where_there_is_no_mail_server(
    pool: "Pool[asyncpg.Record]", settings: Settings, world: World, chart_processes: ChartProcesses
) -> None:
    build(world)
    assert await outbox.send_one(pool, settings, None, DUE, chart_processes) == "stored"
    stored = await pool.fetchval("select body from mail_body")
    assert b"Subject: Responses up 123 % to 67" in stored
    assert b"Content-ID: <trend@feelback>" in stored


# Delivered once


async def test_two_workers_send_each_recap_once(
    pool: "Pool[asyncpg.Record]", database: str, world: World, box: Box
) -> None:
    build(world, people=24)
    await pool.execute("update mail set next_at = now(), give_up_at = now() + interval '1 day'")
    workers = [Worker(sending(database, box), database) for _ in range(2)]
    counts = await asyncio.gather(*(worker.run(once=True) for worker in workers))
    assert sorted(recipient for recipient, _ in box.messages) == sorted(f"p{n}@example.com" for n in range(24))
    assert all(count["sent"] > 3 for count in counts)
    assert set(await outcomes(pool)) == {("sent", 1, None)}


@pytest.mark.parametrize("kind", ["recap", "sign_in_notice"])
async def test_a_worker_killed_between_sending_and_marking(
    kind: str, pool: "Pool[asyncpg.Record]", settings: Settings, database: str, world: World, box: Box
) -> None:
    # Of a recap it is unknown whether it arrived, and it is not sent again. Other mails are, with the same Message-ID.
    build(world)
    await pool.execute("update mail set next_at = now(), give_up_at = now() + interval '1 day'")
    if kind != "recap":
        await pool.execute("delete from mail")
        await enqueue(pool, "p0@example.com", now=datetime.now(UTC))

    async def kill() -> str:
        process.send_signal(signal.SIGKILL)
        process.wait()
        box.data = None
        return "250 taken"

    box.data = kill
    process = work(database, box)
    for _ in range(600):
        if box.messages:
            break
        await asyncio.sleep(0.05)
    assert process.returncode == -signal.SIGKILL
    now = datetime.now(UTC)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        assert await outbox.send_one(pool, settings, transport, now + 14 * MINUTE) is None
        await outbox.send_one(pool, settings, transport, now + 16 * MINUTE)
    if kind == "recap":
        assert len(box.messages) == 1
        why = "the worker ended after it handed the mail over: it may have arrived"
        assert await outcomes(pool) == [("unknown", 1, why)]
    else:
        assert len(box.messages) == 2
        assert len({message["Message-ID"] for _, message in box.messages}) == 1


@pytest.mark.parametrize(
    "fault", ["450 4.2.1 later", "550 5.1.1 never", "451 data", "554 data", "drop", "stall", "refuse"]
)
async def test_a_server_that_misbehaves_costs_nobody_their_recap(
    fault: str,
    pool: "Pool[asyncpg.Record]",
    settings: Settings,
    world: World,
    box: Box,
    chart_processes: ChartProcesses,
) -> None:
    build(world, people=3)

    async def answer() -> str:
        return fault.replace(" data", "")

    async def stall() -> str:
        await asyncio.sleep(30)
        return "250 at last"

    now = DUE
    if fault in ("drop", "refuse"):
        async with breaking(b"220 hi\r\n" if fault == "drop" else b"", b"") as port, to(
            f"smtp://127.0.0.1:{port if fault == 'drop' else 1}", 2
        ) as bad:  # fmt: skip
            assert await outbox.send_one(pool, settings, bad, now, chart_processes) == "down"
    else:
        setattr(box, "rcpt" if fault[:3] in ("450", "550") else "data", stall if fault == "stall" else answer)
        async with to(f"smtp://127.0.0.1:{box.port}", 0.5 if fault == "stall" else 5) as transport:
            outcome = await outbox.send_one(pool, settings, transport, now, chart_processes)
        assert outcome == ("unknown" if fault == "stall" else "failed" if fault[0] == "5" else "later")
    box.rcpt = box.data = None
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        for minutes in range(3):
            while await outbox.send_one(pool, settings, transport, now + minutes * MINUTE, chart_processes):
                pass
    recipients = sorted(recipient for recipient, _ in box.messages)
    ended = await pool.fetch("select outcome from mail where outcome <> 'sent'")
    assert len(recipients) == len(set(recipients)) == (2 if fault[0] == "5" or fault == "stall" else 3)
    assert [row[0] for row in ended] == ["unknown" if fault == "stall" else "failed"] * (3 - len(recipients))
    assert await pool.fetchval("select count(*) from mail where outcome is null") == 0


async def test_a_recap_is_not_sent_after_another_worker_claimed_it(
    pool: "Pool[asyncpg.Record]",
    settings: Settings,
    world: World,
    box: Box,
    chart_processes: ChartProcesses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(world)
    draw = ChartProcesses.draw

    async def slowly(*arguments: Any) -> list[bytes]:
        await pool.execute("update mail set attempts = attempts + 1")  # another worker has it now
        return await draw(*arguments)

    monkeypatch.setattr(ChartProcesses, "draw", slowly)
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        assert await outbox.send_one(pool, settings, transport, DUE, chart_processes) == "later"
    assert box.messages == []


def test_the_web_starts_without_matplotlib() -> None:
    code = (
        "import sys, app.server.quart_app, app.worker.process, app.recaps.recap; sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
