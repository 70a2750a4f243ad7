"""Errors in browsers: what is reported of them, and what is not."""

import json
import shutil
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from app.telemetry import browsers
from app.telemetry.browsers import BrowserErrors, frames, scrubbed
from tests.support.serving import serving
from tests.support.sinks import HttpSink, unpacked
from tests.support.sinks import serving as serving_sink

CHROMIUM = shutil.which("chromium")

STACK = """TypeError: x is undefined
    at HTMLElement.choose (https://feelback.example/static/inbox.js?v=1:10:5)
    at async https://cdn.example/x/sdk/0.2.0/feelback.js:1:2000
    at send (https://customer.example/private/page?user=7:3:9)
fill@https://feelback.example/static/vendor/htmx-4.0.1.min.js:1:77"""


def test_it_keeps_what_is_code() -> None:
    assert scrubbed("Cannot read properties of undefined (reading 'value')").endswith("(reading 'value')")
    assert scrubbed("a is not a function") == "a is not a function"


@pytest.mark.parametrize(
    "text",
    [
        "Unexpected token 'h', \"secret of mine\" is not JSON", 'no "secret', "no 'secret of mine'", "no `secret`",
        "secret@example.com is wrong", "could not fetch https://a.example/secret", "no “secret”", "x" * 300 + "secret",
    ],
)  # fmt: skip
def test_it_drops_what_may_be_somebody_s(text: str) -> None:
    assert "secret" not in scrubbed(text)
    assert len(scrubbed(text)) <= 200


def test_it_tells_of_our_scripts_and_no_page() -> None:
    result = frames(STACK, "feelback.example")
    assert [(frame["filename"], frame["function"], frame["lineno"], frame["colno"]) for frame in result] == [
        ("/static/vendor/htmx-4.0.1.min.js", "fill", 1, 77),
        ("(the page)", "send", 3, 9),
        ("/sdk/0.2.0/feelback.js", "?", 1, 2000),
        ("/static/inbox.js", "HTMLElement.choose", 10, 5),
    ]
    assert "customer" not in json.dumps(result)


class Reports(list[tuple[Any, ...]]):
    async def post(self, application: BrowserErrors, body: bytes) -> int:
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await application({"type": "http", "method": "POST", "path": "/errors"}, receive, send)
        return int(messages[0]["status"])


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Reports:
    reports = Reports()
    monkeypatch.setattr(browsers.sentry, "report", lambda *report: reports.append(report))
    return reports


async def test_it_passes_on_what_is_a_report(reports: Reports) -> None:
    application = BrowserErrors(None, "feelback.example")
    body = {"source": "sdk", "name": "TypeError", "message": "x is undefined", "stack": STACK, "more": 1}
    assert await reports.post(application, json.dumps(body).encode()) == 204
    assert await reports.post(application, json.dumps({**body, "name": "visitor said"}).encode()) == 204
    assert [one[:2] for one in reports] == [("TypeError", "x is undefined"), ("Error", "x is undefined")]
    for text in (
        b"",
        b"{",
        b"[]",
        b'{"source": 1}',
        b'{"source": "elsewhere"}',
        b"\xff",
        b'{"source": "sdk"' + b" " * 9000,
        b'{"source": "sdk", "more": ' + b"[" * 8000,
    ):
        assert await reports.post(application, text) == 204
    assert len(reports) == 2


async def test_it_passes_on_no_more_than_some(reports: Reports) -> None:
    application = BrowserErrors(None, "feelback.example")
    for _ in range(200):
        await reports.post(application, b'{"source": "panel", "message": "x"}')
    assert 20 <= len(reports) <= 22


def events(sink: HttpSink) -> list[Any]:
    bodies = [unpacked(headers, body) for *_, headers, body in sink.requests]
    return [json.loads(body.splitlines()[2]) for body in bodies]


def test_it_reports_what_breaks_in_the_panel(database: str) -> None:
    if not CHROMIUM:
        pytest.skip("there is no chromium")
    from playwright.sync_api import sync_playwright

    with serving_sink() as sink, serving({
        "DATABASE_URL": database, "WORKER": "off", "SENTRY_DSN": f"http://key@127.0.0.1:{sink.port}/7"
    }) as server, sync_playwright() as playwright:  # fmt: skip
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        page.goto(f"{server.url}/sign-in")
        page.evaluate("setTimeout(() => { null.secret_of_a_visitor }, 0)")
        end = time.monotonic() + 15
        while not sink.requests and time.monotonic() < end:
            page.wait_for_timeout(100)
        browser.close()
        plain = urllib.request.urlopen(f"{server.url}/sign-in", timeout=10).read()
    assert b"/static/errors.js" in plain
    (event,) = events(sink)
    value = event["exception"]["values"][0]
    assert value["type"] == "TypeError"
    assert event["tags"] == {"source": "panel"}
    assert "request" not in event
    assert "user" not in event


def test_it_loads_nothing_where_nothing_is_reported(database: str) -> None:
    with serving({"DATABASE_URL": database, "WORKER": "off"}) as server:
        assert b"errors.js" not in urllib.request.urlopen(f"{server.url}/sign-in", timeout=10).read()
        request = urllib.request.Request(f"{server.url}/errors", b"{}", {"Origin": server.url})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=10)
        caught.value.close()
        assert caught.value.code in (403, 404)


def test_a_file_whose_url_is_none_is_of_the_page() -> None:
    (frame,) = browsers.frames("at f (http://[/sdk/core.js:1:2)", "feelback.example")
    assert frame["filename"] == "(the page)"
