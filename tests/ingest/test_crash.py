"""The server and a durable database are killed; afterwards every acknowledged response must be stored."""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from app import config
from app.database import db, migrate
from app.database.embedded import cluster, postgres
from tests.support import factories
from tests.support.history import History
from tests.support.serving import SERVERS, Processes, check_tallies, serving
from tests.support.settings import PGBIN, SECRET
from tests.support.visitors import stored, visiting

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
        settings = config.load({"FEELBACK_DATA": folder, "PGBIN": PGBIN, "SECRET_KEY": SECRET})
        with cluster.use(settings) as dsn:
            migrate.of_settings(settings, dsn)
            yield Durable(settings, dsn)


@contextlib.asynccontextmanager
async def pooled(durable: Durable) -> AsyncIterator["Pool[asyncpg.Record]"]:
    pool = await db.connect(durable.dsn)
    try:
        yield pool
    finally:
        pool.terminate()


def kill_both(durable: Durable, server: Processes) -> None:
    """Kill the database, and a moment later the server, which kept running meanwhile."""
    durable.kill()
    time.sleep(0.3)
    server.kill()


async def crash(durable: Durable, command: tuple[str, ...]) -> list[str]:
    """What is wrong after database and server were killed under load and restarted."""
    async with pooled(durable) as pool:
        assert await pool.fetchval("show fsync") == await pool.fetchval("show synchronous_commit") == "on"
        votes = await factories.widget(pool, "updown")
        before = {row.id for row in await stored(pool)}
    with serving({"DATABASE_URL": durable.dsn, "LIMITS": "off"}, command) as server:
        async with visiting(server, votes.id) as visitors:
            await visitors.several()
            await asyncio.to_thread(kill_both, durable, server)
    await asyncio.to_thread(durable.start)
    async with pooled(durable) as pool:
        await check_tallies(pool)
        return visitors.history.violations([row for row in await stored(pool) if row.id not in before])


async def test_it_loses_nothing_acknowledged_when_all_is_killed(durable: Durable) -> None:
    for _ in range(2):
        assert await crash(durable, ("-m", "app", "serve")) == []


async def test_it_would_be_seen_to_lose_responses_acknowledged_before_the_commit(durable: Durable) -> None:
    assert any("not stored" in sentence for sentence in await crash(durable, EARLY))


@pytest.mark.parametrize("kind", SERVERS)
async def test_it_loses_nothing_when_the_server_is_killed(durable: Durable, kind: str) -> None:
    async with pooled(durable) as pool:
        votes = await factories.widget(pool, "updown")
        history = History()
        environ = {"DATABASE_URL": durable.dsn, "LIMITS": "off", "WEB_CONCURRENCY": "2", "SERVER": kind}
        for _ in range(3):
            with serving(environ) as server:
                async with visiting(server, votes.id, history) as visitors:
                    await visitors.several(200)
                    await asyncio.to_thread(server.kill)
        assert history.violations(await stored(pool)) == []
        await check_tallies(pool)


async def test_it_goes_on_when_the_database_is_killed(durable: Durable) -> None:
    async with pooled(durable) as pool:
        votes = await factories.widget(pool, "updown")
    with serving({"DATABASE_URL": durable.dsn, "LIMITS": "off", "WEB_CONCURRENCY": "2"}) as server:
        async with visiting(server, votes.id) as visitors:
            for _ in range(3):
                await visitors.several(200)
                await asyncio.to_thread(durable.kill)
                await asyncio.to_thread(durable.start)
            await visitors.several(200)
        log = server.log.read_text()
    assert "failed:" not in log
    async with pooled(durable) as pool:
        assert visitors.history.violations(await stored(pool)) == []
        await check_tallies(pool)
    assert visitors.history.acknowledged() > 500
