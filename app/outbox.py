"""The mail worker: takes a mail from the outbox, sends it, marks it, and takes the next.

Any number may run. A mail that a killed worker had in hand is taken over after 5 minutes. It reaches its recipient
twice in one case only: the worker, or its connection, ended after the mail server took it and before that was marked.
Both then bear the same Message-ID, by which mail servers and readers know them for one.
"""

import asyncio
import contextlib
import logging
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from app import db, errors, mail, smtp
from app.config import Settings
from app.queries import mail as queries

T = TypeVar("T")
log = logging.getLogger(__name__)
LOOK_SECONDS = 60  # without being woken: for what is due again, and where notices do not get through
INSIST_SECONDS = 120
LONGEST_PAUSE = 60


def run(settings: Settings, dsn: str, *, once: bool = False) -> Counter[str]:
    """Work until SIGTERM or SIGINT, or with `once` until nothing is due; how many mails had which outcome."""

    async def work() -> Counter[str]:
        worker = Worker(settings, dsn)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, worker.stop)
        return await worker.run(once=once)

    return asyncio.run(work())


class Worker:
    """Drains the outbox until told to stop; finishes the mail that it has in hand."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self._settings, self._dsn = settings, dsn
        self._bell = db.Bell(dsn, "mail")
        self._stop = asyncio.Event()
        self._transport = smtp.Smtp(settings.mail_url, settings.mail_per_second) if settings.mail_url else None

    def stop(self) -> None:
        """Take no further mail."""
        self._stop.set()
        self._bell.ring()

    async def run(self, *, once: bool = False) -> Counter[str]:
        """Work until stopped, or with `once` until nothing is due; how many mails had which outcome.

        A database or mail server that is away is waited for; with `once` the run ends, at a mail server that is away
        counting it as `down`.
        """
        told: Counter[str] = Counter()
        pool = await db.connect(self._dsn, max_size=2)
        try:
            await self._work(pool, told, once)
        finally:
            await self._rest()
            await self._bell.close()
            pool.terminate()
        return told

    async def _work(self, pool: db.Pool, told: Counter[str], once: bool) -> None:
        pause = 1
        while not self._stop.is_set():
            try:
                outcome = await send_one(pool, self._settings, self._transport)
            except db.UNAVAILABLE as error:
                if once:
                    raise db.unavailable() from error
                log.warning("The mail worker lost the database (%s); next try in %d s", type(error).__name__, pause)
                outcome = "away"
            told[outcome or "none"] += 1
            if outcome in ("down", "away"):
                if once:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 1
            if outcome is None:
                if once:
                    return
                await self._rest()
                await self._bell.wait(LOOK_SECONDS)

    async def _rest(self) -> None:
        if self._transport is not None:
            await self._transport.close()


async def send_one(
    pool: db.Pool, settings: Settings, transport: smtp.Smtp | None, now: datetime | None = None
) -> str | None:
    """Take one due mail, send it and mark it. None where none is due, else what became of it.

    That is `sent`; `kept`, without a transport; `later`, to be tried again; `failed`, for good; or `down`: later, and
    other mails would fare no better now.
    """
    taken = await queries.claim_mail(pool, mail.sender(settings).domain, now)
    if taken is None:
        return None
    failure = await _deliver(taken, settings, transport)
    if failure is None:
        mark = queries.mark_mail_sent if transport else queries.mark_mail_kept
        await _insist(lambda: mark(pool, taken.id, now))
        outcome = "sent" if transport else "kept"
        log.info("Mail %s (%s), attempt %d: %s", taken.id, taken.template, taken.attempt, outcome)
        return outcome
    reason, is_final = str(failure), failure.is_final
    is_over = await _insist(lambda: queries.mark_mail_failed(pool, taken.id, taken.attempt, reason, is_final, now))
    outcome = "failed" if is_over else "down" if failure.is_down else "later"
    log.warning("Mail %s (%s), attempt %d: %s: %s", taken.id, taken.template, taken.attempt, outcome, reason)
    return outcome


async def _deliver(taken: queries.Mail, settings: Settings, transport: smtp.Smtp | None) -> mail.MailError | None:
    try:
        message = mail.message(taken, settings)
        if transport is not None:
            await transport.send(message)
    except mail.MailError as error:
        return error
    except Exception as error:  # a fault of ours: it must not stop other mails, nor be tried without a pause
        log.error("Mail %s: %s", taken.id, errors.trace(error))
        return mail.MailError(f"unexpected ({type(error).__name__})", is_down=True)
    return None


async def _insist(mark: Callable[[], Awaitable[T]]) -> T:
    # What happened must be written down, or it happens again: a database that is away is waited for.
    loop = asyncio.get_running_loop()
    end = loop.time() + INSIST_SECONDS
    while True:
        try:
            return await mark()
        except db.UNAVAILABLE:
            if loop.time() > end:
                raise
        await asyncio.sleep(0.5)
