"""Starts the worker machine when work is due. Every web machine runs a waker; Postgres picks the one that acts."""

import asyncio
import contextlib
import logging
import signal

from app.config import Settings
from app.database import db
from app.database.listener import Listener
from app.fly import machines
from app.processes import heartbeat
from app.queries import worker as queries

log = logging.getLogger(__name__)
LOOK_SECONDS = 60.0  # without a notification: for work due again, and in case one was lost
LEAST_SECONDS = 1.0
AWAY_SECONDS = 5.0


def run(settings: Settings, dsn: str) -> None:
    """Run a waker until SIGTERM or SIGINT."""

    async def wake() -> None:
        heartbeat.beat_in_loop()
        waker = Waker(settings, dsn)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, waker.stop)
        await waker.run()

    asyncio.run(wake())


class Waker:
    """Looks for due work when notified and every minute, and starts the worker if it is this machine's turn."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self._settings, self._dsn = settings, dsn
        self._machine = machines.name()
        self._listener: Listener | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Make `run` return."""
        self._stop.set()
        if self._listener is not None:
            self._listener.wake()

    async def run(self) -> None:
        """Look for work until stopped. Waits for a database that is unavailable."""
        pool: db.Pool | None = None
        try:
            while not self._stop.is_set():
                try:
                    pool = pool or await db.connect(self._dsn, max_size=1)
                    self._listener = self._listener or Listener(self._dsn, await queries.work_channels(pool))
                    seconds = await self._look(pool)
                except db.UNAVAILABLE as error:
                    log.warning("The waker lost the database (%s)", type(error).__name__)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(AWAY_SECONDS):
                            await self._stop.wait()
                    continue
                if not self._stop.is_set():
                    await self._listener.wait(seconds)
        finally:
            if self._listener is not None:
                await self._listener.close()
            if pool is not None:
                pool.terminate()

    async def _look(self, pool: db.Pool) -> float:
        """Start the worker if work is due; returns the seconds until the next look."""
        start = await queries.claim_worker_start(pool, self._machine)
        if start.silent_starts:
            log.error("The worker machine started, but no worker began to work (%d in a row)", start.silent_starts)
        if start.is_mine and start.started_at is not None:
            error = await asyncio.to_thread(machines.start_worker, self._settings)
            await queries.mark_worker_start(pool, start.started_at, error)
            if error is None:
                log.info("Started the worker machine")
            else:
                log.error("The worker machine did not start: %s", error)
                start = await queries.claim_worker_start(pool, self._machine)  # says when to try again
        if not start.is_due or start.look_in is None:
            return LOOK_SECONDS
        return max(LEAST_SECONDS, min(start.look_in, LOOK_SECONDS))
