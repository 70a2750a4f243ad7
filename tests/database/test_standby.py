"""A primary and its standby: the service follows a failover and loses no acknowledged response."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app import config
from app.database import db, migrations
from tests.support import factories
from tests.support import standby as pair
from tests.support.serving import check_tallies, serving
from tests.support.settings import SECRET
from tests.support.visitors import stored, visiting

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
    widget = await factories.widget(pool, "updown")
    pool.terminate()
    with serving(environ) as server:
        async with visiting(server, widget.id, count=SENDERS) as visitors:
            await asyncio.sleep(2)
            primary.kill()
            killed = time.monotonic()
            await asyncio.sleep(OUTAGE)
            standby.ask("select pg_promote()")
            promoted = time.monotonic()
            await asyncio.sleep(4)
        log = server.log.read_text()
    operations = visitors.history.operations
    acknowledged = [each.ended for each in operations if each.kind == "create" and each.is_acknowledged]
    first = min((at for at in acknowledged if at > promoted), default=None)
    assert first is not None, log
    assert first - promoted < 3, f"back {first - promoted:.1f} s after the promotion"
    before = [at for at in acknowledged if at < killed]
    assert len(before) > 200
    assert len(acknowledged) > len(before) + 200
    connection = await asyncpg.connect(standby.url)
    # Unanswered responses were sent again: the last value counts, none twice.
    assert visitors.history.violations(await stored(connection)) == []
    await check_tallies(connection)
    await connection.close()
    print(f"back {first - killed:.1f} s after the kill, {first - promoted:.2f} s after it; {visitors.statuses}")


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
