import json
import subprocess
import sys
from typing import Any

from app.config import ROOT
from tests.support.settings import SECRET
from tests.support.sinks import HttpSink, serving, unpacked

CODE = """
import logging, sys
from app import config
from app.server import logs
logs.set_up(config.load())
log = logging.getLogger("app.ingest.gate")
def failing(text):
    secret = "typed by a visitor"
    raise RuntimeError("typed by a visitor " + text)
try:
    failing("typed by a visitor")
except RuntimeError as error:
    log.error("%s %s failed", "POST", "/v1/responses")
log.error("The database did not take what was waiting")
log.warning("Only a warning")
from app.telemetry import sentry
frames = [{"filename": "/static/js/a.js", "lineno": 3, "vars": {"a": "typed"}}]
sentry.report("TypeError", "x is undefined", frames, "panel")
"""


def events(sink: HttpSink) -> list[dict[str, Any]]:
    items = []
    for *_, headers, body in sink.requests:
        lines = [json.loads(line) for line in unpacked(headers, body).splitlines()]
        items += [line for head, line in zip(lines[1::2], lines[2::2], strict=False) if head["type"] == "event"]
    return items


def test_errors_are_reported_without_what_visitors_typed() -> None:
    with serving() as sink:
        dsn = f"http://key@127.0.0.1:{sink.port}/7"
        environ = {"SENTRY_DSN": dsn, "SECRET_KEY": SECRET, "PATH": "/usr/bin:/bin"}
        process = subprocess.run(
            [sys.executable, "-c", CODE], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
        )
    assert process.returncode == 0, process.stderr
    assert sink.requests[0][1] == "/api/7/envelope/"
    items = events(sink)
    assert len(items) == 3, process.stderr
    exception, message, browser = items
    value = exception["exception"]["values"][0]
    assert (value["type"], value["value"]) == ("RuntimeError", "")
    assert value["stacktrace"]["frames"][-1]["function"] == "failing"
    assert message["message"] == "The database did not take what was waiting"
    assert browser["exception"]["values"][0]["stacktrace"]["frames"] == [{"filename": "/static/js/a.js", "lineno": 3}]
    assert browser["tags"] == {"source": "panel"}
    assert "typed" not in json.dumps(items)
    assert not {"request", "user", "extra", "breadcrumbs", "modules"} & {name for event in items for name in event}
