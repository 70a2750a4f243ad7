import asyncio
import random
import time
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.ids import uuid_v7
from app.errors import FeelbackError
from app.ingest.batch import Batcher
from app.queries.ingestion import INGEST, Response
from tests.support import factories
from tests.support.load import Http, connected
from tests.support.serving import MakeApi, check_tallies, ingest_of, serving

Pool = asyncpg.Pool
OPEN = {"LIMITS": "off"}


def response(widget_id: str, value: Any, key: str, visitor: str) -> dict[str, Any]:
    return {"widget": widget_id, "page": key, "value": value, "visitor": visitor}


async def test_it_counts_200_visitors_of_a_new_placement_exactly(make_api: MakeApi) -> None:
    api = await make_api(limits="off")
    likes = await factories.widget(api.pool)
    answers = await asyncio.gather(*(api.create(likes.id, "+") for _ in range(200)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 200
    assert await api.counts(likes.id) == [200]
    assert await api.pool.fetchval("select count(*) from placement") == 1


async def test_it_counts_one_visitor_who_clicks_50_times_once(make_api: MakeApi) -> None:
    api = await make_api(limits="off")
    votes = await factories.widget(api.pool, "updown")
    for visitor in ("somebody", None):
        answers = await asyncio.gather(
            *(api.create(votes.id, "+1" if n % 2 else "-1", visitor=visitor) for n in range(50))
        )
        assert {answer.status for answer in answers} <= {200, 201}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert [answer.json()["outcome"] for answer in answers].count("counted") == 1
    assert await api.counts(votes.id) == [2, 0]  # the last clicks were up


async def test_it_counts_exactly_through_two_workers(pool: "Pool[asyncpg.Record]", database: str) -> None:
    widgets = [await factories.widget(pool, "updown") for _ in range(3)]
    with serving({"DATABASE_URL": database, "WEB_CONCURRENCY": "2", **OPEN}) as server:
        async with connected(server.port, 64) as http:
            for widget in widgets:
                for n, (visitors, clicks) in enumerate(((200, 1), (1, 50), (10, 20))):
                    answers = await asyncio.gather(*(
                        http.send("POST", "/v1/responses", response(widget.id, "+1", f"k{n}", f"visitor-{visitor}"))
                        for visitor in range(visitors) for _ in range(clicks)
                    ))  # fmt: skip
                    assert {answer.status for answer in answers} <= {200, 201}
                    assert len({answer.json()["id"] for answer in answers}) == visitors
                    assert [answer.json()["outcome"] for answer in answers].count("counted") == visitors
                    stats = await http.send("GET", f"/v1/stats?widget={widget.id}&page=k{n}")
                    assert stats.json()["items"][0]["counts"] == {"+1": visitors, "-1": 0}
        log = server.log.read_text()
    assert "ERROR" not in log
    await check_tallies(pool)


async def storm(http: Http, widget_id: str, placements: int, visitors: int, requests: int, seed: int) -> list[int]:
    """Create, edit and delete at random, concurrently; returns the statuses of the answers."""
    chance = random.Random(seed)
    responses: list[dict[str, Any]] = []
    statuses: list[int] = []

    async def act() -> None:
        choice = chance.random()
        value = chance.choice(["happy", "neutral", "sad"])
        if choice < 0.5 or not responses:
            key, visitor = f"k{chance.randrange(placements)}", f"visitor-{chance.randrange(visitors)}"
            answer = await http.send("POST", "/v1/responses", response(widget_id, value, key, visitor))
            if answer.status < 300:
                responses.append(answer.json())
        elif choice < 0.6:
            items = [
                response(widget_id, chance.choice(["happy", "neutral", "sad"]), f"k{chance.randrange(placements)}",
                f"visitor-{chance.randrange(visitors)}")
                for _ in range(8)
            ]  # fmt: skip
            answer = await http.send("POST", "/v1/responses", {"items": items})
            statuses.extend(item["status"] for item in answer.json()["items"])
        else:
            one = chance.choice(responses)
            path, headers = f"/v1/responses/{one['id']}", {"feelback-token": one["revokable"]["token"]}
            if choice < 0.85:
                answer = await http.send("PATCH", path, {"value": value}, headers)
            else:
                answer = await http.send("DELETE", path, None, headers)
        statuses.append(answer.status)

    await asyncio.gather(*(act() for _ in range(requests)))
    return statuses


async def deadlocks(pool: "Pool[asyncpg.Record]") -> int:
    await pool.execute("select pg_stat_clear_snapshot()")
    return await pool.fetchval("select deadlocks from pg_stat_database where datname = current_database()")  # type: ignore[no-any-return]


async def test_it_weathers_a_storm_of_changes_through_two_workers(pool: "Pool[asyncpg.Record]", database: str) -> None:
    widgets = [await factories.widget(pool, "reaction") for _ in range(6)]
    with serving({"DATABASE_URL": database, "WEB_CONCURRENCY": "2", **OPEN}) as server:
        async with connected(server.port, 48) as http:
            for n, widget in enumerate(widgets):
                statuses = await storm(http, widget.id, placements=4, visitors=12, requests=500, seed=n)
                assert set(statuses) <= {200, 201, 204, 404}  # 404: another task deleted it first
        log = server.log.read_text()
    assert "ERROR" not in log
    await check_tallies(pool)
    await asyncio.sleep(1.1)  # sessions report their statistics at their end, or after a second
    assert await deadlocks(pool) == 0


def row(
    widget: factories.Widget,
    key: str,
    n: int,
    day: Any,
    address: bytes | None = None,
    dedup_key: bytes | None = None,
    option_no: int = 1,
) -> Response:
    return Response(
        account_id=widget.account_id, widget_id=UUID(widget.id), key=key,
        id=UUID(bytes=uuid_v7(time.time_ns() // 10**6)), created_ms=n, day=day, option_no=option_no, body=None,
        fields=None, context=None, visitor=None, dedup_key=dedup_key or b"visit%11d" % n, dedup_ms=None,
        address=address,
    )  # fmt: skip


async def test_it_never_waits_in_a_circle(pool: "Pool[asyncpg.Record]", database: str) -> None:
    feelings = await factories.widget(pool, "reaction")
    day = await pool.fetchval("select current_date")
    chance = random.Random()
    ids: list[UUID] = []

    async def act(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        for _ in range(60):
            choice = chance.random()
            if choice < 0.6 or not ids:
                batch = [
                    row(
                        feelings,
                        f"k{visitor % 4}",
                        1,
                        day,
                        dedup_key=b"visit%11d" % visitor,
                        option_no=chance.randint(1, 3),
                    )
                    for visitor in chance.sample(range(40), 12)
                ]
                records = await connection.fetch(INGEST, *zip(*batch, strict=True), 100, None, False)
                ids.extend({one.id for one in batch} - {batch[record["n"] - 1].id for record in records})
            elif choice < 0.85:
                args = (feelings.account_id, chance.choice(ids), chance.randint(1, 3))
                await connection.fetch("select fn.update_response($1, $2, $3::int::smallint, null, null)", *args)
            else:
                id = ids.pop(chance.randrange(len(ids)))
                await connection.fetch("select fn.delete_response($1, $2)", feelings.account_id, id)

    connections = [await asyncpg.connect(database) for _ in range(8)]
    try:
        await asyncio.gather(*(act(connection) for connection in connections))
    finally:
        for connection in connections:
            await connection.close()
    await check_tallies(pool)


async def test_it_stores_the_others_of_a_batch_with_a_row_that_postgres_refuses(make_api: MakeApi) -> None:
    api = await make_api(limits="off")
    messages = await factories.widget(api.pool, "message")
    await api.pool.execute("alter table response add constraint refused check (body not like 'refuse%')")
    await api.stored(messages.id, "first")
    answers = await asyncio.gather(
        *(api.create(messages.id, f"{'refuse' if n % 10 == 3 else 'take'} {n}") for n in range(100))
    )
    for n, answer in enumerate(answers):
        assert answer.status == (500 if n % 10 == 3 else 201)
    assert answers[3].json()["error"] == "internal_error"
    assert b"refuse" not in answers[3].body
    assert await api.counts(messages.id) == [91]
    # It was one batch: its rows were stored after the first try of all had failed.
    assert await api.pool.fetchval("select count(distinct xmin::text) from response where body like 'take%'") > 50


async def test_it_answers_503_at_once_when_too_many_wait(make_api: MakeApi) -> None:
    api = await make_api(limits="off", queue_limit="5")
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+")
    async with api.pool.acquire() as blocker, blocker.transaction():
        await blocker.execute("lock table response in access exclusive mode")
        first = asyncio.create_task(api.create(likes.id, "+"))
        await asyncio.sleep(0.05)
        waiting = [asyncio.create_task(api.create(likes.id, "+")) for _ in range(5)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(0.2):
            refused = await api.create(likes.id, "+")
        assert refused.status == 503
        assert refused.json()["error"] == "service_unavailable"
        assert refused.headers["retry-after"] == "1"
        assert not first.done()
    assert [(await task).status for task in (first, *waiting)] == [201] * 6
    assert await api.counts(likes.id) == [7]


async def test_it_stores_what_clients_sent_who_went_away(make_api: MakeApi) -> None:
    api = await make_api(limits="off")
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+")
    async with api.pool.acquire() as blocker, blocker.transaction():
        await blocker.execute("lock table response in access exclusive mode")
        tasks = [asyncio.create_task(api.create(likes.id, "+")) for _ in range(20)]
        await asyncio.sleep(0.05)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks[::2], return_exceptions=True)
    assert {(await task).status for task in tasks[1::2]} == {201}
    assert (await api.create(likes.id, "+")).status == 201
    assert await api.counts(likes.id) == [22]


async def test_it_drains_what_waits_before_it_stops(pool: "Pool[asyncpg.Record]", database: str) -> None:
    likes = await factories.widget(pool, policy="open")
    with serving({"DATABASE_URL": database, **OPEN}) as server:
        async with connected(server.port, 64) as http:
            acknowledged = 0
            stopping = asyncio.Event()

            async def send(n: int) -> None:
                nonlocal acknowledged
                while True:
                    try:
                        answer = await http.send(
                            "POST", "/v1/responses", response(likes.id, "+", f"k{n % 3}", "somebody")
                        )
                    except (OSError, EOFError):
                        assert stopping.is_set()
                        return
                    if answer.status == 503:
                        assert stopping.is_set()
                        return
                    assert answer.status == 201
                    acknowledged += 1

            senders = [asyncio.create_task(send(n)) for n in range(64)]
            await asyncio.sleep(1)
            stopping.set()
            ended = await asyncio.to_thread(server.stop)
            await asyncio.gather(*senders)
        assert ended == 0
        assert "ERROR" not in server.log.read_text()
    assert acknowledged > 100
    # Every acknowledged one is stored; at most those whose answer the stop cut off come on top.
    assert acknowledged <= await pool.fetchval("select count(*) from response") <= acknowledged + 64
    await check_tallies(pool)


async def test_it_outlives_a_connection_that_is_cut(make_api: MakeApi, database: str) -> None:
    api = await make_api(limits="off")
    admin = await asyncpg.connect(database)
    likes = await factories.widget(api.pool, policy="open")
    await api.stored(likes.id, "+")
    sent = 1
    for _ in range(5):
        tasks = [asyncio.create_task(api.create(likes.id, "+", f"k{n}")) for n in range(20)]
        await asyncio.sleep(0)
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        assert {(await task).status for task in tasks} == {201}
        sent += 20
    assert await admin.fetchval("select count(*) from response") == sent
    await admin.close()


async def test_it_waits_for_a_database_that_is_away_then_says_so(
    make_api: MakeApi, database: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On Citus an account whose node is away is refused at once for a while.
    monkeypatch.setattr("app.ingest.accounts.DOWN_SECONDS", 0)
    api = await make_api(limits="off")
    votes = await factories.widget(api.pool, "yesno")
    response = await api.stored(votes.id, "y")
    ingest = ingest_of(api)
    for connection in ingest.queues._connections:
        connection._patience = 0.4
    name = database.rpartition("/")[2].partition("?")[0]
    admin = await asyncpg.connect(server)
    try:
        # Unavailable for long: 503 with Retry-After.
        await admin.execute(f"alter database {name} allow_connections false")
        await admin.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        answers = await asyncio.gather(
            api.create(votes.id, "n"), api.patch(response, "n"), api.delete(response),
            api.v0("getAggregates", {"contentSetId": votes.id, "key": "k"})
        )  # fmt: skip
        for answer in answers:
            assert answer.status == 503, answer.body
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["error"] == "service_unavailable"
        # Unavailable for a moment: no error.
        for connection in ingest.queues._connections:
            connection._patience = 10
        waiting = [asyncio.create_task(api.create(votes.id, "n", f"k{n}")) for n in range(10)]
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in waiting)
        await admin.execute(f"alter database {name} allow_connections true")
        assert {(await task).status for task in waiting} == {201}
    finally:
        await admin.execute(f"alter database {name} allow_connections true")
        await admin.close()
    assert await api.counts(votes.id) == [1, 0]


async def test_it_stores_a_batch_once_that_is_sent_again(pool: "Pool[asyncpg.Record]") -> None:
    likes = await factories.widget(pool)
    day = await pool.fetchval("select current_date")
    first = [row(likes, f"k{n % 3}", n, day, b"here") for n in range(8)]
    await pool.fetch(INGEST, *zip(*first, strict=True), 100, 10, False)
    # The answer was lost: the same batch again, alone and with more items after it.
    for batch in (first, [*first, row(likes, "k0", 8, day, b"here")]):
        records = await pool.fetch(INGEST, *zip(*batch, strict=True), 100, 3, True)
        assert [record["outcome"] for record in records if record["n"] <= 8] == []
        await check_tallies(pool)
    assert await pool.fetchval("select count(*) from response where id = any($1)", [one.id for one in first]) == 8


async def test_it_gathers_what_arrives_while_it_writes() -> None:
    batches: list[list[int]] = []

    async def flush(items: list[int]) -> list[int]:
        batches.append(items)
        await asyncio.sleep(0.01)
        return [item * 2 for item in items]

    batcher = Batcher(flush, limit=1000, size=100)
    futures = [batcher.submit(n) for n in range(1)]
    await asyncio.sleep(0.001)
    futures += [batcher.submit(n) for n in range(1, 251)]
    assert [await future for future in futures] == [n * 2 for n in range(251)]
    assert [len(batch) for batch in batches] == [1, 100, 100, 50]


async def test_it_answers_all_of_a_batch_that_failed_and_goes_on() -> None:
    async def flush(items: list[int]) -> list[int | Exception]:
        if 1 in items:
            raise RuntimeError
        return [FeelbackError(422, "odd") if item % 2 else item for item in items]

    batcher = Batcher(flush, limit=1000)  # type: ignore[arg-type]
    failed = [batcher.submit(1), batcher.submit(2)]
    assert [type(result) for result in await asyncio.gather(*failed, return_exceptions=True)] == [RuntimeError] * 2
    later = [batcher.submit(2), batcher.submit(3)]
    outcomes = await asyncio.gather(*later, return_exceptions=True)
    assert outcomes[0] == 2
    assert isinstance(outcomes[1], FeelbackError)
    await batcher.drain()
    with pytest.raises(FeelbackError, match="stopping"):
        batcher.submit(1)


def test_it_knows_every_way_in_which_a_database_is_away() -> None:
    for error in (
        asyncpg.ConnectionDoesNotExistError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
        asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError, asyncpg.InternalClientError, ConnectionRefusedError, TimeoutError,
    ):  # fmt: skip
        assert issubclass(error, db.UNAVAILABLE)
    assert not issubclass(asyncpg.CheckViolationError, db.UNAVAILABLE)
