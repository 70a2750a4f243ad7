"""Limits that protect the database or a project hold for all web processes of all machines together."""

import asyncio
import time
from collections import Counter
from contextlib import ExitStack
from typing import Any

import asyncpg
import pytest

from app.ingest import shares
from app.ingest.limits import Buckets
from tests.support import factories
from tests.support.load import connected
from tests.support.serving import Api, MakeApi, Server, ingest_of, serving

Pool = asyncpg.Pool
BURST = 40
LIMITS = {"limit_address_per_second": "1", "limit_address_burst": str(BURST)}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "BEAT_SECONDS", 0.05)


def burst(api: Api) -> float:
    return ingest_of(api).admission.shared[0]._burst


async def until_burst(api: Api, expected: float) -> None:
    end = time.monotonic() + 10
    while burst(api) != expected:
        assert time.monotonic() < end, burst(api)
        await asyncio.sleep(0.01)


async def admitted(send: Any, widget_id: str, count: int) -> int:
    """How many of so many responses of one address were accepted."""
    bodies = [
        {"widget": widget_id, "page": f"k{number}", "value": "+", "visitor": f"visitor-{number}"}
        for number in range(count)
    ]
    answers = await asyncio.gather(*(send(number, body) for number, body in enumerate(bodies)))
    statuses = Counter(answer.status for answer in answers)
    assert set(statuses) <= {201, 429}, statuses
    assert all(answer.headers["retry-after"] for answer in answers if answer.status == 429)
    return statuses[201]


async def test_two_servers_share_the_limit_of_an_address(
    make_api: MakeApi, pool: "Pool[asyncpg.Record]", quick: None
) -> None:
    widget = await factories.widget(pool)
    apis = [await make_api(**LIMITS) for _ in range(2)]
    for api in apis:
        await until_burst(api, BURST / 2)
    began = time.monotonic()
    accepted = await admitted(lambda n, body: apis[n % 2].post("/v1/responses", body), widget.id, 3 * BURST)
    assert BURST <= accepted <= BURST + (time.monotonic() - began) + 1


async def test_a_server_that_ends_leaves_its_share_to_the_others(
    make_api: MakeApi, pool: "Pool[asyncpg.Record]", quick: None
) -> None:
    stays, ends = await make_api(**LIMITS), shares.Shares(pool, [Buckets("address", 1, BURST)], 1)
    runs = asyncio.create_task(ends.run())
    await until_burst(stays, BURST / 2)
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)
    await ends.leave()
    await until_burst(stays, BURST)


async def test_a_server_that_is_not_heard_of_does_not_count(
    make_api: MakeApi, pool: "Pool[asyncpg.Record]", quick: None
) -> None:
    await pool.execute(
        "insert into web_process select gen_random_uuid(), now() - make_interval(secs => seconds)"
        " from unnest('{1, 30, 90}'::integer[]) as seconds"
    )
    api = await make_api(**LIMITS)
    await until_burst(api, BURST / 2)
    assert await pool.fetchval("select count(*) from web_process") == 3


async def test_while_the_database_is_away_the_last_number_counts(
    make_api: MakeApi, pool: "Pool[asyncpg.Record]", quick: None
) -> None:
    apis = [await make_api(**LIMITS) for _ in range(2)]
    await until_burst(apis[0], BURST / 2)
    await pool.execute("alter table web_process rename to away")
    await asyncio.sleep(0.3)
    assert burst(apis[0]) == BURST / 2
    await pool.execute("alter table away rename to web_process")
    await asyncio.sleep(0.2)
    assert burst(apis[0]) == BURST / 2


async def test_the_web_processes_of_one_machine_share_from_the_start(make_api: MakeApi) -> None:
    buckets = Buckets("address", 10, 100)
    shares.Shares(None, [buckets], 4)  # type: ignore[arg-type]
    assert (buckets._rate, buckets._burst) == (2.5, 25)


def test_a_share_holds_at_least_one() -> None:
    buckets = Buckets("address", 1, 2)
    buckets.divide(50)
    buckets.take(b"a")


async def test_two_machines_with_two_processes_each_admit_what_one_would(
    database: str, pool: "Pool[asyncpg.Record]"
) -> None:
    widget = await factories.widget(pool)
    environ = {"DATABASE_URL": database, "WEB_CONCURRENCY": "2", "WORKER": "off"}
    environ |= {name.upper(): text for name, text in LIMITS.items()}
    with ExitStack() as stack:
        servers: list[Server] = [stack.enter_context(serving(environ)) for _ in range(2)]
        while await pool.fetchval("select count(*) from web_process") < 4:  # noqa: ASYNC110 - the event is elsewhere
            await asyncio.sleep(0.1)
        await asyncio.sleep(shares.BEAT_SECONDS + 0.5)  # all have learned of all
        async with connected(servers[0].port, 16) as one, connected(servers[1].port, 16) as other:
            https = [one, other]
            began = time.monotonic()
            accepted = await admitted(
                lambda n, body: https[n % 2].send("POST", "/v1/responses", body), widget.id, 6 * BURST
            )
            assert BURST / 4 <= accepted <= BURST + (time.monotonic() - began) + 4
        for server in servers:
            assert server.stop() == 0
        assert await pool.fetchval("select count(*) from web_process") == 0
