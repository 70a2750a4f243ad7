"""uvicorn, on the socket that the supervisor opened."""

import asyncio
import logging
import socket
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from uvicorn import Config
from uvicorn.lifespan.on import LifespanOn

from app.server import connections as bounds
from app.server.connections import Arrival, HalfOpen
from app.server.resets import Resets
from app.server.uvicorn_protocol import Http1, State


async def serve(
    application: Any, listener: socket.socket, stop: asyncio.Event, half_open: HalfOpen, resets: Resets
) -> None:
    """Start the application, answer on `listener` until `stop` is set, answer what is in progress, stop it.

    Raises:
        RuntimeError: the application could not start; it has logged why.
    """
    config = Config(
        application, interface="asgi3", http=Http1, ws="none", lifespan="on", log_config=None,
        access_log=False, proxy_headers=False, server_header=False, date_header=False, workers=1,
    )  # fmt: skip
    config.load()
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    lifespan, state = LifespanOn(config), State(half_open, resets)
    await lifespan.startup()
    if lifespan.should_exit:
        raise RuntimeError("The application could not start.")
    loop = asyncio.get_running_loop()
    clocks = [loop.create_task(_date(state)), loop.create_task(state.idle.watch())]
    arrival = Arrival(lambda: Http1(config, state, lifespan.state), resets)
    server = await loop.create_server(lambda: arrival, sock=listener, backlog=bounds.BACKLOG)
    await stop.wait()
    server.close()
    state.is_draining = True  # answers carry `connection: close` from now on
    connections: Any = state.connections  # each an Http1
    for connection in list(connections):
        connection.announce_end()
    await _wait_until(lambda: not connections, bounds.IDLE_SECONDS)
    for connection in list(connections):
        connection.shutdown()
    await _wait_until(lambda: not connections, bounds.ANSWER_SECONDS)
    await lifespan.shutdown()
    for each in clocks:
        each.cancel()


async def _date(state: State) -> None:
    while True:
        state.date_line = b"date: %b\r\n" % formatdate(usegmt=True).encode()
        await asyncio.sleep(1)


async def _wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not condition() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - connections have no event
        await asyncio.sleep(0.02)
