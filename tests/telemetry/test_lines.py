import json
import logging
import sys
from typing import Any

import pytest

from app.telemetry import lines


def record(message: str, *arguments: Any, error: bool = False, **more: Any) -> logging.LogRecord:
    exc_info = None
    if error:
        try:
            raise ValueError(" ".join(["what", "a", "visitor", "typed"]))
        except ValueError:
            exc_info = sys.exc_info()
    record = logging.LogRecord("app.x", logging.ERROR, __file__, 1, message, arguments, exc_info)
    record.__dict__.update(more)
    return record


def test_a_record_is_json() -> None:
    before = lines.request_id.set("abc")
    fields = json.loads(
        lines.Json().format(record("%d of %s", 3, "x", request={"route": "/v1/stats", "account": None}))
    )
    lines.request_id.reset(before)
    assert fields.pop("time").endswith("+00:00")
    assert fields == {
        "level": "error", "logger": "app.x", "message": "3 of x", "request_id": "abc", "route": "/v1/stats"
    }  # fmt: skip


@pytest.mark.parametrize("formatter", [lines.Json(), lines.Text()])
def test_an_exception_is_logged_without_its_text(formatter: logging.Formatter) -> None:
    line = formatter.format(record("It failed", error=True))
    assert "ValueError" in line
    assert "test_lines.py" in line
    assert "what a visitor typed" not in line


@pytest.mark.parametrize("formatter", [lines.Json(), lines.Text()])
def test_secrets_are_removed(formatter: logging.Formatter) -> None:
    line = formatter.format(record("lost postgresql://me:hunter2@host/x and smtp://a:hunter2@b:25, Bearer hunter2"))
    assert "hunter2" not in line
    assert "postgresql://me:…@host/x" in line
