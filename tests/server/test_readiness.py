"""Whether responses can be stored is tried in earnest, and what fails is told within two seconds and logged once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.database.bounded import Bounded
from app.queries.health import ServerState
from app.server import readiness
from app.server.readiness import Readiness
from tests.support import factories
from tests.support.serving import Api, running, settings

TOKEN = "for-prometheus-for-prometheus"
BEARER = {"authorization": f"Bearer {TOKEN}"}
Pool = asyncpg.Pool
BREAK = """
    create function public.fail() returns trigger language plpgsql
    as $$ begin raise exception using errcode = 'disk_full'; end $$;
    create trigger fail before insert on response for each row execute function public.fail();
"""


@pytest.fixture
async def api(database: str, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    for name in ("FIRST_SECONDS", "FAILING_SECONDS"):
        monkeypatch.setattr(readiness, name, 0.05)
    async with running(settings(database, metrics_token=TOKEN), pool) as api:
        yield api


async def status(api: Api) -> tuple[int, str]:
    answer = await api.send("GET", "/readyz")
    return answer.status, answer.body.decode()


async def until(api: Api, *expected: object) -> None:
    for _ in range(600):
        if (answer := await status(api)) == expected:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(answer)


async def test_a_check_stores_counts_and_leaves_nothing(pool: "Pool[asyncpg.Record]") -> None:
    tables = [
        row[0]
        for row in await pool.fetch(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and relname <> 'write_check'"
        )
    ]
    before = [await pool.fetchval(f"select count(*) from {table}") for table in tables]
    await pool.execute("select fn.check_writes('m', now() - interval '2 days')")
    await pool.execute("select fn.check_writes('n')")
    assert [row[0] for row in await pool.fetch("select machine from write_check")] == ["n"]
    assert [await pool.fetchval(f"select count(*) from {table}") for table in tables] == before


async def test_readyz_fails_while_responses_cannot_be_stored(
    api: Api, pool: "Pool[asyncpg.Record]", caplog: pytest.LogCaptureFixture
) -> None:
    await until(api, 200, "ok\n")
    widget = await factories.widget(pool)
    with caplog.at_level(logging.WARNING):
        await pool.execute(BREAK)
        # A request that fails makes it look before the minute is over.
        for _ in range(3):
            assert (await api.create(widget.id, "+")).status == 503
        await until(api, 503, "responses cannot be stored: DiskFullError\n")
        metrics = (await api.send("GET", "/metrics", headers=BEARER)).body.decode()
        assert "feelback_database_up 1.0" in metrics
        await asyncio.sleep(0.3)  # several looks
        await pool.execute("drop trigger fail on response")
        await until(api, 200, "ok\n")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    assert "1 requests were answered with 503: DiskFullError" in lines
    assert [line for line in lines if "well" in line.lower()] == [
        "Not well: responses cannot be stored: DiskFullError",
        "Well again; before, responses cannot be stored: DiskFullError",
    ]


async def test_readyz_and_metrics_answer_while_the_database_hangs(api: Api, pool: "Pool[asyncpg.Record]") -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table job_run")
        # Without bounds both would wait until the lock is released, or for 11 seconds.
        async with asyncio.timeout(8):
            answers = await asyncio.gather(
                *(api.send("GET", path, headers=BEARER) for path in ("/readyz", "/metrics", "/readyz", "/metrics"))
            )
        assert [answer.status for answer in answers] == [503, 200, 503, 200]
        assert answers[0].body == b"the database is unavailable: TimeoutError\n"
        assert b"feelback_database_up 0.0" in answers[1].body
    await until(api, 200, "ok\n")
    assert b"feelback_database_up 1.0" in (await api.send("GET", "/metrics", headers=BEARER)).body


async def test_a_missing_standby_is_named() -> None:
    standbys = 0

    async def store() -> None:
        return None

    async def state() -> ServerState:
        return ServerState(datetime.now(UTC), 1, standbys, True, None, None, 0)

    look = Readiness(store, state)
    await look.check()
    assert look.problems == {"standby": "commits wait for a standby, and none is connected"}
    assert look.can_store
    standbys = 1
    await look.check()
    assert look.problems == {}


@pytest.mark.parametrize(
    ("ahead", "problems"),
    [
        (-3600, {"clock": "this machine's clock is 3600 s behind the database's"}),
        (-9, {}),
        (9, {}),
        (86_400, {"clock": "this machine's clock is 86400 s ahead of the database's"}),
    ],
)
async def test_a_wrong_clock_is_named(ahead: int, problems: dict[str, str]) -> None:
    async def store() -> None:
        return None

    async def state() -> ServerState:
        return ServerState(datetime.now(UTC) - timedelta(seconds=ahead), 1, 1, True, None, None, 0)

    look = Readiness(store, state)
    await look.check()
    assert look.problems == problems
    assert look.can_store


async def test_a_slow_call_is_waited_for_once() -> None:
    calls, end = [], asyncio.Event()

    async def call() -> int:
        calls.append(1)
        await end.wait()
        return len(calls)

    bounded = Bounded(call, 0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await bounded.get()
    assert calls == [1]
    end.set()
    await asyncio.sleep(0)
    bounded = Bounded(call, 10)
    assert await asyncio.gather(bounded.get(), bounded.get()) == [2, 2]
