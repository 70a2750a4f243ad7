import asyncio
import json
import time
from types import SimpleNamespace

import pytest

from app.errors import FeelbackError
from app.ingest.limits import Buckets
from tests.support import factories
from tests.support.serving import Api, MakeApi, serving


def test_it_fills_a_bucket_again_as_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.ingest.limits.time.monotonic", lambda: now)
    buckets = Buckets("address", 10, 20)
    for _ in range(20):
        buckets.take(b"a")
    with pytest.raises(FeelbackError) as caught:
        buckets.take(b"a")
    assert caught.value.status == 429
    assert caught.value.headers["retry-after"] == "1"
    buckets.take(b"b")
    now += 0.1
    buckets.take(b"a")
    with pytest.raises(FeelbackError):
        buckets.take(b"a")
    now += 1000
    for _ in range(20):
        buckets.take(b"a")
    with pytest.raises(FeelbackError):
        buckets.take(b"a", 15)


def test_it_remembers_no_more_buckets_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.ingest.limits.time.monotonic", lambda: now)
    buckets = Buckets("address", 1, 1, size=10)
    for n in range(100):
        buckets.take(b"%d" % n)
    assert len(buckets._levels) <= 10


@pytest.mark.parametrize("what", ["address", "project", "page"])
async def test_it_limits_how_fast_each_may_send(make_api: MakeApi, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    # In that module only: the event loop needs a clock that runs.
    monkeypatch.setattr("app.ingest.limits.time", SimpleNamespace(monotonic=lambda: now))
    api = await make_api(**{f"limit_{what}_per_second": "1", f"limit_{what}_burst": "3"})
    project = await factories.project(api.pool)
    likes, other = await factories.widget(api.pool, of=project), await factories.widget(api.pool)
    for n in range(3):
        assert (await api.create(likes.id, "+", visitor=f"visitor-{n}")).status == 201
    answer = await api.create(likes.id, "+", visitor="visitor-9", headers={"origin": "https://example.com"})
    assert answer.status == 429
    assert answer.json()["error"] == "too_many_requests"
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["data"] == {"limit": 1, "retryAfter": 1}
    assert answer.headers["access-control-expose-headers"] == "retry-after"
    assert (
        await api.v0("create", {"contentSetId": likes.id, "key": "https://example.com/a", "value": "+"})
    ).status == 429
    # Another sender is not limited, nor is a call with a key where only addresses are.
    if what == "address":
        assert (await api.create(likes.id, "+", address="192.0.2.9")).status == 201
        secret = await factories.api_key(api.pool, likes)
        assert (await api.create(likes.id, "+", headers={"authorization": f"Bearer {secret}"})).status == 201
    elif what == "project":
        assert (await api.create(other.id, "+")).status == 201
    else:
        assert (await api.create(likes.id, "+", "another")).status == 201
    before = await api.pool.fetchval("select count(*) from response")
    now += 0.95
    assert (await api.create(likes.id, "+", visitor="visitor-9")).status == 429
    now += 0.1
    assert (await api.create(likes.id, "+", visitor="visitor-9")).status == 201
    assert await api.pool.fetchval("select count(*) from response") == before + 1


async def test_it_limits_reads_as_well(make_api: MakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ingest.limits.time", SimpleNamespace(monotonic=lambda: 1000.0))
    api = await make_api(limit_address_per_second="1", limit_address_burst="1")
    likes = await factories.widget(api.pool)
    for _ in range(2):
        await api.stats(likes.id, *"abcde")
    answer = await api.send("GET", "/v1/stats", query=f"widget={likes.id}&page=a&page=b&page=c".encode())
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1


async def test_it_has_no_rate_limits_when_they_are_off(make_api: MakeApi) -> None:
    api = await make_api(
        limits="off", limit_address_per_second="1", limit_address_burst="1", limit_visitors_per_address="1"
    )
    likes = await factories.widget(api.pool)
    for n in range(5):
        assert (await api.create(likes.id, "+", visitor=f"visitor-{n}")).status == 201


async def test_it_counts_so_many_visitors_of_one_address(make_api: MakeApi) -> None:
    api = await make_api(limit_visitors_per_address="3")
    likes = await factories.widget(api.pool)
    for n in range(3):
        assert (await api.create(likes.id, "+", visitor=f"visitor-{n}")).status == 201
    refused = await api.create(likes.id, "+", visitor="visitor-3")
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert (await api.create(likes.id, "+", visitor="visitor-2")).json()["outcome"] == "duplicate"
    assert (await api.create(likes.id, "+", "another", visitor="visitor-3")).status == 201
    assert (await api.create(likes.id, "+", visitor="visitor-3", address="192.0.2.9")).status == 201
    assert (await api.stats(likes.id))[0]["total"] == 4


async def test_it_counts_so_many_of_a_batch(make_api: MakeApi) -> None:
    api = await make_api(limit_visitors_per_address="5")
    likes = await factories.widget(api.pool)
    items = [{"widget": likes.id, "page": "k", "value": "+", "visitor": f"visitor-{n}"} for n in range(20)]
    for expected in (5, 0):
        results = (await api.post("/v1/responses", {"items": items})).json()["items"]
        assert [one["status"] for one in results].count(201) == expected
        assert [one["status"] for one in results].count(429) == 15
        assert (await api.stats(likes.id, "k"))[0]["total"] == 5


async def test_it_limits_the_placements_of_a_widget(make_api: MakeApi) -> None:
    api = await make_api(limit_pages_per_widget="3")
    likes, other = await factories.widget(api.pool), await factories.widget(api.pool)
    items = [{"widget": likes.id, "page": f"k{n}", "value": "+", "visitor": "somebody"} for n in range(5)]
    results = (await api.post("/v1/responses", {"items": items})).json()["items"]
    assert [one["status"] for one in results] == [201, 201, 201, 422, 422]
    assert (await api.create(likes.id, "+", "k0")).status == 201
    assert (await api.create(likes.id, "+", "k9")).status == 422
    assert (await api.create(other.id, "+", "k9")).status == 201
    assert await api.pool.fetchval("select array_agg(placements order by placements) from widget") == [1, 3]


async def test_it_follows_settings_of_lengths(make_api: MakeApi) -> None:
    api = await make_api(
        limit_message_chars="10", limit_key_bytes="16", limit_context_keys="1", limit_context_bytes="20"
    )
    messages = await factories.widget(api.pool, "message")
    for key, message, context, status in (
        ("k" * 16, "m" * 10, {"a": 1}, 201),
        ("k" * 17, "m", None, 422),
        ("k", "m" * 11, None, 422),
        ("k", "m", {"a": 1, "b": 2}, 422),
        ("k", "m", {"a": "b" * 20}, 422),
    ):
        answer = await api.create(messages.id, message, key, context=context)
        assert answer.status == status
        assert status == 201 or answer.json()["data"]["limit"] in (10, 16, 1, 20)


async def test_it_refuses_a_body_that_is_too_large(make_api: MakeApi) -> None:
    api = await make_api(limit_body_bytes="2000")
    likes = await factories.widget(api.pool)
    body = json.dumps({"widget": likes.id, "page": "k", "value": "+"}).encode()
    assert (await api.send("POST", "/v1/responses", body + b" " * (2000 - len(body)))).status == 201
    for path in ("/v1/responses", "/v1/stats", "/v0/feelbacks/create", "/v0/feelbacks/getAggregates"):
        answer = await api.send("POST", path, body + b" " * 2000)
        assert answer.status == 413
        assert answer.json()["error"] == "payload_too_large"
        assert answer.json()["data"] == {"limit": 2000}
        for declared in ("99999999999999999999", "-1", "1e3", "", "0x10"):
            assert (await api.send("POST", path, body, {"content-length": declared})).status == 413
    # One without Content-Length.
    assert (await api.send("POST", "/v1/responses", body + b" " * 2000, {"content-length": None})).status == 413
    assert (await api.send("POST", "/v1/responses", body, {"content-length": None})).status == 200


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        return int(head.split()[1]), await reader.readexactly(length)


async def test_it_waits_so_long_for_a_body(api: Api, database: str) -> None:
    likes = await factories.widget(api.pool)
    body = json.dumps({"widget": likes.id, "page": "k", "value": "+"}).encode()
    head = b"POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    head += b"content-length: %d\r\n\r\n"
    head %= len(body)
    with serving({"DATABASE_URL": database, "LIMIT_BODY_SECONDS": "1"}) as server:
        for sent in (b"", body[:5], body[:-1]):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            began = time.monotonic()
            writer.write(head + sent)
            status, text = await read_answer(reader)
            assert status == 408
            assert json.loads(text)["error"] == "request_timeout"
            assert time.monotonic() - began < 4
            writer.close()
            await writer.wait_closed()
        # Sending one byte at a time does not avoid the limit, and others are served meanwhile.
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head)
        answer = asyncio.create_task(read_answer(reader))
        for n in range(len(body) - 1):
            writer.write(body[n : n + 1])
            await asyncio.sleep(0.1)
            if answer.done():
                break
        assert (await answer)[0] == 408
        writer.close()
        await writer.wait_closed()
        # Slow, but within the limit.
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head + body[:5])
        await asyncio.sleep(0.3)
        writer.write(body[5:])
        assert (await read_answer(reader))[0] == 201
        writer.close()
        await writer.wait_closed()
    assert await api.pool.fetchval("select count(*) from response") == 1
