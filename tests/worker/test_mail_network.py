"""The network between the worker and the mail server fails: each mail is sent once, or is known to be uncertain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from app.config import Settings
from app.mail import smtp
from tests.support import outbox
from tests.support.faulty_smtp import Fault, FaultyServer
from tests.support.mail_worker import NOW, enqueue
from tests.support.proxy import Proxy, to_port

Pool = asyncpg.Pool
MINUTE = timedelta(minutes=1)
CONSENT = "recap 0198c0de-0000-7000-8000-000000000001"


@asynccontextmanager
async def network(*faults: Fault, seconds: float = 60) -> AsyncIterator[tuple[FaultyServer, Proxy, smtp.Smtp]]:
    """A mail server, a proxy to it, and a transport through the proxy that waits that long for each answer."""
    left = list(faults)
    async with (
        FaultyServer(lambda: left.pop(0) if left else Fault()).serving() as server,
        to_port(server.port).serving() as proxy,
    ):
        transport = smtp.Smtp(f"smtp://127.0.0.1:{proxy.port}", 1000, timeouts=smtp.Timeouts(*[seconds] * 5))
        yield server, proxy, transport
        await transport.close()


async def test_it_tries_again_once_the_server_can_be_reached(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool)
    async with network() as (server, proxy, transport):
        proxy.is_refusing = True
        assert await outbox.send_one(pool, settings, transport, NOW) == "down"
        proxy.is_refusing = False
        assert await outbox.send_one(pool, settings, transport, NOW + MINUTE) == "sent"
        assert len(server.accepted) == 1


@pytest.mark.parametrize("how", ["drop", "half_open"])
async def test_a_connection_that_died_between_two_mails_is_replaced(
    how: str, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    async with network(seconds=1) as (server, proxy, transport):
        for recipient in ("ann@example.com", "bob@example.com"):
            await enqueue(pool, recipient)
            assert await outbox.send_one(pool, settings, transport, NOW) == "sent"
            getattr(proxy, how)()
        assert [recipient for recipient, _ in server.accepted] == ["ann@example.com", "bob@example.com"]
        assert proxy.passed == 2


async def test_a_slow_network_delays_mails_only(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    await enqueue(pool, consent=CONSENT)
    async with network() as (server, proxy, transport):
        proxy.delay = 0.05
        assert await outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps) == "sent"
        assert len(server.accepted) == 1


@pytest.mark.parametrize("how", ["drop", "half_open"])
@pytest.mark.parametrize("consent", [CONSENT, None], ids=["recap", "other"])
async def test_where_the_answer_to_a_mail_is_lost_it_may_have_arrived(
    consent: str | None, how: str, pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    await enqueue(pool, consent=consent)
    async with network(Fault("answer", "hold"), seconds=1) as (server, proxy, transport):
        sending = asyncio.create_task(outbox.send_one(pool, settings, transport, NOW, recaps=outbox.PlainRecaps))
        await server.reached.wait()
        getattr(proxy, how)()
        server.released.set()
        # A recap is not sent again; another mail is, once, and has the same Message-ID.
        assert await sending == ("unknown" if consent else "down")
        again = await outbox.send_one(pool, settings, transport, NOW + MINUTE, recaps=outbox.PlainRecaps)
        assert again == (None if consent else "sent")
        assert len(server.accepted) == (1 if consent else 2)
        assert len(set(server.accepted)) == 1
