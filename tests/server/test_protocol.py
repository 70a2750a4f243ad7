"""What a connection may do: HTTP/1.1, and not for ever nothing."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import h2.connection
import h2.events
import pytest

from app import config
from app.server import protocol
from app.server.protocol import HalfOpen
from tests.support.serving import Server, serving
from tests.support.settings import SECRET

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


@pytest.fixture
def running(database: str) -> Iterator[Server]:
    """A server for which nobody is a proxy, so that this machine's connections count."""
    environ = {"DATABASE_URL": database, "WORKER": "off", "TRUSTED_PROXIES": "192.0.2.0/24"}
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
    most = protocol.MOST_HALF_OPEN
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

    async def send(self, _: object) -> None:
        self.is_closed = True


async def test_a_head_must_be_whole_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    half_open = HalfOpen(config.load({"SECRET_KEY": SECRET}))
    slow, other, proxied = Connection(), Connection(), Connection()
    await half_open.add(slow, "203.0.113.7")  # type: ignore[arg-type]
    await half_open.add(other, "203.0.113.7")  # type: ignore[arg-type]
    await half_open.add(proxied, "127.0.0.1")  # type: ignore[arg-type]
    half_open.expect(slow)  # type: ignore[arg-type]  # another byte of the same head
    half_open.remove(other)  # type: ignore[arg-type]
    now = time.monotonic()
    assert list(half_open.overdue(now)) == []
    assert list(half_open.overdue(now + protocol.HEAD_SECONDS + 1)) == [slow, proxied]
    # In that module only: the event loop needs a clock that runs.
    monkeypatch.setattr(protocol, "time", SimpleNamespace(monotonic=lambda: now + protocol.HEAD_SECONDS + 1))
    watch = asyncio.create_task(half_open.watch())
    async with asyncio.timeout(10):
        while not proxied.is_closed:  # noqa: ASYNC110 - a connection has no event
            await asyncio.sleep(0.05)
    watch.cancel()
    assert (slow.is_closed, other.is_closed) == (True, False)
    assert (half_open._due, half_open._new) == ({}, {})


async def test_a_proxy_has_as_many_connections_as_it_has_clients() -> None:
    half_open = HalfOpen(config.load({"SECRET_KEY": SECRET}))
    connections = [Connection() for _ in range(protocol.MOST_HALF_OPEN * 2)]
    for connection in connections:
        await half_open.add(connection, "127.0.0.1")  # type: ignore[arg-type]
    assert not any(connection.is_closed for connection in connections)
