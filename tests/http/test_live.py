"""The stream that notifies open inboxes of messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.database import roles
from app.errors import FeelbackError
from app.http import live
from app.http.live import Live
from tests.support.settings import SECRET

Pool = asyncpg.Pool
LISTENING = "from pg_stat_activity where query ilike 'listen%' and datname = current_database()"


@pytest.fixture
async def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def streams(database: str, stopping: asyncio.Event, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    monkeypatch.setattr(live, "REST_SECONDS", 0.01)
    monkeypatch.setattr(live, "LISTEN_SECONDS", 0.1)
    hub = Live(roles.url(database, roles.APP, SECRET), stopping)
    yield hub
    await hub.close()


class Reader:
    """Read a stream; `unread` are the events so far."""

    def __init__(self, streams: Live, project_id: UUID) -> None:
        self.unread: int | None = 1
        self.heard: list[str] = []
        self.task = asyncio.create_task(self._read(streams, project_id))

    async def _read(self, streams: Live, project_id: UUID) -> None:
        async def unread() -> int | None:
            return self.unread

        async for event in streams.events(project_id, uuid4(), unread):
            self.heard.append(event.decode().strip())

    async def until(self, count: int) -> list[str]:
        """The events, once there are that many."""
        async with asyncio.timeout(5):
            while len(self.heard) < count:  # noqa: ASYNC110 - a list has no event
                await asyncio.sleep(0.01)
        return self.heard

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def settled(pool: "Pool[asyncpg.Record]") -> None:
    """Wait until somebody listens."""
    async with asyncio.timeout(5):
        while not await pool.fetchval(f"select count(*) {LISTENING}"):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


async def test_it_tells_the_project_s_streams_only(streams: Live, pool: "Pool[asyncpg.Record]") -> None:
    mine, other = uuid4(), uuid4()
    readers = [Reader(streams, mine), Reader(streams, mine), Reader(streams, other)]
    await settled(pool)
    had = [len(reader.heard) for reader in readers]
    assert all("event: messages\ndata: 1" in reader.heard for reader in readers)
    await pool.execute("select pg_notify('message', $1)", str(mine))
    for reader, count in list(zip(readers, had, strict=True))[:2]:
        assert (await reader.until(count + 1))[-1] == "event: messages\ndata: 1"
    await asyncio.sleep(0.1)
    assert len(readers[2].heard) == had[2]
    assert await pool.fetchval(f"select count(*) {LISTENING}") == 1
    for reader in readers:
        await reader.stop()
    assert streams._streams == {}


async def test_it_asks_anew_when_its_connection_was_lost(streams: Live, pool: "Pool[asyncpg.Record]") -> None:
    reader = Reader(streams, uuid4())
    await settled(pool)
    count = len(reader.heard)
    await pool.execute(f"select pg_terminate_backend(pid) {LISTENING}")
    assert (await reader.until(count + 1))[-1] == "event: messages\ndata: 1"
    await settled(pool)
    await reader.stop()


async def test_it_beats(streams: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    reader = Reader(streams, uuid4())
    await reader.until(8)
    assert reader.heard[-1] == "event: beat\ndata:"
    reader.unread = 5  # read elsewhere
    await reader.until(len(reader.heard) + 3)
    assert "event: messages\ndata: 5" in reader.heard
    await reader.stop()


async def test_it_ends_for_who_may_not_see_any_more(streams: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    reader = Reader(streams, uuid4())
    await reader.until(2)
    reader.unread = None
    await asyncio.wait_for(reader.task, 5)


async def test_it_ends_when_the_server_stops(streams: Live, stopping: asyncio.Event) -> None:
    reader = Reader(streams, uuid4())
    await reader.until(2)
    stopping.set()
    await asyncio.wait_for(reader.task, 2)


async def unread() -> int:
    return 1


async def test_it_takes_only_so_many(streams: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 1)
    first = streams.events(uuid4(), uuid4(), unread)
    late = streams.events(uuid4(), uuid4(), unread)
    await anext(first)
    with pytest.raises(FeelbackError, match="Too many") as caught:  # before anything is sent
        streams.events(uuid4(), uuid4(), unread)
    assert caught.value.status == 503
    assert [event async for event in late] == []
    await first.aclose()


async def test_it_takes_only_so_many_of_one_person(streams: Live) -> None:
    person, project = uuid4(), uuid4()
    opened = [streams.events(project, person, unread) for _ in range(live.MOST_OF_PERSON)]
    for stream in opened:
        await anext(stream)
    with pytest.raises(FeelbackError, match="20 inboxes") as caught:
        streams.events(project, person, unread)
    assert caught.value.status == 429
    other = streams.events(project, uuid4(), unread)
    await anext(other)
    for stream in (*opened, other):
        await stream.aclose()
    assert (streams._streams, streams._streams_of) == ({}, {})
    await anext(again := streams.events(project, person, unread))
    await again.aclose()
