"""A web process: the server that SERVER names, on uvloop, on the socket that the supervisor opened."""

import asyncio
import os
import signal
import socket

import uvloop

from app.config import Settings
from app.processes import heartbeat
from app.server import asgi
from app.server.connections import HalfOpen
from app.server.resets import Resets
from app.server.supervisor import DSN


def run_web(settings: Settings, fd: int, slot: int = 0) -> None:
    """Answer on the listening socket `fd` until SIGTERM, then finish the requests in progress and return.

    `slot` is its number among the web processes of this machine, from 0. A process that replaces it gets the same.
    """
    if settings.metrics_token:
        from app.telemetry import metrics

        metrics.share_between_processes(slot)

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        heartbeat.beat_in_loop()
        with socket.socket(fileno=fd) as listener:
            await answer(settings, os.environ[DSN], listener, stop)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def answer(settings: Settings, dsn: str, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer on `listener` with the application on the database `dsn` until `stop` is set.

    Raises:
        Exception: the application could not start.
    """
    if settings.server == "uvicorn":
        from app.server.uvicorn_server import serve
    else:
        from app.server.hypercorn_server import serve

    half_open, resets = HalfOpen(settings), Resets(settings)
    watch = asyncio.create_task(half_open.watch())
    listener.setblocking(False)
    await serve(asgi.create(settings, dsn, stop), listener, stop, half_open, resets)
    watch.cancel()
