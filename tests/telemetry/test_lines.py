import json
import logging
import sys
from typing import Any

import pytest

from app.telemetry import lines


def record(message: str, *arguments: Any, error: bool = False, **more: Any) -> logging.LogRecord:
    found = None
    if error:
        try:
            raise ValueError(" ".join(["what", "a", "visitor", "typed"]))
        except ValueError:
            found = sys.exc_info()
    made = logging.LogRecord("app.x", logging.ERROR, __file__, 1, message, arguments, found)
    made.__dict__.update(more)
    return made


def test_it_writes_json() -> None:
    before = lines.request_id.set("abc")
    told = json.loads(lines.Json().format(record("%d of %s", 3, "x", request={"route": "/v1/stats", "account": None})))
    lines.request_id.reset(before)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "error", "logger": "app.x", "message": "3 of x", "request_id": "abc", "route": "/v1/stats"
    }  # fmt: skip


@pytest.mark.parametrize("formatter", [lines.Json(), lines.Text()])
def test_it_tells_where_but_not_what(formatter: logging.Formatter) -> None:
    told = formatter.format(record("It failed", error=True))
    assert "ValueError" in told
    assert "test_lines.py" in told
    assert "what a visitor typed" not in told


@pytest.mark.parametrize("formatter", [lines.Json(), lines.Text()])
def test_it_keeps_secrets_out(formatter: logging.Formatter) -> None:
    told = formatter.format(record("lost postgresql://me:hunter2@host/x and smtp://a:hunter2@b:25, Bearer hunter2"))
    assert "hunter2" not in told
    assert "postgresql://me:…@host/x" in told
