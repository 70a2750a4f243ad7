"""Logs and metrics of requests by the whole application, and that they are off by default."""

import contextlib
import json
import logging
import re
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.config import ROOT
from app.ingest.gate import Gate
from app.server import asgi
from app.server.hosts import HostCheck
from tests.support import factories
from tests.support.serving import PAGE, Api, running, serving, settings

TOKEN = "for-prometheus-for-prometheus"
BEARER = {"authorization": f"Bearer {TOKEN}"}
Pool = asyncpg.Pool


@pytest.fixture
async def api(database: str, pool: "Pool[asyncpg.Record]") -> AsyncIterator[Api]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(running(settings(database, metrics_token=TOKEN, log_requests="on"), pool))


async def test_nothing_wraps_the_gate_unless_requests_are_observed(database: str) -> None:
    application = asgi.create(settings(database), database)
    assert isinstance(application, HostCheck)
    assert isinstance(application.inner, Gate)


async def test_a_request_is_logged_without_what_visitors_sent(
    api: Api, pool: "Pool[asyncpg.Record]", caplog: pytest.LogCaptureFixture
) -> None:
    widget = await factories.widget(pool, "message")
    caplog.set_level(logging.INFO, "app.requests")
    answer = await api.create(widget.id, "a visitor's words", address="203.0.113.9")
    assert answer.status == 201
    await api.send("GET", "/v1/nowhere/visitors-words", query=b"q=visitors-words")
    await api.send("GET", "/healthz")
    entries = [record.request for record in caplog.records if record.name == "app.requests"]  # type: ignore[attr-defined]
    assert [(one["method"], one["route"], one["status"], one["account"]) for one in entries] == [
        ("POST", "/v1/responses", 201, str(widget.account_id)),
        ("GET", "other", 404, None),
    ]
    assert all(0 < one["ms"] < 5000 for one in entries)
    for private in ("visitor", "203.0.113", PAGE):
        assert private not in json.dumps(entries)


