"""The server and a durable database are killed; afterwards every acknowledged response must be stored."""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import config
from app.database import db, migrate
from app.database.embedded import cluster, postgres
from tests.support import factories
from tests.support.load import Http, connected
from tests.support.serving import Server, check_tallies, serving
from tests.support.settings import PGBIN, SECRET

Pool = asyncpg.Pool
EARLY = ("-m", "tests.support.early_acknowledgement")


@dataclass(frozen=True)
class Durable:
    """A database as in production, with fsync."""

    settings: config.Settings
    dsn: str

    def kill(self) -> None:
        """Kill the postmaster and all its processes at once."""
        pid = postgres.process(postgres.home(self.settings.feelback_data))
        assert pid is not None
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def start(self) -> None:
        """Start it again; it recovers by itself."""
        end = time.monotonic() + 30
        while not cluster.revive(self.settings):  # until it is seen that it has ended
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.fixture
def durable() -> Iterator[Durable]:
    with tempfile.TemporaryDirectory(prefix="feelback-crash-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        settings = config.load({"FEELBACK_DATA": folder, "PGBIN": PGBIN})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield Durable(settings, dsn)


@contextlib.asynccontextmanager
async def pooled(durable: Durable) -> AsyncIterator["Pool[asyncpg.Record]"]:
    pool = await db.connect(durable.dsn)
    try:
        yield pool
    finally:
        pool.terminate()


@dataclass
class Acknowledged:
    """Acknowledgements that clients received: the option of each response, None if it was deleted.

    `open` are those whose last answer is yet to come; `missing` counts those that were told not to be there.
    """

    options: dict[str, str | None] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    missing: int = 0
    is_over: bool = False


async def load(http: Http, widget_id: str, acks: Acknowledged, workers: int) -> None:
    """Create, edit and delete until the server is gone or the test ends."""

    async def ask(method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any] | None:
        answer = await http.send(method, path, body, headers)
        if answer.status < 300:
            return {} if answer.status == 204 else answer.json()  # type: ignore[no-any-return]
        if answer.status == 404:
            acks.missing += 1
        else:
            assert answer.status == 503, answer.body
            assert answer.headers["retry-after"]
        return None

    async def one(worker: int) -> None:
        n = 0
        while not acks.is_over:
            n += 1
            item = {"widget": widget_id, "page": f"k{n % 5}", "value": "+1", "visitor": f"visitor-{worker}-{n}"}
            result = await ask("POST", "/v1/responses", item)
            if result is None:
                continue
            id = result["id"]
            acks.options[id] = "+1"
            if n % 3:
                continue
            path, headers = f"/v1/responses/{id}", {"feelback-token": result["revokable"]["token"]}
            acks.open.add(id)
            if n % 2:
                if await ask("PATCH", path, {"value": "-1"}, headers) is not None:
                    acks.options[id] = "-1"
                    acks.open.discard(id)
            elif await ask("DELETE", path, None, headers) is not None:
                acks.options[id] = None
                acks.open.discard(id)

    async def until_gone(worker: int) -> None:
        with contextlib.suppress(OSError, EOFError):
            await one(worker)

    await asyncio.gather(*(until_gone(worker) for worker in range(workers)))


async def lost(pool: "Pool[asyncpg.Record]", acks: Acknowledged) -> list[str]:
    """Responses that are not stored as they were acknowledged."""
    rows = await pool.fetch(
        "select f.id, o.value from response as f join option as o on o.widget_id = f.widget_id and o.no = f.option_no"
    )
    stored = {str(row["id"]): row["value"] for row in rows}
    return [
        id for id, option in acks.options.items()
        if id not in acks.open and stored.get(id) != option
    ]  # fmt: skip


async def several_responses(acks: Acknowledged, more: int = 300) -> None:
    """Wait until that many more were acknowledged."""
    wanted, end = len(acks.options) + more, time.monotonic() + 20
    while len(acks.options) < wanted:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def kill_both(durable: Durable, server: Server) -> None:
    """Kill the database, and a moment later the server, which kept running meanwhile."""
    durable.kill()
    time.sleep(0.3)
    server.kill()


async def crash(durable: Durable, command: tuple[str, ...]) -> int:
    """The number of responses lost when database and server are killed under load and restarted."""
    async with pooled(durable) as pool:
        assert await pool.fetchval("show fsync") == await pool.fetchval("show synchronous_commit") == "on"
        votes = await factories.widget(pool, "updown")
    acks = Acknowledged()
    environ = {"DATABASE_URL": durable.dsn, "LIMITS": "off"}
    with serving(environ, command) as server:
        async with connected(server.port, 24) as http:
            loading = asyncio.create_task(load(http, votes.id, acks, 24))
            await several_responses(acks)
            await asyncio.to_thread(kill_both, durable, server)
            await loading
    await asyncio.to_thread(durable.start)
    async with pooled(durable) as pool:
        await check_tallies(pool)
        return len(await lost(pool, acks)) + acks.missing


async def test_it_loses_nothing_acknowledged_when_all_is_killed(durable: Durable) -> None:
    for _ in range(2):
        assert await crash(durable, ("-m", "app", "serve")) == 0


async def test_it_would_be_seen_to_lose_responses_acknowledged_before_the_commit(durable: Durable) -> None:
    assert await crash(durable, EARLY) > 0


async def test_it_loses_nothing_when_the_server_is_killed(durable: Durable) -> None:
    async with pooled(durable) as pool:
        votes = await factories.widget(pool, "updown")
        acks = Acknowledged()
        for _ in range(3):
            with serving({"DATABASE_URL": durable.dsn, "LIMITS": "off", "WEB_CONCURRENCY": "2"}) as server:
                async with connected(server.port, 24) as http:
                    loading = asyncio.create_task(load(http, votes.id, acks, 24))
                    await several_responses(acks, 200)
                    await asyncio.to_thread(server.kill)
                    await loading
        assert await lost(pool, acks) == []
        await check_tallies(pool)


async def test_it_goes_on_when_the_database_is_killed(durable: Durable) -> None:
    async with pooled(durable) as pool:
        votes = await factories.widget(pool, "updown")
    acks = Acknowledged()
    with serving({"DATABASE_URL": durable.dsn, "LIMITS": "off"}) as server:
        async with connected(server.port, 24) as http:
            loading = asyncio.create_task(load(http, votes.id, acks, 24))
            for _ in range(3):
                await several_responses(acks, 200)
                await asyncio.to_thread(durable.kill)
                await asyncio.to_thread(durable.start)
            await several_responses(acks, 200)
            acks.is_over = True
            await loading
        log = server.log.read_text()
    assert "failed:" not in log
    assert acks.missing == 0
    async with pooled(durable) as pool:
        assert await lost(pool, acks) == []
        await check_tallies(pool)
        assert (
            await pool.fetchval("select count(*) from response where id = any($1)", [UUID(id) for id in acks.options])
            > 500
        )
