"""The network between the product and its Postgres fails: nothing acknowledged is lost, and it recovers by itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from app.database import db
from app.database.retry import RetryingConnection
from tests.support import factories
from tests.support.proxy import Proxy, proxied, to_postgres
from tests.support.serving import Answer, Api, MakeApi
from tests.support.visitors import Visitors, stored

Pool = asyncpg.Pool
SENDERS = 12


@dataclass(frozen=True)
class Local:
    """Sends requests to an application in this process."""

    api: Api

    async def send(self, method: str, path: str, content: Any = None, headers: Any = None) -> Answer:
        path, _, query = path.partition("?")
        body = None if content is None else json.dumps(content).encode()
        return await self.api.send(method, path, body, headers, query=query.encode())


@dataclass(frozen=True)
class World:
    """An application whose database is behind `proxy`, and its visitors."""

    proxy: Proxy
    api: Api
    visitors: Visitors


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands may take a second, not ten, and are retried for as long."""
    monkeypatch.setattr(db, "PATIENCE", 1)
    defaults = {**(RetryingConnection.__init__.__kwdefaults__ or {}), "timeout": 1, "patience": 1}
    monkeypatch.setattr(RetryingConnection.__init__, "__kwdefaults__", defaults)


@pytest.fixture
async def world(database: str, pool: "Pool[asyncpg.Record]", make_api: MakeApi, hasty: None) -> AsyncIterator[World]:
    widget = await factories.widget(pool, "updown")
    async with to_postgres(database).serving() as proxy:
        api = await make_api(database_url=proxied(database, proxy.port), limits="off")
        yield World(proxy, api, Visitors(Local(api), widget.id))


@asynccontextmanager
async def load(world: World, pool: "Pool[asyncpg.Record]") -> AsyncIterator[Visitors]:
    """Load during the context; afterwards nothing may be lost, and it must be as quick as before."""
    visitors = world.visitors
    running = asyncio.create_task(visitors.run(SENDERS))
    try:
        await visitors.several(50)
        yield visitors
        await visitors.several(50)
    finally:
        visitors.stopped = True
        await running
    assert visitors.history.violations(await stored(pool)) == []
    assert set(visitors.statuses) <= {"200", "201", "204", "503"}


async def test_connections_are_reset(world: World, pool: "Pool[asyncpg.Record]") -> None:
    async with load(world, pool) as visitors:
        for _ in range(5):
            world.proxy.drop()
            await visitors.several(30)
        assert "503" not in visitors.statuses


async def test_nothing_can_connect_for_a_while(world: World, pool: "Pool[asyncpg.Record]") -> None:
    async with load(world, pool) as visitors:
        world.proxy.is_refusing = True
        world.proxy.drop()
        await asyncio.sleep(2)
        assert visitors.statuses["503"]
        assert (await world.api.send("GET", "/sign-in")).status == 503
        assert (await world.api.send("GET", "/healthz")).status == 200
        world.proxy.is_refusing = False


async def test_the_network_is_slow(world: World, pool: "Pool[asyncpg.Record]") -> None:
    async with load(world, pool) as visitors:
        world.proxy.delay = 0.05
        await visitors.several(100)
        assert "503" not in visitors.statuses


async def test_connections_are_half_open(world: World, pool: "Pool[asyncpg.Record]") -> None:
    async with load(world, pool) as visitors:
        for _ in range(2):
            world.proxy.half_open()
            await visitors.several(50)


async def test_what_the_network_held_back_arrives_late(world: World, pool: "Pool[asyncpg.Record]") -> None:
    async with load(world, pool) as visitors:
        for _ in range(3):
            # Commands time out, and are repeated on new connections; then the old ones arrive after all.
            release = world.proxy.hold()
            await asyncio.sleep(1.5)
            await visitors.several(50)
            release()
            await visitors.several(50)


async def test_a_statement_that_was_held_up_is_not_executed_after_its_repetition(
    database: str, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("create table executed (at timestamptz not null)")
    async with to_postgres(database).serving() as proxy:
        connection = RetryingConnection(proxied(database, proxy.port), timeout=0.5)
        await connection.fetch("select 1")
        release = proxy.hold()
        await connection.fetch("insert into executed values (now())")
        release()
        await asyncio.sleep(0.3)
        assert await pool.fetchval("select count(*) from executed") == 1
        await connection.close()


@pytest.mark.parametrize("faults", [["lost", "stored"], ["stored"]], ids=["again", "at first"])
async def test_what_a_node_stored_while_its_answer_was_lost_is_asked_once_more(
    faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = {"lost": ConnectionError(), "stored": asyncpg.UniqueViolationError("the first attempt has committed")}
    flags: list[bool] = []

    class Node:
        def is_closed(self) -> bool:
            return False

        def terminate(self) -> None:
            """It is new."""

        async def fetch(self, _sql: str, again: bool) -> list[str]:
            flags.append(again)
            if faults:
                raise errors[faults.pop(0)]
            return ["stored once"]

    async def connect(_: RetryingConnection) -> Node:
        return Node()

    monkeypatch.setattr(RetryingConnection, "_connect", connect)
    connection = RetryingConnection("")
    if faults[0] == "lost":
        assert await connection.fetch("select", with_retry_flag=True) == ["stored once"]  # type: ignore[comparison-overlap]
        assert flags == [False, True, True]
    else:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.fetch("select", with_retry_flag=True)
