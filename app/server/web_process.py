"""A web process: Hypercorn on uvloop, on the socket that the supervisor opened."""

import asyncio
import logging
import os
import signal

import hypercorn
import hypercorn.asyncio
import uvloop

from app.config import Settings
from app.server import asgi, protocol
from app.server.supervisor import DSN, STOP_SECONDS

ANSWER_SECONDS = 10  # for requests in progress at a stop; after that the application drains its queues


def run_web(settings: Settings, fd: int, slot: int = 0) -> None:
    """Answer on the listening socket `fd` until SIGTERM, then finish the requests in progress and return.

    `slot` is its number among the web processes of this machine, from 0. A process that replaces it gets the same.
    """
    if settings.metrics_token:
        from app.telemetry import metrics

        metrics.share_between_processes(slot)
    config = hypercorn.Config()
    config.bind = [f"fd://{fd}"]
    config.backlog = 1024
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn")
    config.include_server_header = False
    config.keep_alive_timeout = 75
    config.keep_alive_max_requests = 100_000
    config.graceful_timeout = ANSWER_SECONDS
    config.shutdown_timeout = STOP_SECONDS - ANSWER_SECONDS - 5
    logging.getLogger("hypercorn").setLevel(max(logging.WARNING, logging.getLogger().level))

    half_open = protocol.install(settings)

    async def serve() -> None:
        stop = asyncio.Event()
        watch = asyncio.create_task(half_open.watch())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        application = asgi.create(settings, os.environ[DSN], stop)
        await hypercorn.asyncio.serve(application, config, shutdown_trigger=stop.wait)
        watch.cancel()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
