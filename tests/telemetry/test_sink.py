import json
import logging
import time
from collections.abc import Callable, Iterator

import pytest

from app.telemetry import sink as sinks
from app.telemetry.sink import Sink
from tests.support.sinks import Taken, serving

LOGFLARE = '{"batch": $events}'


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    monkeypatch.setattr(sinks, "PAUSE", 0.02)
    with serving() as taken:
        yield taken


def log(sink: Sink, text: str) -> None:
    sink.handle(logging.LogRecord("app.x", logging.INFO, __file__, 1, text, (), None))


def soon(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def messages(taken: Taken) -> list[str]:
    return [line["message"] for _, _, _, body in taken.requests for line in json.loads(body)["batch"]]


def test_it_ships_in_batches_as_logflare_takes_them(taken: Taken) -> None:
    sink = Sink(f"{taken.url}/logs?source=s", "X-API-KEY: k", LOGFLARE)
    for n in range(1200):
        log(sink, f"line {n}")
    sink.close()
    assert messages(taken) == [f"line {n}" for n in range(1200)]
    method, path, headers, _ = taken.requests[0]
    assert (method, path, headers["x-api-key"]) == ("POST", "/logs?source=s", "k")
    assert headers["content-type"] == "application/json"
    assert len(taken.requests) < 10
    assert (sink.shipped, sink.dropped) == (1200, 0)


def test_it_ships_lines_where_the_template_says_so(taken: Taken) -> None:
    sink = Sink(taken.url, "", "$lines")
    log(sink, "a")
    log(sink, "b")
    sink.close()
    lines = b"\n".join(body for *_, body in taken.requests).splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["a", "b"]
    assert taken.requests[0][2]["content-type"] == "application/x-ndjson"


def test_it_tries_again_and_loses_nothing(taken: Taken) -> None:
    taken.answers = [503, 429, 0]
    sink = Sink(taken.url, "", LOGFLARE)
    log(sink, "a")
    soon(lambda: sink.shipped == 1)
    assert len(taken.requests) == 4
    sink.close()


def test_it_drops_what_the_sink_refuses_and_says_so(taken: Taken) -> None:
    taken.answers = [400]
    sink = Sink(taken.url, "", LOGFLARE)
    log(sink, "a")
    soon(lambda: sink.dropped == 1)
    log(sink, "b")
    sink.close()
    assert messages(taken)[1:] == ["b", "1 log lines were dropped: more came than could be shipped"]


def test_it_never_waits_and_bounds_what_waits(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "MOST_BYTES", 100_000)
    taken.go_on.clear()  # it hangs
    sink = Sink(taken.url, "", LOGFLARE)
    for n in range(5000):
        log(sink, f"line {n}")
    assert sink.shipped == 0  # all of them came back although nothing was answered
    assert sink.dropped > 3000
    assert sink._bytes <= 100_000
    taken.go_on.set()
    soon(lambda: sink.shipped + sink.dropped == 5000)
    log(sink, "after")
    sink.close()
    told = messages(taken)
    counts = [int(text.split()[0]) for text in told if "log lines were dropped" in text]
    assert sum(counts) == sink.dropped
    assert told[0] == "line 0"
    assert "after" in told


def test_it_ends_in_time_when_the_sink_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "PAUSE", 0.02)
    sink = Sink("http://127.0.0.1:9/", "", LOGFLARE)
    log(sink, "a")
    started = time.monotonic()
    sink.close()
    assert time.monotonic() - started < sinks.LAST_SECONDS + 1
