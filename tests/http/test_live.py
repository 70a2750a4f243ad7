"""The streams that bring open screens up to date."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
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
STREAMS = int(os.environ.get("STREAMS", "200"))
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
    """Reads a stream: its events by name, and how often the number of `unread` messages was read."""

    def __init__(self, streams: Live, project_id: UUID) -> None:
        self.unread: int | None = 1
        self.reads = 0
        self.events: list[tuple[str, dict[str, int]]] = []
        self.task = asyncio.create_task(self._read(streams, project_id))

    async def _read(self, streams: Live, project_id: UUID) -> None:
        async def unread() -> int | None:
            self.reads += 1
            return self.unread

        async for event in streams.events(project_id, uuid4(), unread):
            name, _, data = event.decode().strip().removeprefix("event: ").partition("\ndata: ")
            if data:
                self.events.append((name, json.loads(data)))

    def count(self, topic: str) -> int:
        """How much was new of a topic, in all events."""
        return sum(news.get(topic, 0) for _, news in self.events)

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def until(is_true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_true():  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.01)


async def settled(*readers: Reader) -> None:
    """Wait until each reader's first event says that the connection is new: from then on nothing is missed."""
    await until(lambda: all(reader.count("missed") for reader in readers))


async def notify(pool: "Pool[asyncpg.Record]", channel: str, payload: str) -> None:
    await pool.execute("select pg_notify($1, $2)", channel, payload)


async def test_only_the_project_s_streams_get_its_news(streams: Live, pool: "Pool[asyncpg.Record]") -> None:
    mine, other = uuid4(), uuid4()
    readers = [Reader(streams, mine), Reader(streams, mine), Reader(streams, other)]
    await settled(*readers)
    assert all(reader.events[0] == ("news", reader.events[0][1]) for reader in readers)
    assert all(reader.events[0][1]["unread"] == 1 for reader in readers)
    await notify(pool, "response", f"{mine} 3")
    await notify(pool, "figures", str(mine))
    await notify(pool, "message", str(mine))
    await until(lambda: all(reader.count("messages") for reader in readers[:2]))
    for reader in readers[:2]:
        assert (reader.count("responses"), reader.count("figures"), reader.count("messages")) == (3, 1, 1)
        assert reader.events[-1][1]["unread"] == 1
    await notify(pool, "message", str(other))
    await until(lambda: readers[2].count("messages"))
    assert readers[2].count("responses") == 0
    for reader in readers:
        await reader.stop()
    assert streams._projects == {}


async def test_many_streams_cost_one_connection_and_one_read(
    streams: Live, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id = uuid4()
    monkeypatch.setattr(live, "MOST", STREAMS)
    readers = [Reader(streams, project_id) for _ in range(STREAMS)]
    await settled(*readers)
    assert await pool.fetchval(f"select count(*) {LISTENING}") == 1
    monkeypatch.setattr(live, "REST_SECONDS", 0.2)
    reads, events = sum(reader.reads for reader in readers), len(readers[0].events)
    async with pool.acquire() as connection, connection.transaction():
        for number in range(50):
            await connection.execute("select pg_notify('response', $1)", f"{project_id} {number}")
        await connection.execute("select pg_notify('message', $1)", str(project_id))
    await until(lambda: all(reader.count("messages") for reader in readers))
    assert {reader.count("responses") for reader in readers} == {sum(range(50))}
    assert sum(reader.reads for reader in readers) - reads <= 2
    assert len(readers[0].events) - events <= 2  # they are coalesced
    for reader in readers:
        await reader.stop()


async def test_it_says_that_news_may_be_missing_when_its_connection_was_lost(
    streams: Live, pool: "Pool[asyncpg.Record]"
) -> None:
    reader = Reader(streams, uuid4())
    await settled(reader)
    count = reader.count("missed")
    await pool.execute(f"select pg_terminate_backend(pid) {LISTENING}")
    await until(lambda: reader.count("missed") > count)
    await reader.stop()


async def test_it_beats(streams: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    reader = Reader(streams, uuid4())
    await settled(reader)
    reader.unread = 5  # read elsewhere
    await until(lambda: ("beat", {"unread": 5}) in reader.events)
    await reader.stop()


async def test_it_ends_for_who_may_not_see_any_more(streams: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    reader = Reader(streams, uuid4())
    await settled(reader)
    reader.unread = None
    async with asyncio.timeout(5):
        await reader.task


async def test_who_may_not_see_any_more_takes_nothing_from_the_others(
    streams: Live, pool: "Pool[asyncpg.Record]"
) -> None:
    project_id = uuid4()
    readers = [Reader(streams, project_id) for _ in range(3)]
    await settled(*readers)
    for reader in readers[:2]:
        reader.unread = None
    readers[2].unread = 7
    await notify(pool, "message", str(project_id))
    await until(lambda: readers[2].events[-1][1].get("unread") == 7)
    await readers[2].stop()
    for reader in readers[:2]:
        await reader.stop()


async def test_it_ends_when_the_server_stops(streams: Live, stopping: asyncio.Event) -> None:
    reader = Reader(streams, uuid4())
    await settled(reader)
    stopping.set()
    async with asyncio.timeout(5):
        await reader.task


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
    with pytest.raises(FeelbackError, match="20 live screens") as caught:
        streams.events(project, person, unread)
    assert caught.value.status == 429
    other = streams.events(project, uuid4(), unread)
    await anext(other)
    for stream in (*opened, other):
        await stream.aclose()
    assert (streams._projects, streams._streams_of) == ({}, {})
    await anext(again := streams.events(project, person, unread))
    await again.aclose()
