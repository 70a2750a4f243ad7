"""The ASGI application of a web process: the ingest gate in front of Quart, with one start and stop for both."""

import asyncio
import gc
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from app.api.openapi.document import document
from app.config import Settings
from app.database import db, roles
from app.database.ids import uuid_v7
from app.fly import machines
from app.http.context import services
from app.http.live import Live
from app.ingest.gate import Gate
from app.ingest.keys import canonical, rules
from app.ingest.request import watch_bodies
from app.ingest.responses import Ingest
from app.ingest.wire import encode
from app.queries import health
from app.server import request_route
from app.server.hosts import HostCheck
from app.server.quart_app import create_app
from app.server.readiness import Readiness
from app.server.requests_in_hand import RequestsInHand
from app.telemetry.observer import Observer, is_wanted

log = logging.getLogger(__name__)
DRAIN_SECONDS = 20


def create(settings: Settings, dsn: str, stopping: asyncio.Event | None = None) -> Any:
    """Create the application. It connects when the server starts it, and drains its queues when the server stops it.

    `stopping` is set when the server is about to stop. It ends event streams, which would keep the server running.
    """
    web = create_app(settings)
    shared = services(web)
    shared.canonical = lambda key, stored: canonical(key, rules(stored))
    limited = RequestsInHand(web, settings)
    watches: list[asyncio.Task[None]] = []

    async def start() -> None:
        is_pooled = bool(settings.database_pool_url)
        app_url, ingest_url = (roles.pool_url(settings, dsn, role) for role in (roles.APP, roles.INGEST))
        shared.pool = await db.connect(app_url, max_size=8, is_pooled=is_pooled)
        shared.ingest_pool = await db.connect(ingest_url, max_size=4, is_pooled=is_pooled)
        gate.ingest = Ingest(
            settings, ingest_url, shared.ingest_pool, encode(document()),
            is_distributed=await health.is_distributed(shared.ingest_pool),
        )  # fmt: skip
        watches.append(asyncio.create_task(watch_bodies()))
        if settings.limits:
            watches.append(asyncio.create_task(gate.ingest.shares.run()))
        readiness = watch_readiness(settings, gate, shared.pool)
        shared.problems, gate.on_unavailable = readiness.problems, readiness.look
        watches.append(asyncio.create_task(readiness.run()))
        # LISTEN needs its own connection to the database: a transaction pooler does not pass notifications on.
        shared.live = Live(roles.role_url(settings, dsn, roles.APP), stopping)
        if observer is not None:
            watches.append(asyncio.create_task(observer.watch(shared.pool, gate.ingest, readiness)))
        await web.startup()
        # What is loaded by now is never freed. Collecting it again and again took a tenth of all time and made the
        # slowest requests. Garbage of requests is freed by reference counts, except for rare cycles.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 100)

    async def stop() -> None:
        if gate.ingest is not None:
            try:
                async with asyncio.timeout(DRAIN_SECONDS):
                    await gate.ingest.close()
            except TimeoutError:
                log.error("The database did not accept the waiting responses within %d seconds", DRAIN_SECONDS)
        for watch in watches:
            watch.cancel()
        if shared.live is not None:
            await shared.live.close()
        await web.shutdown()
        for pool in (shared.pool, shared.ingest_pool):
            if pool is not None:
                pool.terminate()

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await limited(scope, receive, send)
            return
        while True:
            message = await receive()
            step = start if message["type"] == "lifespan.startup" else stop
            try:
                await step()
            except Exception as error:
                log.exception("The server could not %s", "start" if step is start else "stop cleanly")
                await send({"type": message["type"] + ".failed", "message": type(error).__name__})
                return
            await send({"type": message["type"] + ".complete"})
            if step is stop:
                return

    gate = Gate(behind, settings)
    observer: Observer | None = None
    if is_wanted(settings):
        request_route.install(web)
        observer = Observer(settings, dsn, (rule.rule for rule in web.url_map.iter_rules()))
    application: Any = gate
    if settings.sentry_dsn:
        from app.telemetry.browsers import BrowserErrors  # loads sentry_sdk

        application = BrowserErrors(gate, urlsplit(settings.base_url).netloc)
    application = HostCheck(application, settings)
    return observer.around(gate, application) if observer else application


def watch_readiness(settings: Settings, gate: Gate, pool: db.Pool) -> Readiness:
    """What looks whether the application can do its work; it stores its responses as the gate does."""
    ingest = gate.ingest
    assert ingest is not None

    async def check_writes() -> None:
        await ingest.queues.change(
            db.UUID(uuid_v7(time.time_ns() // 1_000_000)),
            lambda connection: health.check_writes(connection, machines.name()),
        )

    folder = None if settings.database_url else settings.feelback_data
    return Readiness(check_writes, lambda: health.server_state(pool), folder)
