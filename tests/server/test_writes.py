"""How often an answer is written to its socket: a head with the start of its body, the head of a stream at once."""

import asyncio
import contextlib
import socket
from asyncio import selector_events
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app import config
from app.server import hypercorn_server, uvicorn_server
from app.server.connections import HalfOpen
from app.server.resets import Resets
from tests.support.settings import SECRET

SETTINGS = config.load({"DATABASE_URL": "postgresql://nobody@localhost/none", "SECRET_KEY": SECRET})
KINDS = {"hypercorn": hypercorn_server, "uvicorn": uvicorn_server}


class Application:
    """Answers /whole with a length, /split with a fault, and /stream without a length, the rest when `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        is_whole = scope["path"] == "/whole"
        headers = [(b"content-length", b"6")] if is_whole else []
        if scope["path"] == "/split":
            headers = [(b"x-name", b"a\r\nset-cookie: b=c")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        if not is_whole:
            await self.go_on.wait()
        await send({"type": "http.response.body", "body": b"two"})


class Sent(list[bytes]):
    """What the server has written, and a client to talk to it."""

    def __init__(self, application: Application, client: socket.socket) -> None:
        self.application, self.client = application, client

    async def ask(self, request: bytes, end: bytes, fields: bytes = b"") -> bytes:
        """What has come by the time it ends with `end`, or the connection does."""
        loop, received = asyncio.get_running_loop(), b""
        await loop.sock_sendall(self.client, request + b" HTTP/1.1\r\nhost: localhost\r\n" + fields + b"\r\n")
        async with asyncio.timeout(20):
            while not received.endswith(end):
                part = await loop.sock_recv(self.client, 65_536)
                if not part:
                    break
                received += part
        return received


@pytest.fixture(params=KINDS)
async def sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sent]:
    application, stop, loop = Application(), asyncio.Event(), asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        sent = Sent(application, client)
        transport: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
        write = transport.write

        def recorded(self: Any, data: bytes) -> None:
            if data:
                sent.append(bytes(data))
            write(self, data)

        monkeypatch.setattr(transport, "write", recorded)
        listener.setblocking(False)
        client.setblocking(False)
        half_open, resets = HalfOpen(SETTINGS), Resets(SETTINGS)
        server = loop.create_task(KINDS[request.param].serve(application, listener, stop, half_open, resets))
        await loop.sock_connect(client, listener.getsockname())
        yield sent
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        stop.set()
        await server


async def test_a_head_is_written_with_the_start_of_its_body(sent: Sent) -> None:
    for _ in range(2):
        assert (await sent.ask(b"GET /whole", b"two")).startswith(b"HTTP/1.1 200")
    assert [part.partition(b"\r\n\r\n")[2] or part for part in sent] == [b"one", b"two"] * 2


async def test_a_head_without_a_body_does_not_wait(sent: Sent) -> None:
    assert (await sent.ask(b"HEAD /whole", b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert len(sent) == 1


async def test_the_head_and_the_start_of_a_stream_do_not_wait_for_the_rest(sent: Sent) -> None:
    assert (await sent.ask(b"GET /stream", b"one\r\n")).startswith(b"HTTP/1.1 200")
    sent.application.go_on.set()
    assert (await sent.ask(b"GET /whole", b"onetwo")).endswith(b"onetwo")


async def test_a_field_that_would_end_its_line_is_a_fault(sent: Sent) -> None:
    answer = await sent.ask(b"GET /split", b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 500")
    assert b"set-cookie" not in answer


async def test_a_head_that_is_remembered_fits_each_request(sent: Sent) -> None:
    for _ in range(2):
        assert b"connection: close" not in (await sent.ask(b"GET /whole", b"two")).lower()
        assert (await sent.ask(b"HEAD /whole", b"\r\n\r\n")).lower().count(b"content-length: 6\r\n") == 1
    last = await sent.ask(b"GET /whole", b"two", b"connection: close\r\n")
    assert last.lower().count(b"connection: close\r\n") == 1
