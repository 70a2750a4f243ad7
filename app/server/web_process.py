"""A web process: Hypercorn on uvloop, on the socket that the supervisor opened."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import hypercorn
import uvloop
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.lifespan import Lifespan
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.events import RawData

from app import heartbeat
from app.config import Settings
from app.server import asgi, protocol
from app.server.children import STOP_SECONDS
from app.server.resets import Resets
from app.server.supervisor import DSN

BACKLOG = 1024
IDLE_SECONDS = 1  # at a stop, for a request that is on its way on a kept-alive connection
ANSWER_SECONDS = 10  # for requests in progress at a stop; after that the application drains its queues


class Arrival(asyncio.Protocol):
    """Ends connections of addresses that are refused before they cost more than their acceptance; serves all others."""

    def __init__(self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any], resets: Resets) -> None:
        self._serve, self._resets = serve, resets

    def connection_made(self, transport: Any) -> None:
        """Take a connection. It has no peer if the client has reset it already."""
        peer = transport.get_extra_info("peername")
        if peer is None or self._resets.is_refused(peer[0]):
            transport.abort()
            return
        streams = asyncio.StreamReaderProtocol(asyncio.StreamReader(), self._serve)
        transport.set_protocol(streams)
        streams.connection_made(transport)


class Connection(TCPServer):
    """A connection that is closed either before a request is read or after it is answered, never in between."""

    _is_closing = False

    async def _initiate_server_close(self) -> None:
        connection: Any = self.protocol  # app.server.protocol makes it one of HTTP/1.1
        if connection.stream is not None:
            return  # the answer will close it
        self._is_closing = True
        await super()._initiate_server_close()

    async def _read_data(self) -> None:
        handle = self.protocol.handle

        async def unless_closing(event: Any) -> None:
            if not (self._is_closing and isinstance(event, RawData)):
                await handle(event)

        self.protocol.handle = unless_closing  # type: ignore[method-assign]
        await super()._read_data()


def run_web(settings: Settings, fd: int, slot: int = 0) -> None:
    """Answer on the listening socket `fd` until SIGTERM, then finish the requests in progress and return.

    `slot` is its number among the web processes of this machine, from 0. A process that replaces it gets the same.
    """
    if settings.metrics_token:
        from app.telemetry import metrics

        metrics.share_between_processes(slot)
    config = hypercorn.Config()
    config.errorlog = logging.getLogger("hypercorn")
    config.accesslog = None
    config.include_server_header = False
    config.keep_alive_timeout = 75
    config.keep_alive_max_requests = 100_000
    config.shutdown_timeout = STOP_SECONDS - IDLE_SECONDS - ANSWER_SECONDS - 5
    logging.getLogger("hypercorn").setLevel(max(logging.WARNING, logging.getLogger().level))

    half_open, resets = protocol.install(settings)

    async def serve() -> None:
        stop = asyncio.Event()
        watch = asyncio.create_task(half_open.watch())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        heartbeat.beat_in_loop()
        application = asgi.create(settings, os.environ[DSN], stop)
        with socket.socket(fileno=fd) as listener:
            listener.setblocking(False)
            await _serve(application, config, listener, stop, resets)
        watch.cancel()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


async def _serve(
    application: Any, config: hypercorn.Config, listener: socket.socket, stop: asyncio.Event, resets: Resets
) -> None:
    loop, context = asyncio.get_running_loop(), WorkerContext(None)
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
        await Connection(wrapped, loop, config, context, state, reader, writer)

    arrival = Arrival(connect, resets)
    server = await loop.create_server(lambda: arrival, sock=listener, backlog=BACKLOG)
    await stop.wait()
    server.close()
    config.keep_alive_max_requests = 0  # answers carry `connection: close` from now on
    if connections:
        await asyncio.wait(connections, timeout=IDLE_SECONDS)
    await context.terminated.set()  # connections without a request are closed
    if connections:
        await asyncio.wait(connections, timeout=ANSWER_SECONDS)
    await lifespan.wait_for_shutdown()
    life.cancel()
