"""What a connection may do: HTTP/1.1, and not for ever nothing."""

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import h2.connection
import h2.events
import pytest

import app.server.connections as bounds
from app import config
from app.server.connections import HalfOpen, Idle
from tests.support.serving import SERVERS, Server, serving
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


@pytest.fixture(scope="module", params=SERVERS)
def running(request: pytest.FixtureRequest, module_database: str) -> Iterator[Server]:
    """A server of each kind, for which nobody is a proxy, so that this machine's connections count."""
    environ = {
        "DATABASE_URL": module_database, "WORKER": "off", "TRUSTED_PROXIES": "192.0.2.0/24", "SERVER": request.param,
    }  # fmt: skip
    with serving(environ) as server:
        yield server


def connect(server: Server) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), 10)
    connection.settimeout(10)
    return connection


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection, or an answer with a body is whole."""
    received = b""
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            return received
        received += part
        if not part or received.endswith(b"ok\n"):
            return received


def test_it_speaks_no_http_2_in_the_clear(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 505 ")
    with connect(running) as connection:
        upgrade = b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n"
        connection.sendall(HEALTH[:-2] + upgrade)
        received = answer(connection)
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b"101" not in received.partition(b"\r\n\r\n")[0]
    with connect(running) as connection:
        connection.sendall(HEALTH + HEALTH)
        assert answer(connection).count(b"HTTP/1.1 200 ") in (1, 2)


POST = b"POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
REFUSED = {
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
    "two hosts": (b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n", b"400"),
    "another host": (b"GET /sign-in HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n", b"421"),
    "another host in the target": (
        b"GET http://evil.example/sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", b"421"
    ),
    "a tunnel": (b"CONNECT localhost:443 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", b"404"),
    "a later version": (b"GET /healthz HTTP/2.0\r\nhost: localhost\r\n\r\n", b"505"),
    "no version": (b"GET /healthz\r\n\r\n", b"400"),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
    "bytes in the target": (b"GET /\xff HTTP/1.1\r\nhost: localhost\r\n\r\n", b"400"),
    "a space in the target": (b"GET /a b HTTP/1.1\r\nhost: localhost\r\n\r\n", b"400"),
    "a field without a name": (HEALTH[:-2] + b": x\r\n\r\n", b"400"),
    "a space in a name": (HEALTH[:-2] + b"a b: x\r\n\r\n", b"400"),
    "NUL in a value": (HEALTH[:-2] + b"a: \x00\r\n\r\n", b"400"),
    "two lengths": (POST + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{} ", b"400"),
    "a length that is none": (POST + b"content-length: +2\r\n\r\n{}", b"400"),
    "a chunk that is none": (POST + b"transfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n", b"400"),
    "an endless line": (b"GET /" + b"a" * 20_000, b"431"),
    "an endless field": (HEALTH[:-2] + b"a: " + b"a" * 20_000, b"431"),
    "endless fields": (HEALTH[:-2] + b"a: b\r\n" * 4000, b"431"),
    "a body over the limit": (POST + b"content-length: 70000\r\n\r\n" + b" " * 66_000, b"413"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_request_of_ours_is_refused_and_the_connection_closed(running: Server, name: str) -> None:
    sent, status = REFUSED[name]
    with connect(running) as connection:
        connection.sendall(sent)
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 " + status), received[:200]
    assert received.count(b"HTTP/1.1 ") == 1


def test_a_chunk_s_extension_ends_somewhere(running: Server) -> None:
    sent = 0
    with connect(running) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(POST + b"transfer-encoding: chunked\r\n\r\n2;a=")
        while sent < 30_000_000:
            sent += connection.send(b"a" * 65_536)
    assert sent < 30_000_000


def test_what_follows_a_good_request_is_answered_behind_it(running: Server) -> None:
    broken = POST + b"transfer-encoding: chunked\r\n\r\nxyz\r\n"
    for bad in (b"no request\r\n\r\n", b"GET /healthz HTTP/1.1\r\n\r\n", broken):
        with connect(running) as connection:
            connection.sendall(HEALTH + bad)
            received = b""
            with contextlib.suppress(ConnectionError):
                while part := connection.recv(65_536):
                    received += part
        assert received.startswith(b"HTTP/1.1 200 ")
        assert received.count(b"HTTP/1.1 200 ") == 1
        # The refusal comes last, or the connection just ends.
        assert received.count(b"HTTP/1.1 400 ") in (0, 1)
        assert received.rfind(b"HTTP/1.1 400 ") in (-1, received.rfind(b"HTTP/1.1 "))


def test_pipelined_requests_are_answered_in_order(running: Server) -> None:
    with connect(running) as connection:
        paths = [b"/healthz", b"/nowhere", b"/healthz", b"/v1/openapi.json"]
        requests = [b"HEAD " + path + b" HTTP/1.1\r\nhost: localhost\r\n" for path in paths]
        connection.sendall(b"\r\n".join(requests) + b"connection: close\r\n\r\n")
        received = b""
        while part := connection.recv(65_536):
            received += part
    statuses = [line[9:12] for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert statuses == [b"200", b"404", b"200", b"200"]


def test_an_upgrade_is_answered_in_http_1_and_what_follows_too(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(HEALTH[:-2] + b"connection: upgrade\r\nupgrade: h2c\r\n\r\n" + HEALTH)
        received = answer(connection)
        if received.count(b"HTTP/1.1 200 ") == 1:
            received += answer(connection)
        assert received.count(b"HTTP/1.1 200 ") == 2
        assert b"HTTP/1.1 101" not in received
    with connect(running) as connection:
        key = b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
        connection.sendall(HEALTH[:-2] + b"connection: upgrade\r\nupgrade: websocket\r\n" + key)
        assert connection.recv(65_536)[:12] in (b"HTTP/1.1 200", b"HTTP/1.1 403")


def test_fields_behind_a_body_change_nothing(running: Server) -> None:
    body = b'{"widget": "01890000-0000-7000-8000-000000000000", "page": "a", "value": "+"}'
    chunks = b"%x\r\n%s\r\n0\r\nauthorization: Bearer x\r\nhost: evil.example\r\n\r\n" % (len(body), body)
    with connect(running) as connection:
        connection.sendall(POST + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n" + chunks)
        received = b""
        while part := connection.recv(65_536):
            received += part
    assert received.startswith(b"HTTP/1.1 404 ")  # a key that is none would be 401


def test_answers_have_a_date_and_name_no_server(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(HEALTH)
        head = answer(connection).partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\ndate: ") == 1
    assert b"\r\nserver:" not in head


def test_http_1_0_is_answered_and_closed(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        received = b""
        while part := connection.recv(65_536):
            received += part
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nconnection: close\r\n" in received.lower()


def test_a_client_may_wait_for_the_word_to_go_on(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(POST + b"content-length: 2\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert b"HTTP/1.1 422 " in answer(connection)


def test_an_answer_without_a_body_keeps_the_connection(running: Server) -> None:
    request = b"GET /sdk/feelback.js HTTP/1.1\r\nhost: localhost\r\n"
    with connect(running) as connection:
        connection.sendall(b"HEAD" + request[3:] + b"\r\n")
        head = connection.recv(65_536).decode().lower()
        tag = re.search(r"etag: (\S+)", head)
        assert tag
        connection.sendall(request + f"if-none-match: {tag[1]}\r\n\r\n".encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 304 ")
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_the_absolute_form_of_ours_is_answered(running: Server) -> None:
    with connect(running) as connection:
        connection.sendall(b"GET http://localhost/healthz?a=1 HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_thousands_of_reset_streams_are_one_refused_connection(running: Server) -> None:
    """The attack: open a stream, reset it, and so on; each would go on working."""
    sent = 0
    with connect(running) as connection, contextlib.suppress(ConnectionError, TimeoutError):
        client = h2.connection.H2Connection()
        client.initiate_connection()
        connection.sendall(client.data_to_send())
        for _ in range(7300):
            stream = client.get_next_available_stream_id()
            client.send_headers(
                stream,
                [(":method", "GET"), (":path", "/docs/search?q=a"), (":authority", "localhost"), (":scheme", "http")],
                end_stream=True,
            )
            client.reset_stream(stream)
            connection.sendall(client.data_to_send())
            sent += 1
        assert b"HTTP/1.1 505 " in answer(connection)
    # The server closed it: the kernel refused to send more, or nothing but the refusal came back.
    assert sent <= 7300
    with connect(running) as connection:
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_one_address_has_only_so_many_half_open_connections(running: Server) -> None:
    most = bounds.MOST_HALF_OPEN
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connect(running)) for _ in range(most)]
        for connection in connections:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: loc")
        # One that has made a request is none of them, and stays.
        used = stack.enter_context(connect(running))
        used.sendall(HEALTH)
        assert answer(used).startswith(b"HTTP/1.1 200 ")
        more = [stack.enter_context(connect(running)) for _ in range(20)]
        for connection in connections[:20]:
            assert answer(connection) == b""
        for connection in (connections[-1], more[-1]):
            connection.sendall(b"alhost\r\n\r\n" if connection is connections[-1] else HEALTH)
            assert answer(connection).startswith(b"HTTP/1.1 200 ")
        used.sendall(HEALTH)
        assert answer(used).startswith(b"HTTP/1.1 200 ")


class Connection:
    """What HalfOpen needs of a connection."""

    def __init__(self) -> None:
        self.address, self.is_closed = b"", False

    async def end(self) -> None:
        self.is_closed = True


async def test_a_head_must_be_whole_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    half_open = HalfOpen(config.load({"SECRET_KEY": SECRET}))
    slow, other, proxied = Connection(), Connection(), Connection()
    half_open.add(slow, "203.0.113.7")
    half_open.add(other, "203.0.113.7")
    half_open.add(proxied, "127.0.0.1")
    half_open.expect(slow)  # another byte of the same head
    half_open.remove(other)
    now = time.monotonic()
    assert list(half_open.overdue(now)) == []
    assert list(half_open.overdue(now + bounds.HEAD_SECONDS + 1)) == [slow, proxied]
    # In that module only: the event loop needs a clock that runs.
    monkeypatch.setattr(bounds, "time", SimpleNamespace(monotonic=lambda: now + bounds.HEAD_SECONDS + 1))
    watch = asyncio.create_task(half_open.watch())
    async with asyncio.timeout(10):
        while not proxied.is_closed:  # noqa: ASYNC110 - a connection has no event
            await asyncio.sleep(0.05)
    watch.cancel()
    assert (slow.is_closed, other.is_closed) == (True, False)
    assert (half_open._due, half_open._new) == ({}, {})


async def test_a_proxy_has_as_many_connections_as_it_has_clients() -> None:
    half_open = HalfOpen(config.load({"SECRET_KEY": SECRET}))
    connections = [Connection() for _ in range(bounds.MOST_HALF_OPEN * 2)]
    for connection in connections:
        half_open.add(connection, "127.0.0.1")
    assert not any(connection.is_closed for connection in connections)


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("request_", [HEALTH, b"", HEALTH[:20]], ids=["after an answer", "unused", "half a head"])
def test_a_connection_that_its_client_closed_holds_up_no_stop(
    module_database: str, monkeypatch: pytest.MonkeyPatch, name: str, request_: bytes
) -> None:
    monkeypatch.setattr(bounds, "IDLE_SECONDS", 15)
    monkeypatch.setattr("app.server.hypercorn_server.IDLE_SECONDS", 15)
    with serving_in_thread({"DATABASE_URL": module_database, "SERVER": name}) as server:
        with connect(server) as connection:
            connection.sendall(request_)
            assert request_ != HEALTH or answer(connection).startswith(b"HTTP/1.1 200 ")
        time.sleep(0.1)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("name", SERVERS)
def test_an_idle_connection_is_closed(module_database: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bounds, "KEEP_ALIVE_SECONDS", 1)
    with serving_in_thread({"DATABASE_URL": module_database, "SERVER": name}) as server, connect(server) as connection:
        for _ in range(2):
            connection.sendall(HEALTH)
            assert answer(connection).startswith(b"HTTP/1.1 200 ")
        assert connection.recv(1) == b""  # within its 10 seconds


async def test_closing_idle_connections_spares_one_that_gets_a_request_and_goes_on_after_a_fault() -> None:
    idle, closed = Idle(), list[int]()

    class Waiting:
        def __init__(self, number: int) -> None:
            self.number = number

        async def end(self) -> None:
            closed.append(self.number)
            idle.due.pop(waiting[1], None)  # its request arrives meanwhile
            if self.number == 0:
                raise OSError

    waiting: list[Any] = [Waiting(number) for number in range(4)]
    now = time.monotonic()
    idle.due = dict(zip(waiting, (now - 3, now - 2, now - 1, now + 60), strict=True))
    await idle.end()
    assert closed == [0, 2]
    assert [each.number for each in idle.due] == [3]
