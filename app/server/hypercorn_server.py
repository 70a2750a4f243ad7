"""Hypercorn, held to HTTP/1.1 and nothing else, which closes no connection between a request and its answer."""

import asyncio
import socket
from typing import Any

import h11
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio import tcp_server
from hypercorn.asyncio.lifespan import Lifespan
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.events import Closed, Event, RawData
from hypercorn.protocol.events import Request, Response
from hypercorn.protocol.h11 import STREAM_ID, H11Protocol
from hypercorn.utils import suppress_body

from app.server import hypercorn_config
from app.server.connections import ANSWER_SECONDS, BACKLOG, IDLE_SECONDS, Arrival, HalfOpen, Idle
from app.server.hypercorn_stream import Stream, has_length, start_of_response
from app.server.resets import Resets

MOST_BYTES = 65_536  # read at once


class Http1(H11Protocol):
    """A connection. HTTP/2 in the clear is refused: streams that a client resets would cost work without a limit."""

    half_open: HalfOpen
    resets: Resets
    application: Any
    reader: asyncio.StreamReader
    _take: Any = None
    address = b""
    _head = b""  # of an answer, which is written together with the start of its body

    async def initiate(self) -> None:
        """Expect a first request."""
        oldest = self.half_open.add(self, self.client[0] if self.client else "")
        if oldest is not None:
            await oldest.end()

    async def end(self) -> None:
        """Close it."""
        await self.send(Closed())

    async def handle(self, event: Event) -> None:
        """The connection has ended; `take` is called with all else."""
        if self.connection.our_state is h11.SEND_RESPONSE:
            self._count_reset()
        await super().handle(event)
        self.half_open.remove(self)

    async def take(self, data: bytes) -> None:
        """Take what has arrived."""
        self.connection.receive_data(data)
        try:
            await self._handle_events()
        except _VersionError:
            self.half_open.remove(self)
            self._count_reset()
            await self._send_error_response(505)
            await self.send(Closed())
            return
        stream: Any = self.stream  # a Stream
        if stream is not None:
            await stream.release()
        if data and self.connection.their_state is h11.IDLE:
            self.half_open.expect(self)  # a part of a head

    async def _check_protocol(self, event: h11.Request) -> None:
        # Without 101 an `Upgrade: h2c` is answered in HTTP/1.1, as RFC 9110, section 7.8, allows.
        if event.http_version[:2] != b"1.":
            raise _VersionError

    def _count_reset(self) -> None:
        if self.address:
            self.resets.add_reset(self.address)

    async def stream_send(self, event: Any) -> None:
        """Send a part of an answer."""
        if type(event) is not Response or event.status_code < 200:
            await super().stream_send(event)
            return
        headers = [*event.headers, *self.config.response_headers("h11")]
        if self.keep_alive_requests >= self.config.keep_alive_max_requests:
            headers.append((b"connection", b"close"))
        await self._send_h11_event(start_of_response(event.status_code, tuple(headers)))

    async def _send_h11_event(self, event: Any) -> None:
        try:
            written = self.connection.send(event)
        except h11.LocalProtocolError:
            if self.connection.their_state is not h11.ERROR:
                raise
            return
        # Each write to a socket costs as much as all that is done to ingest a response. Answers that do not say their
        # length are streams, whose head must not wait.
        if type(event) is h11.Response and has_length(event):
            self._head = written or b""
        elif written or self._head:
            head, self._head = self._head, b""
            await self.send(RawData(head + (written or b"")))

    async def _end_stream(self, body: bytes) -> None:
        """Send the last part of an answer's body, and go on with the next request."""
        if body:
            await self._send_h11_event(h11.Data(data=body))
        await self._send_h11_event(h11.EndOfMessage())
        await self._maybe_recycle()

    async def _answer(self, request: Any) -> None:
        answer = await self.application.answer(request)
        # Nothing was read while it was answered: only now can be seen that the client has gone.
        if self.reader.at_eof() or self.reader.exception() is not None:
            self._count_reset()
        await self.stream_send(Response(STREAM_ID, answer.headers, answer.status))
        await self._end_stream(b"" if suppress_body(request.method, answer.status) else answer.body)

    async def _create_stream(self, request: h11.Request) -> None:
        self.half_open.remove(self)
        if self.address:
            self.resets.add_request(self.address)
        self.stream = Stream(
            self._end_stream, self._take, self._answer, self.app, self.config, self.context, self.task_group, self.ssl,
            self.client, self.server, self.stream_send, STREAM_ID,
        )  # fmt: skip
        await self.stream.handle(
            Request(
                stream_id=STREAM_ID,
                headers=[(name.lower(), value) for name, value in request.headers.raw_items()],
                http_version=request.http_version.decode(),
                method=request.method.decode("ascii").upper(),
                raw_path=request.target,
                state=self.connection_state,
            )
        )
        self.keep_alive_requests += 1


