"""What is told of requests by the whole application; and that nothing is where nobody asked for it."""

import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest

from app.ingest.gate import Gate
from app.server import asgi
from tests.support import factories
from tests.support.serving import PAGE, Api, running, serving, settings

TOKEN = "for-prometheus-for-prometheus"
BEARER = {"authorization": f"Bearer {TOKEN}"}
Pool = asyncpg.Pool


@pytest.fixture
async def api(database: str, pool: "Pool[asyncpg.Record]") -> AsyncIterator[Api]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(running(settings(database, metrics_token=TOKEN, log_requests="on"), pool))


async def test_it_has_no_metrics_and_puts_nothing_between_where_nothing_is_to_be_told(database: str) -> None:
    assert isinstance(asgi.create(settings(database), database), Gate)


async def test_it_logs_a_line_for_a_request(
    api: Api, pool: "Pool[asyncpg.Record]", caplog: pytest.LogCaptureFixture
) -> None:
    made = await factories.content_set(pool, "message")
    caplog.set_level(logging.INFO, "app.requests")
    answer = await api.create(made.id, "a visitor's words", address="203.0.113.9")
    assert answer.status == 201
    await api.send("GET", "/v1/nowhere/visitors-words", query=b"q=visitors-words")
    await api.send("GET", "/healthz")
    told = [record.request for record in caplog.records if record.name == "app.requests"]  # type: ignore[attr-defined]
    assert [(one["method"], one["route"], one["status"], one["account"]) for one in told] == [
        ("POST", "/v1/feelbacks", 201, str(made.account_id)),
        ("GET", "other", 404, None),
    ]
    assert all(0 < one["ms"] < 5000 for one in told)
    for private in ("visitor", "203.0.113", PAGE):
        assert private not in json.dumps(told)


async def test_it_gives_each_request_an_id(api: Api) -> None:
    first, second = await api.send("GET", "/healthz"), await api.send("GET", "/healthz")
    assert re.fullmatch("[0-9a-f]{16}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for name in ("X-Request-Id", "Fly-Request-Id"):
        kept = await api.send("GET", "/v1/openapi.json", headers={name: "01JABC-fra"})
        assert kept.headers["x-request-id"] == "01JABC-fra"
    for odd in ("short", "x" * 65, "a b c d e f g h", "<script>alert(1)</script>"):
        assert (await api.send("GET", "/healthz", headers={"X-Request-Id": odd})).headers["x-request-id"] != odd


async def test_it_tells_prometheus(api: Api, pool: "Pool[asyncpg.Record]") -> None:
    made = await factories.content_set(pool)
    for _ in range(3):
        await api.stored(made.id, "+")
    await api.send("GET", "/healthz")
    assert (await api.create(made.id, "no such value")).status == 422
    await pool.execute("select fn.enqueue_mail('a@example.com', 'magic_link', '{}')")
    answer = await api.send("GET", "/metrics", headers=BEARER)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.body.decode().splitlines()
    for line in (
        'feelback_requests_total{route="/v1/feelbacks",status="2xx"} 3',
        'feelback_requests_total{route="/v1/feelbacks",status="4xx"} 1',
        'feelback_requests_total{route="/healthz",status="2xx"} 1',
        'feelback_request_seconds_count{route="/v1/feelbacks"} 4',
        'feelback_batch_signals_bucket{le="1"} 3',
        "feelback_database_up 1",
        "feelback_queue_signals 0",
        'feelback_job_success_timestamp_seconds{job="refresh stats"} 0',
        'feelback_mail_waiting{due="yes"} 1',
    ):
        assert line in lines, answer.body.decode()
    assert any(line.startswith("feelback_pool_connections ") for line in lines)
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    for line in lines:
        assert not line or re.fullmatch(
            r'# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+', line
        )


async def test_it_tells_only_who_has_the_token(api: Api) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {TOKEN}x"}):
        answer = await api.send("GET", "/metrics", headers=headers)
        assert answer.status == 401
        assert b"feelback_" not in answer.body
    assert (await api.send("POST", "/metrics", b"", headers=BEARER)).status == 405


def test_it_sums_over_web_workers(database: str) -> None:
    import http.client

    environ = {"DATABASE_URL": database, "METRICS_TOKEN": TOKEN, "WEB_CONCURRENCY": "2", "WORKER": "off"}
    with serving(environ) as server:

        def ask(path: str, headers: dict[str, str]) -> bytes:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            connection.request("GET", path, headers=headers)
            body = connection.getresponse().read()
            connection.close()
            return body

        for _ in range(40):
            ask("/v1/openapi.json", {})
        for _ in range(5):  # whichever worker answers
            told = ask("/metrics", BEARER).decode()
            assert 'feelback_requests_total{route="/v1/openapi.json",status="2xx"} 40\n' in told
