"""Who takes back request after request is not served for a while; everybody else is."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from app import config
from app.server import resets
from app.server.resets import MOST, Resets
from tests.support.serving import Server, serving
from tests.support.settings import SECRET

ATTACKER, OTHER, PROXY = "127.0.0.2", "127.0.0.3", "127.0.0.1"
HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
UNANSWERED = b"POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n"  # until its body is there
HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.fixture
def running(database: str) -> Iterator[Server]:
    environ = {"DATABASE_URL": database, "WORKER": "off", "WEB_CONCURRENCY": "1", "TRUSTED_PROXIES": f"{PROXY}/32"}
    with serving(environ) as server:
        yield server


def answer(server: Server, source: str, request: bytes) -> bytes:
    """All that comes back on a connection from `source`; nothing where it was refused."""
    with (
        contextlib.suppress(ConnectionError),
        socket.create_connection(("127.0.0.1", server.port), 10, (source, 0)) as connection,
    ):
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))
    return b""


def take_back(server: Server, source: str) -> None:
    with (
        contextlib.suppress(ConnectionError),
        socket.create_connection(("127.0.0.1", server.port), 10, (source, 0)) as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close() sends RST
        connection.sendall(UNANSWERED)
        time.sleep(0.02)  # so that the server has it


def test_an_address_that_speaks_http_2_again_and_again_is_refused(running: Server) -> None:
    answers = [answer(running, ATTACKER, HTTP_2) for _ in range(MOST + 10)]
    assert b"HTTP/1.1 505 " in answers[0]
    assert answers[-1] == b""
    assert answer(running, ATTACKER, HEALTH) == b""
    assert answer(running, OTHER, HEALTH).startswith(b"HTTP/1.1 200 ")


def test_an_address_that_resets_request_after_request_is_refused(running: Server) -> None:
    for _ in range(MOST):
        take_back(running, ATTACKER)
    assert answer(running, ATTACKER, HEALTH).startswith(b"HTTP/1.1 200 ")
    for _ in range(MOST):
        take_back(running, ATTACKER)
    assert answer(running, ATTACKER, HEALTH) == b""
    assert answer(running, OTHER, HEALTH).startswith(b"HTTP/1.1 200 ")


def test_a_proxy_is_never_refused(running: Server) -> None:
    for _ in range(2 * MOST):
        assert b"HTTP/1.1 505 " in answer(running, PROXY, HTTP_2)


def test_requests_that_are_answered_are_not_resets(running: Server) -> None:
    for _ in range(2 * MOST):
        assert answer(running, ATTACKER, HEALTH).startswith(b"HTTP/1.1 200 ")


def test_it_counts_for_ten_seconds_and_compares_with_the_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(resets, "time", SimpleNamespace(monotonic=lambda: now))
    rude, busy = b"\xcb\x00\x71\x07", b"\xcb\x00\x71\x08"  # 203.0.113.7 and 8
    counts = Resets(config.load({"SECRET_KEY": SECRET}))
    for n in range(MOST + 1):
        assert not counts.is_refused("203.0.113.7")
        for address, answered in ((rude, 0), (busy, 3)):
            for _ in range(answered + 1):
                counts.add_request(address)
            counts.add_reset(address)
        assert counts.is_refused("203.0.113.7") == (n == MOST)
    assert not counts.is_refused("203.0.113.8")  # a quarter of its requests
    now += resets.SECONDS + 1
    assert not counts.is_refused("203.0.113.7")
    counts.add_request(rude)
    counts.add_reset(rude)
    assert not counts.is_refused("203.0.113.7")
    assert counts._until == {}


def test_limits_off_refuses_nobody() -> None:
    counts = Resets(config.load({"SECRET_KEY": SECRET, "LIMITS": "off"}))
    for _ in range(2 * MOST):
        counts.add_reset(b"\xcb\x00\x71\x07")
    assert not counts.is_refused("203.0.113.7")
