"""A primary and its standby: the service follows a failover and loses no acknowledged response."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app import config
from app.database import db, migrations
from tests.support import factories
from tests.support import standby as pair
from tests.support.load import Http, connected
from tests.support.serving import PAGE, check_tallies, serving
from tests.support.settings import SECRET

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SENDERS = 16
OUTAGE = 2.0  # seconds until somebody promotes the standby


@pytest.fixture
def servers() -> Iterator[tuple[pair.Server, pair.Server]]:
    if not DEBIAN:
        pytest.skip("the system has no Postgres")
    with pair.pair(DEBIAN[-1]) as both:
        yield both


def address(primary: pair.Server, standby: pair.Server) -> str:
    # The standby first, so that the client must find out which one accepts writes.
    return f"postgresql://feelback@{standby.place},{primary.place}/postgres"


class Senders:
    """Visitors who send without pause and retry until they get an answer, and the answers."""

    def __init__(self, http: Http, widget_id: str) -> None:
        self._http, self._widget_id = http, widget_id
        self.acknowledged: list[tuple[float, str]] = []
        self.counts: Counter[str] = Counter()
        self.stopped = False

    async def run(self) -> None:
        while not self.stopped:
            response = {"widget": self._widget_id, "page": PAGE, "value": "+", "visitor": str(uuid4())}
            while not self.stopped:
                try:
                    answer = await self._http.send("POST", "/v1/responses", response)
                except (OSError, EOFError):
                    self.counts["broken off"] += 1
                else:
                    self.counts[str(answer.status)] += 1
                    if answer.status in (200, 201):
                        self.acknowledged.append((time.monotonic(), answer.json()["id"]))
                        break
                    assert answer.status == 503, answer.body
                await asyncio.sleep(0.05)


async def test_it_follows_a_failover_and_loses_nothing(servers: tuple[pair.Server, pair.Server]) -> None:
    primary, standby = servers
    dsn = config.load({"DATABASE_URL": address(primary, standby), "SECRET_KEY": SECRET}).database_url
    environ = {"DATABASE_URL": address(primary, standby), "WORKER": "on", "SCHEDULER": "on", "LIMITS": "off"}
    migrated = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "app", "migrate"], cwd=config.ROOT, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "SECRET_KEY": SECRET, **environ},
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stderr
    pool = await db.connect(dsn)
    widget = await factories.widget(pool)
    pool.terminate()
    with serving(environ) as server:
        async with connected(server.port, SENDERS) as http:
            senders = Senders(http, widget.id)
            tasks = [asyncio.create_task(senders.run()) for _ in range(SENDERS)]
            await asyncio.sleep(2)
            primary.kill()
            killed = time.monotonic()
            await asyncio.sleep(OUTAGE)
            standby.ask("select pg_promote()")
            promoted = time.monotonic()
            await asyncio.sleep(4)
            senders.stopped = True
            await asyncio.gather(*tasks)
        log = server.log.read_text()
    first = min((at for at, _ in senders.acknowledged if at > promoted), default=None)
    assert first is not None, log
    assert first - promoted < 3, f"back {first - promoted:.1f} s after the promotion"
    before = [id for at, id in senders.acknowledged if at < killed]
    assert len(before) > 200
    assert len(senders.acknowledged) > len(before) + 200
    acknowledged = [id for _, id in senders.acknowledged]
    connection = await asyncpg.connect(standby.url)
    stored = {str(row[0]) for row in await connection.fetch("select id from response")}
    lost = set(acknowledged) - stored
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged responses are lost"
    assert len(acknowledged) == len(set(acknowledged))
    # Unanswered responses were sent again: the last value counts, none twice.
    assert await connection.fetchval("select count(*) - count(distinct visitor) from response") == 0
    await check_tallies(connection)
    await connection.close()
    print(f"back {first - killed:.1f} s after the kill, {first - promoted:.2f} s after the promotion; {senders.counts}")


def test_it_uses_that_host_which_takes_writes() -> None:
    def read(url: str) -> str:
        return config.load({"DATABASE_URL": url, "SECRET_KEY": SECRET}).database_url

    many = "postgresql://u:p@a:5432,b:5433/x"
    assert read(many) == f"{many}?target_session_attrs=read-write"
    assert read(f"{many}?sslmode=require") == f"{many}?sslmode=require&target_session_attrs=read-write"
    assert read(f"{many}?target_session_attrs=any") == f"{many}?target_session_attrs=any"
    assert read("postgresql://u:p,q@a/x") == "postgresql://u:p,q@a/x"


def test_it_migrates_by_one_host(servers: tuple[pair.Server, pair.Server]) -> None:
    primary, standby = servers
    dsn = config.load({"DATABASE_URL": address(primary, standby), "SECRET_KEY": SECRET}).database_url
    assert migrations._one_host(dsn) == f"postgresql://feelback@{primary.place}/postgres"
