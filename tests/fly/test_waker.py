"""The worker machine is started when there is work, once, by one of the web machines. Fly's API is a fake."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import psutil
import pytest

from app import config
from app.config import ROOT, Settings
from app.errors import ConfigError
from app.fly import machines as fly
from app.fly import waker
from app.fly.waker import Waker
from app.queries import worker
from tests.support import people
from tests.support.serving import serving
from tests.support.settings import SECRET
from tests.support.sinks import HttpSink
from tests.support.sinks import serving as answering

Pool = asyncpg.Pool
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STATE = "/v1/apps/feelback/machines/abc123"


@pytest.fixture
def machines() -> Iterator[HttpSink]:
    with answering() as sink:
        yield sink


def environ(machines: HttpSink, database: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database, "SECRET_KEY": SECRET, "FLY_APP_NAME": "feelback", "FLY_API_TOKEN": "a-token",
        "FLY_WORKER_MACHINE_ID": "abc123", "FLY_API_URL": machines.url,
    }  # fmt: skip


@pytest.fixture
def settings(machines: HttpSink, database: str) -> Settings:
    return config.load(environ(machines, database))


async def enqueue(pool: "Pool[asyncpg.Record]", at: datetime | None = None) -> None:
    link = '{"url": "https://feelback.example/links/x", "until": "3 Aug 2026, 12:30 UTC"}'
    await pool.execute(
        "select fn.enqueue_mail('a@example.com', 'magic_link', $1, null, null, coalesce($2, now()))", link, at
    )


async def request_export(acme: people.Team) -> None:
    project_id = await acme.do("owner", "create_project($1, 'Acorn', 'acorn')")
    call = "request_export($1, $2, 'responses', 'csv', null, null, null, null, null, null)"
    await acme.do("editor", call, project_id)


@asynccontextmanager
async def wakers(settings: Settings, database: str, count: int) -> AsyncIterator[list[Waker]]:
    wakers = [Waker(settings, database) for _ in range(count)]
    tasks = [asyncio.create_task(waker.run()) for waker in wakers]
    try:
        yield wakers
    finally:
        for waker in wakers:
            waker.stop()
        await asyncio.gather(*tasks)


async def soon(condition: "object", seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_one_machine_claims_the_start(pool: "Pool[asyncpg.Record]") -> None:
    assert not (await worker.claim_worker_start(pool, "a", NOW)).is_due
    await enqueue(pool, NOW)
    claims = await asyncio.gather(*(worker.claim_worker_start(pool, f"m{n}", NOW) for n in range(20)))
    assert [claim.is_due for claim in claims] == [True] * 20
    assert sum(claim.is_mine for claim in claims) == 1
    assert {claim.look_in for claim in claims} == {60.0}
    assert not (await worker.claim_worker_start(pool, "b", NOW + MINUTE / 2)).is_mine
    assert (await worker.claim_worker_start(pool, "b", NOW + MINUTE)).is_mine  # still due: start it again


async def test_failed_starts_are_tried_again_with_longer_pauses(pool: "Pool[asyncpg.Record]") -> None:
    await enqueue(pool, NOW)
    now, pauses = NOW, []
    for _ in range(9):
        claim = await worker.claim_worker_start(pool, "a", now)
        assert claim.is_mine
        assert claim.started_at
        await worker.mark_worker_start(pool, claim.started_at, "no", now)
        pauses.append((await worker.claim_worker_start(pool, "b", now)).look_in)
        now += timedelta(seconds=pauses[-1] or 0)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    claim = await worker.claim_worker_start(pool, "a", now)
    await worker.mark_worker_start(pool, claim.started_at or now, None, now)
    assert tuple(await pool.fetchrow("select failures, last_error from worker_start")) == (0, None)


async def test_starts_in_vain_are_put_off(pool: "Pool[asyncpg.Record]") -> None:
    await enqueue(pool, NOW)
    starts = []
    for minute in range(260):
        now = NOW + minute * MINUTE
        claim = await worker.claim_worker_start(pool, "a", now)
        if claim.is_mine:
            await worker.mark_worker_start(pool, now, None, now)
            starts.append((minute, claim.silent_starts))
    assert starts == [
        (0, 0), (1, 1), (3, 2), (7, 3), (15, 4), (31, 5), (63, 6), (123, 7), (183, 8), (243, 9),
    ]  # fmt: skip
    await worker.mark_worker_seen(pool, NOW + 260 * MINUTE)
    assert (await worker.claim_worker_start(pool, "a", NOW + 270 * MINUTE)).silent_starts == 0


async def test_starts_in_vain_are_reported(
    settings: Settings,
    database: str,
    pool: "Pool[asyncpg.Record]",
    machines: HttpSink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await enqueue(pool)
    await pool.execute("update worker_start set started_at = now() - interval '1 minute'")
    async with wakers(settings, database, 2):
        await soon(lambda: machines.requests)
    assert "The worker machine started, but no worker began to work (1 in a row)" in caplog.text


async def test_the_result_of_an_older_claim_is_ignored(pool: "Pool[asyncpg.Record]") -> None:
    await enqueue(pool, NOW)
    old = await worker.claim_worker_start(pool, "slow", NOW)
    new = await worker.claim_worker_start(pool, "b", NOW + MINUTE)
    assert new.is_mine
    assert old.started_at
    await worker.mark_worker_start(pool, old.started_at, "took two minutes to fail", NOW + 2 * MINUTE)
    assert await pool.fetchval("select started_at from worker_start") == NOW + MINUTE


async def test_many_machines_start_the_worker_once(
    settings: Settings, database: str, pool: "Pool[asyncpg.Record]", machines: HttpSink
) -> None:
    async with wakers(settings, database, 4):
        await asyncio.sleep(0.5)
        assert machines.requests == []
        for _ in range(20):
            await enqueue(pool)
        await soon(lambda: machines.requests)
        await asyncio.sleep(0.5)
    assert [(method, path) for method, path, *_ in machines.requests] == [("POST", f"{STATE}/start")]
    assert machines.requests[0][2]["authorization"] == "Bearer a-token"


async def test_work_that_was_due_before_starts_the_worker(
    settings: Settings, database: str, pool: "Pool[asyncpg.Record]", machines: HttpSink
) -> None:
    await enqueue(pool)
    async with wakers(settings, database, 2):
        await soon(lambda: machines.requests)


async def test_an_export_starts_the_worker(
    settings: Settings,
    database: str,
    pool: "Pool[asyncpg.Record]",
    app_pool: "Pool[asyncpg.Record]",
    machines: HttpSink,
) -> None:
    acme = await people.team(pool, app_pool)
    await pool.execute("delete from mail")
    async with wakers(settings, database, 2):
        await asyncio.sleep(0.5)
        assert machines.requests == []
        await request_export(acme)
        await soon(lambda: machines.requests)
    assert await pool.fetchval("select count(*) from mail") == 0


async def test_a_start_that_fails_is_tried_again(
    settings: Settings,
    database: str,
    pool: "Pool[asyncpg.Record]",
    machines: HttpSink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    machines.answers = [412, 200]
    machines.bodies[STATE] = json.dumps({"id": "abc123", "state": "stopping"}).encode()
    await enqueue(pool)
    async with wakers(settings, database, 2):
        await soon(lambda: len(machines.requests) == 3)  # after 5 seconds
    assert [method for method, *_ in machines.requests] == ["POST", "GET", "POST"]
    assert "the Machines API answered 412; the machine is stopping" in caplog.text
    assert "a-token" not in caplog.text
    assert await pool.fetchval("select failures from worker_start") == 0


@pytest.mark.parametrize("answer", [0, 409, 500])
def test_the_state_decides_if_a_start_fails(settings: Settings, machines: HttpSink, answer: int) -> None:
    machines.answers = [answer]
    machines.bodies[STATE] = b'{"state": "started"}'
    assert fly.start_worker(settings) is None
    machines.answers = [answer]
    machines.bodies[STATE] = b'{"state": "stopped"}'
    assert "the machine is stopped" in str(fly.start_worker(settings))
    machines.answers = [answer, 0]
    assert "did not answer" in str(fly.start_worker(settings))
    machines.bodies[STATE] = b"[]"
    machines.answers = [answer]
    assert "the machine is None" in str(fly.start_worker(settings))


async def test_a_waker_survives_a_lost_database(
    settings: Settings, database: str, pool: "Pool[asyncpg.Record]", machines: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waker, "AWAY_SECONDS", 0.1)
    async with wakers(settings, database, 1):
        await asyncio.sleep(0.5)
        await pool.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.3)
        await enqueue(pool)
        await soon(lambda: machines.requests)


async def test_the_worker_machine_drains_and_ends(
    database: str, pool: "Pool[asyncpg.Record]", machines: HttpSink
) -> None:
    """The whole path: `serve` starts the fake machine, and the test runs the command that fly.toml has for it."""
    with serving({**environ(machines, database), "MAIL_URL": ""}) as server:
        children = [word for child in psutil.Process(server.process.pid).children() for word in child.cmdline()]
        assert "_wake" in children
        assert "_work" not in children
        await enqueue(pool)
        await soon(lambda: machines.requests)
        assert await pool.fetchval("select count(*) from mail where outcome is null") == 1
        inherited = {name: text for name, text in os.environ.items() if name not in config.names()}
        process = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "app", "work", "--once"],
            cwd=ROOT, capture_output=True, text=True, timeout=60, env={**inherited, **environ(machines, database)},
        )  # fmt: skip
        assert process.returncode == 0, process.stdout + process.stderr
        assert await pool.fetchval("select count(*) from mail where outcome is null") == 0
        assert server.process.poll() is None
    assert server.process.returncode in (0, -signal.SIGTERM)


def test_settings_of_fly_are_complete_or_absent() -> None:
    with pytest.raises(ConfigError, match=r"FLY_APP_NAME: it is missing.*\n.*FLY_API_TOKEN: it is missing"):
        config.load({"FLY_WORKER_MACHINE_ID": "abc", "SECRET_KEY": SECRET})
    assert not fly.is_set_up(config.load({"FLY_APP_NAME": "feelback", "SECRET_KEY": SECRET}))
