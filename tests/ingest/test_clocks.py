"""Clocks that jump while visitors respond: nothing acknowledged is lost, no count is wrong, no day is skipped."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app import config
from app.database import db, migrate, upkeep
from app.database.embedded import cluster, postgres
from tests.support import factories
from tests.support.clock import LIBRARY, Clock
from tests.support.serving import Server, check_tallies, serving
from tests.support.settings import OPTIONS, PGBIN, SECRET
from tests.support.visitors import Visitors, stored, visiting

Pool = asyncpg.Pool
JUMPS = ("+3d", "-3d", "+25h", "-1s", "+40d", "-90m", "+0")
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="faketime is missing: run tests/install")


@pytest.fixture
def clock(data_folder: Path) -> Clock:
    return Clock(data_folder / "clock")


@pytest.fixture
def moving_database(data_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The DSN of a server of its own, whose clock is `clock`."""

    class Preloading:
        def __getattr__(self, name: str) -> Any:
            return getattr(subprocess, name)

        @staticmethod
        def Popen(*args: Any, env: dict[str, str], **more: Any) -> "subprocess.Popen[bytes]":
            return subprocess.Popen(*args, env=env | clock.environ, **more)

    monkeypatch.setattr(postgres, "subprocess", Preloading())
    settings = config.load({"FEELBACK_DATA": str(data_folder), "PGBIN": PGBIN, "SECRET_KEY": SECRET})
    with cluster.use(settings, OPTIONS) as dsn:
        migrate.of_settings(settings, dsn)
        yield dsn


async def jump(clock: Clock, server: Server, widget_id: str) -> Visitors:
    """Visitors who respond while it jumps, and at last is right again."""
    async with visiting(server, widget_id) as visitors:
        for offset in JUMPS:
            clock.move(offset)
            await visitors.several(60)
    assert not set(visitors.statuses) - {"200", "201", "204"}
    return visitors


async def check(pool: "Pool[asyncpg.Record]", visitors: Visitors) -> None:
    assert visitors.history.violations(await stored(pool)) == []
    await check_tallies(pool)
    days = await pool.fetch("select distinct counted_on, (created_at at time zone 'UTC')::date from response")
    assert len(days) >= 4
    assert [tuple(day) for day in days if day[0] != day[1]] == []


async def test_the_clock_of_a_web_process_jumps(database: str, pool: "Pool[asyncpg.Record]", clock: Clock) -> None:
    widget = await factories.widget(pool, "updown", window=None)
    with serving({"DATABASE_URL": database, "LIMITS": "off", **clock.environ}) as server:
        visitors = await jump(clock, server, widget.id)
    await check(pool, visitors)


async def test_the_clock_of_database_and_web_process_jumps(moving_database: str, clock: Clock) -> None:
    pool = await db.connect(moving_database)
    widget = await factories.widget(pool, "updown", window=None)
    with serving({"DATABASE_URL": moving_database, "LIMITS": "off", "SCHEDULER": "on", **clock.environ}) as server:
        visitors = await jump(clock, server, widget.id)
    await check(pool, visitors)
    # Jobs may have run while the clock was ahead: weeks and months that they closed too early are taken back.
    assert set((await asyncio.to_thread(upkeep.reconcile, moving_database)).tables) <= {"period", "period_close"}
    assert (await asyncio.to_thread(upkeep.reconcile, moving_database)).differed == 0
    await pool.close()
