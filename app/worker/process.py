"""The worker: a loop for each kind of work, and one connection that listens for all of them.

Any number of workers may run, on any number of machines: each item is claimed by one of them.
"""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from app.config import Settings
from app.database import db
from app.database.listener import Listener
from app.mail import smtp
from app.processes import heartbeat
from app.queries import worker
from app.worker.kinds import KINDS
from app.worker.loop import LOOK_SECONDS, Kind, Loop, Resources

Progress = Callable[[Counter[str]], None]


def run(settings: Settings, dsn: str, *, once: bool = False, progress: Progress = lambda counts: None) -> Counter[str]:
    """Work until SIGTERM or SIGINT, or with `once` until nothing is due. Returns the number of mails by outcome.

    `progress` is called with these numbers after each mail.
    """

    async def work() -> Counter[str]:
        heartbeat.beat_in_loop()
        process = Worker(settings, dsn, progress)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, process.stop)
        return await process.run(once=once)

    return asyncio.run(work())


class Worker:
    """Works on all `kinds` at once."""

    def __init__(
        self,
        settings: Settings,
        dsn: str,
        progress: Progress = lambda counts: None,
        kinds: Sequence[Kind] = KINDS,
    ) -> None:
        self._settings, self._dsn, self._progress, self._kinds = settings, dsn, progress, kinds
        self._counts: Counter[str] = Counter()
        self._loops: list[Loop[Any]] = []
        self._is_stopping = False
        self._listener = Listener(dsn, sorted({kind.channel for kind in kinds}), self._wake)

    def stop(self) -> None:
        """Stop claiming; finish the mails in progress, and release other items."""
        self._is_stopping = True
        for loop in self._loops:
            loop.stop()

    async def run(self, *, once: bool = False) -> Counter[str]:
        """Work until stopped, or with `once` until nothing is due. Returns the number of mails by outcome.

        Waits for a database or mail server that is unavailable. With `once` it returns instead; the outcome `down` then
        counts the mail that the server did not accept.

        Raises:
            FeelbackError: 503 if the database is unavailable, with `once`.
        """
        url, rate = self._settings.mail_url, self._settings.mail_per_second
        transport = smtp.Smtp(url, rate) if url else None
        pool = await db.connect(self._dsn, max_size=sum(kind.most for kind in self._kinds))
        try:
            with contextlib.suppress(*db.UNAVAILABLE):
                await worker.mark_worker_seen(pool)
            resources = Resources(self._settings, self._dsn, pool, transport)
            self._loops = [Loop(kind, kind.handler(resources), self._report) for kind in self._kinds]
            await (self._drain() if once else self._work())
        finally:
            for loop in self._loops:
                await loop.close()
            if transport is not None:
                await transport.close()
            await self._listener.close()
            pool.terminate()
        return self._counts

    async def _work(self) -> None:
        if self._is_stopping:
            return
        listening = asyncio.create_task(self._listen())
        try:
            await asyncio.gather(*(loop.run() for loop in self._loops))
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def _drain(self) -> None:
        # Work creates other work: a finished export enqueues a mail. Hence the outer loop.
        is_due = True
        try:
            while is_due and not self._is_stopping:
                is_due = False
                for loop in self._loops:
                    was_due, is_down = await loop.drain()
                    if is_down:
                        return
                    is_due = is_due or was_due
        except db.UNAVAILABLE as error:
            raise db.unavailable() from error

    async def _listen(self) -> None:
        while True:
            await self._listener.wait(LOOK_SECONDS)

    def _wake(self, channel: str, _payload: str) -> None:
        for loop in self._loops:
            if loop.channel == channel:
                loop.wake()

    def _report(self, kind: Kind, outcome: str) -> None:
        if kind.is_mail:
            self._counts[outcome] += 1
            self._progress(self._counts)