class _VersionError(Exception):
    """The client does not speak HTTP/1."""


class TCPConnection(tcp_server.TCPServer):
    """A connection that is closed either before a request is read or after it is answered, never in between."""

    def __init__(self, idle: "Idle", *args: Any) -> None:
        super().__init__(*args)
        self.idle_task: Any = _IdleTask(idle, self)
        self._is_closing = False

    async def end(self) -> None:
        """Close it, unless it has a request to answer, which closes it then."""
        connection: Any = self.protocol  # an Http1
        if connection.stream is not None:
            return
        self._is_closing = True
        await self._initiate_server_close()

    async def _read_data(self) -> None:
        protocol: Any = self.protocol  # an Http1
        protocol.reader = self.reader
        while not self.reader.at_eof():
            try:
                data = await self.reader.read(MOST_BYTES)
            except OSError:
                break
            if not self._is_closing:
                await protocol.take(data)
        await protocol.handle(Closed())
        await self.idle_task.stop()  # the connection would be kept for a next request, and hold up a stop


class _IdleTask:
    """What Hypercorn takes for a task that ends an idle connection; a real one costs a tenth of a request."""

    def __init__(self, idle: Idle, connection: TCPConnection) -> None:
        self._idle, self._connection = idle, connection

    async def restart(self, _task_group: Any, _action: Any) -> None:
        """The connection is idle from now on."""
        self._idle.add(self._connection)

    async def stop(self) -> None:
        """It is not any more."""
        self._idle.remove(self._connection)


async def serve(
    application: Any, listener: socket.socket, stop: asyncio.Event, half_open: HalfOpen, resets: Resets
) -> None:
    """Start the application, answer on `listener` until `stop` is set, answer what is in progress, stop it.

    Raises:
        Exception: the application could not start.
    """

    class Connection(Http1):
        def __init__(self, *args: Any) -> None:
            *shared, _alpn = args
            super().__init__(*shared)
            self.half_open, self.resets, self.application = half_open, resets, application
            self._take = getattr(application, "take", None)

    tcp_server.ProtocolWrapper = Connection  # type: ignore[attr-defined,assignment]  # called alike
    loop, context, config = asyncio.get_running_loop(), WorkerContext(None), hypercorn_config.config()
    idle = Idle()
    wrapped, state, connections = ASGIWrapper(application), dict[str, Any](), set[asyncio.Task[None]]()
    lifespan = Lifespan(wrapped, config, loop, state)
    life = loop.create_task(lifespan.handle_lifespan())
    await lifespan.wait_for_startup()
    if life.done():
        life.result()  # raises what it failed with

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        task.add_done_callback(connections.discard)
        await TCPConnection(idle, wrapped, loop, config, context, state, reader, writer)

    watch = loop.create_task(idle.watch())
    arrival = Arrival(lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader(), connect), resets)
    server = await loop.create_server(lambda: arrival, sock=listener, backlog=BACKLOG)
    await stop.wait()
    server.close()
    config.keep_alive_max_requests = 0  # answers carry `connection: close` from now on
    if connections:
        await asyncio.wait(connections, timeout=IDLE_SECONDS)
    await context.terminated.set()  # each connection is closed behind its answer
    await idle.stop()
    if connections:
        await asyncio.wait(connections, timeout=ANSWER_SECONDS)
    watch.cancel()
    await lifespan.wait_for_shutdown()
    life.cancel()
