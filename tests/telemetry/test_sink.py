import json
import logging
import time
from collections.abc import Callable, Iterator

import pytest

from app.telemetry import sink as sinks
from app.telemetry.sink import Sink
from tests.support.sinks import HttpSink, serving

LOGFLARE = '{"batch": $events}'


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpSink]:
    monkeypatch.setattr(sinks, "PAUSE", 0.02)
    with serving() as server:
        yield server


def log(sink: Sink, text: str) -> None:
    sink.handle(logging.LogRecord("app.x", logging.INFO, __file__, 1, text, (), None))


def soon(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def messages(server: HttpSink) -> list[str]:
    return [line["message"] for _, _, _, body in server.requests for line in json.loads(body)["batch"]]


def test_lines_are_sent_in_batches_for_logflare(server: HttpSink) -> None:
    sink = Sink(f"{server.url}/logs?source=s", "X-API-KEY: k", LOGFLARE)
    for n in range(1200):
        log(sink, f"line {n}")
    sink.close()
    assert messages(server) == [f"line {n}" for n in range(1200)]
    method, path, headers, _ = server.requests[0]
    assert (method, path, headers["x-api-key"]) == ("POST", "/logs?source=s", "k")
    assert headers["content-type"] == "application/json"
    assert len(server.requests) < 10
    assert (sink.sent_lines, sink.dropped) == (1200, 0)


def test_lines_are_sent_as_ndjson_if_the_template_says_so(server: HttpSink) -> None:
    sink = Sink(server.url, "", "$lines")
    log(sink, "a")
    log(sink, "b")
    sink.close()
    lines = b"\n".join(body for *_, body in server.requests).splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["a", "b"]
    assert server.requests[0][2]["content-type"] == "application/x-ndjson"


def test_a_batch_is_sent_again_until_accepted(server: HttpSink) -> None:
    server.answers = [503, 429, 0]
    sink = Sink(server.url, "", LOGFLARE)
    log(sink, "a")
    soon(lambda: sink.sent_lines == 1)
    assert len(server.requests) == 4
    sink.close()


def test_lines_that_the_server_refuses_are_dropped_and_counted(server: HttpSink) -> None:
    server.answers = [400]
    sink = Sink(server.url, "", LOGFLARE)
    log(sink, "a")
    soon(lambda: sink.dropped == 1)
    log(sink, "b")
    sink.close()
    assert messages(server)[1:] == ["b", "1 log lines were dropped"]


def test_logging_never_waits_and_the_queue_is_bounded(server: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "MOST_BYTES", 100_000)
    server.go_on.clear()  # the server hangs
    sink = Sink(server.url, "", LOGFLARE)
    for n in range(5000):
        log(sink, f"line {n}")
    assert sink.sent_lines == 0  # every call returned although the server answered none
    assert sink.dropped > 3000
    assert sink._bytes <= 100_000
    server.go_on.set()
    soon(lambda: sink.sent_lines + sink.dropped == 5000)
    log(sink, "after")
    sink.close()
    texts = messages(server)
    counts = [int(text.split()[0]) for text in texts if "log lines were dropped" in text]
    assert sum(counts) == sink.dropped
    assert texts[0] == "line 0"
    assert "after" in texts


def test_closing_ends_in_time_while_the_server_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "PAUSE", 0.02)
    sink = Sink("http://127.0.0.1:9/", "", LOGFLARE)
    log(sink, "a")
    started = time.monotonic()
    sink.close()
    assert time.monotonic() - started < sinks.LAST_SECONDS + 1