async def test_each_request_has_an_id(api: Api) -> None:
    first, second = await api.send("GET", "/healthz"), await api.send("GET", "/healthz")
    assert re.fullmatch("[0-9a-f]{16}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for name in ("X-Request-Id", "Fly-Request-Id"):
        answer = await api.send("GET", "/v1/openapi.json", headers={name: "01JABC-fra"})
        assert answer.headers["x-request-id"] == "01JABC-fra"
    for odd in ("short", "x" * 65, "a b c d e f g h", "<script>alert(1)</script>"):
        assert (await api.send("GET", "/healthz", headers={"X-Request-Id": odd})).headers["x-request-id"] != odd


async def test_metrics_count_requests_batches_jobs_and_mails(api: Api, pool: "Pool[asyncpg.Record]") -> None:
    widget = await factories.widget(pool)
    for _ in range(3):
        await api.stored(widget.id, "+")
    await api.send("GET", "/healthz")
    assert (await api.create(widget.id, "no such value")).status == 422
    await pool.execute("select fn.enqueue_mail('a@example.com', 'magic_link', '{}')")
    answer = await api.send("GET", "/metrics", headers=BEARER)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    values = samples(answer.body)
    for name, labels, value in (
        ("feelback_requests_total", {"route": "/v1/responses", "status": "2xx"}, 3),
        ("feelback_requests_total", {"route": "/v1/responses", "status": "4xx"}, 1),
        ("feelback_requests_total", {"route": "/healthz", "status": "2xx"}, 1),
        ("feelback_request_seconds_count", {"route": "/v1/responses"}, 4),
        ("feelback_request_seconds_bucket", {"route": "/v1/responses", "le": "+Inf"}, 4),
        ("feelback_batch_responses_bucket", {"le": "1.0"}, 3),
        ("feelback_database_up", {}, 1),
        ("feelback_queue_responses", {}, 0),
        ("feelback_job_success_timestamp_seconds", {"job": "refresh stats"}, 0),
        ("feelback_reconcile_oldest_timestamp_seconds", {}, 0),
        ("feelback_reconcile_differed", {}, 0),
        ("feelback_reconcile_failed", {}, 0),
        ("feelback_mail_waiting", {"due": "yes"}, 1),
    ):
        assert values[sample(name, labels)] == value, answer.body.decode()
    assert 0 < values[sample("feelback_request_seconds_sum", {"route": "/v1/responses"})] < 60
    assert sample("feelback_pool_connections", {}) in values
    lines = answer.body.decode().splitlines()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert "feelback_cpu_seconds" in names
    assert not [name for name, _ in values if name.endswith("_created") or not name.startswith("feelback_")]


async def test_metrics_count_unknown_routes_together(api: Api) -> None:
    for n in range(20):
        await api.send("GET", f"/v1/nowhere/{n}")
        await api.send("GET", f"/nowhere/{n}")
    values = samples((await api.send("GET", "/metrics", headers=BEARER)).body)
    routes = {dict(labels).get("route") for _, labels in values}
    assert not [route for route in routes if route and "nowhere" in route]
    assert values[sample("feelback_requests_total", {"route": "other", "status": "4xx"})] == 40


async def test_metrics_need_the_token(api: Api) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {TOKEN}x"}):
        answer = await api.send("GET", "/metrics", headers=headers)
        assert answer.status == 401
        assert b"feelback_" not in answer.body
    assert (await api.send("POST", "/metrics", b"", headers=BEARER)).status == 405


async def test_metrics_are_answered_for_every_host(api: Api) -> None:
    by_number = {"host": "10.0.0.5:8000"}
    assert (await api.send("GET", "/metrics", headers={**BEARER, **by_number})).status == 200
    assert (await api.send("GET", "/metrics", headers=by_number)).status == 401
    assert (await api.send("GET", "/sign-in", headers=by_number)).status == 421


def test_metrics_sum_over_web_processes_and_survive_their_restart(database: str) -> None:
    import http.client

    environ = {"DATABASE_URL": database, "METRICS_TOKEN": TOKEN, "WEB_CONCURRENCY": "2", "WORKER": "off"}
    with serving(environ) as server:

        def body(path: str, headers: dict[str, str]) -> bytes:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("GET", path, headers=headers)
            body = connection.getresponse().read()
            connection.close()
            return body

        def wait_for(condition: Callable[[], bool]) -> None:
            end = time.monotonic() + 60
            while not condition():
                assert time.monotonic() < end, server.log.read_text()
                time.sleep(0.05)

        def counts() -> tuple[float | None, float | None]:
            values = samples(body("/metrics", BEARER))
            route = {"route": "/v1/openapi.json"}
            return (
                values.get(sample("feelback_requests_total", {**route, "status": "2xx"})),
                values.get(sample("feelback_request_seconds_count", route)),
            )

        def assert_count(count: int) -> None:
            # A process counts a request after it has sent the answer, so the client can be faster than the count.
            wait_for(lambda: counts() == (count, count))
            for _ in range(5):  # whichever process answers
                assert counts() == (count, count)

        def counting_processes() -> set[int]:
            """The ids of web processes that have opened their files of metrics."""
            ids = set()
            for child in psutil.Process(server.process.pid).children():
                with contextlib.suppress(psutil.Error):  # it has just ended
                    if any("/gauge_" in part.path for part in child.memory_maps()):
                        ids.add(child.pid)
            return ids

        # The server is ready when one process answers; the other may still be starting.
        wait_for(lambda: len(counting_processes()) == 2)
        for _ in range(40):
            body("/v1/openapi.json", {})
        assert_count(40)
        victim = psutil.Process(min(counting_processes()))
        folder = Path(victim.environ()["PROMETHEUS_MULTIPROC_DIR"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        victim.kill()
        wait_for(lambda: len(counting_processes() - {victim.pid}) == 2)
        for _ in range(20):
            body("/v1/openapi.json", {})
        assert_count(60)
        # The replacement goes on with the files of its slot. A file appears with the first value of its kind.
        assert {path.stem.rpartition("_")[2] for path in folder.glob("*.db")} == {"0", "1"}
        assert server.stop() == 0
    assert not folder.exists()


def test_metrics_library_is_loaded_only_with_a_token(database: str) -> None:
    code = (
        "import sys, tests.support.serving as serving; from app.server import asgi; "
        "asgi.create(serving.settings(sys.argv[1], log_requests='on'), sys.argv[1]); "
        "print('prometheus_client' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, database], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert process.stdout == "False\n"


def sample(name: str, labels: dict[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def samples(body: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """The values of a scrape by name and labels."""
    families = text_string_to_metric_families(body.decode())
    return {sample(each.name, each.labels): each.value for family in families for each in family.samples}
