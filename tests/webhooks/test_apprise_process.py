"""What the process of a message reports and may read, without starting one."""

import io
import os
import sysconfig
from typing import Any

import apprise
import pytest
import requests

from app.webhooks import apprise_process
from app.webhooks.apprise_process import Guard, Refused, Report


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the next requests get: a status and a body, or an error."""
    rows: list[Any] = []

    def send(*_: Any, **__: Any) -> requests.Response:
        row = rows.pop(0)
        if isinstance(row, Exception):
            raise row
        response = requests.Response()
        response.status_code = row[0]
        response.raw = io.BufferedReader(io.BytesIO(row[1]))
        monkeypatch.setattr(apprise_process, "_beginning", lambda _: row[1])
        return response

    # Restored after the test, with what Report.limit puts in their place.
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    monkeypatch.setattr(requests.Session, "trust_env", True, raising=False)
    redirect = requests.sessions.SessionRedirectMixin.get_redirect_target
    monkeypatch.setattr(requests.sessions.SessionRedirectMixin, "get_redirect_target", redirect)
    return rows


class Plugin:
    """A plugin that signs in, then sends."""

    def notify(self, **_: Any) -> bool:
        """Whether both were taken."""
        try:
            requests.post("https://a.example/sign-in", timeout=1)
            return requests.post("https://a.example/", timeout=1).ok
        except requests.RequestException:
            return False


@pytest.mark.parametrize(
    ("second", "refused", "expected"),
    [
        (requests.Timeout(), None, ("timeout", None, None)),
        ((503, b"later"), None, ("server_error", 503, "later")),
        ((503, b"later"), "local", ("server_error", 503, "later")),  # such as a .netrc that was not needed
        ((200, b"taken"), "local", (None, 200, None)),
        (requests.ConnectionError(), "forbidden", ("forbidden", None, None)),
    ],
)
def test_the_last_answer_counts_and_no_token_is_kept(
    answers: list[Any], monkeypatch: pytest.MonkeyPatch, second: Any, refused: str | None, expected: tuple[Any, ...]
) -> None:
    monkeypatch.setattr(apprise.Apprise, "instantiate", lambda *_, **__: Plugin())
    guard, report = Guard(()), Report()
    report.limit()
    assert requests.Session().trust_env is False
    guard.problem = refused
    answers[:] = [(200, b'{"access_token": "tk_private"}'), second]
    problem = apprise_process.send("ntfy://topic", "Title", "Words", guard, report)
    assert (problem, report.status, report.text) == expected


def test_only_the_files_of_python_are_read() -> None:
    guard, folder = Guard(()), sysconfig.get_path("purelib")
    for path in (os.__file__, apprise.__file__, "/etc/localtime", "/usr/share/zoneinfo/UTC", "/dev/null"):
        guard("open", (path, "r", os.O_RDONLY))
    for path in (
        f"{folder}-secret/x.py", os.path.join(sysconfig.get_path("data"), ".env"), "/usr/share/secret", "/etc/passwd",
        "/root/.netrc", os.path.expanduser("~/.netrc"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            guard("open", (path, "r", os.O_RDONLY))
    with pytest.raises(Refused):
        guard("open", (apprise.__file__, "a", os.O_WRONLY))


def test_nothing_but_http_is_connected() -> None:
    guard = Guard(())
    for event in ("socket.connect", "socket.sendto"):
        with pytest.raises(Refused):
            guard(event, (None, ("93.184.216.34", 25)))
    assert guard.problem == "not_http"
