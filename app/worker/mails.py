"""The mail worker: takes a mail from the outbox, sends it, marks it, and takes the next.

Any number may run. A mail that a killed worker had in hand is taken over after 5 minutes. Where the worker, or its
connection, ended while the mail server took the mail and before that was marked, nobody can know whether it arrived:
what somebody waits for is sent again, with the same Message-ID, by which mail servers and readers know both for one; a
recap is not, and is recorded as failed.

Recaps are drawn by processes of their own: as many are under way at once as keep every core busy. Others go one by one.
"""

import asyncio
import contextlib
import logging
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.message import EmailMessage
from typing import TypeVar

from app import errors
from app.config import Settings
from app.database import db
from app.database.listener import Listener
from app.mail import message, smtp
from app.queries import mail as queries
from app.recaps import recap
from app.recaps.chart_processes import CORES, Pens
from app.worker import billing, exports

T = TypeVar("T")
log = logging.getLogger(__name__)
LOOK_SECONDS = 60  # without being woken: for what is due again, and where notices do not get through
INSIST_SECONDS = 120
LONGEST_PAUSE = 60
MOST_UNDER_WAY = CORES + 2  # recaps: one on each core, and those that are looked up or sent meanwhile
Progress = Callable[[Counter[str]], None]


def run(settings: Settings, dsn: str, *, once: bool = False, progress: Progress = lambda told: None) -> Counter[str]:
    """Work until SIGTERM or SIGINT, or with `once` until nothing is due; how many mails had which outcome.

    After each mail `progress` is told how many by then.
    """

    async def work() -> Counter[str]:
        worker = Worker(settings, dsn, progress)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, worker.stop)
        async with billing.alongside(settings, dsn, once=once), exports.alongside(settings, dsn, once=once):
            return await worker.run(once=once)

    return asyncio.run(work())


class Worker:
    """Drains the outbox until told to stop; finishes the mails that it has in hand."""

    def __init__(self, settings: Settings, dsn: str, progress: Progress = lambda told: None) -> None:
        self._settings, self._dsn, self._progress = settings, dsn, progress
        self._bell = Listener(dsn, ["mail"])
        self._stop = asyncio.Event()
        self._transport = smtp.Smtp(settings.mail_url, settings.mail_per_second) if settings.mail_url else None
        self._pens = Pens()
        self._under_way: set[asyncio.Task[str]] = set()

    def stop(self) -> None:
        """Take no further mail."""
        self._stop.set()
        self._bell.wake()

    async def run(self, *, once: bool = False) -> Counter[str]:
        """Work until stopped, or with `once` until nothing is due; how many mails had which outcome.

        A database or mail server that is away is waited for; with `once` the run ends, at a mail server that is away
        counting it as `down`.
        """
        told: Counter[str] = Counter()
        pool = await db.connect(self._dsn, max_size=MOST_UNDER_WAY)
        try:
            await self._work(pool, told, once)
            for outcome in await asyncio.gather(*self._under_way):
                self._tell(told, outcome)
        finally:
            for task in self._under_way:
                task.cancel()
            await self._rest()
            await self._bell.close()
            pool.terminate()
        return told

    async def _work(self, pool: db.Pool, told: Counter[str], once: bool) -> None:
        pause = 1
        while not self._stop.is_set():
            try:
                outcome = await self._next(pool)
            except db.UNAVAILABLE as error:
                if once:
                    raise db.unavailable() from error
                log.warning("The mail worker lost the database (%s); next try in %d s", type(error).__name__, pause)
                outcome = "away"
            self._tell(told, outcome or "none")
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

    async def _next(self, pool: db.Pool) -> str | None:
        """What became of a mail, the next that is due or one that was under way; None where there is none."""
        while len(self._under_way) < MOST_UNDER_WAY:
            taken = await queries.claim_mail(pool, message.sender(self._settings).domain)
            if taken is None:
                break
            sending = _send(pool, self._settings, self._transport, taken, None, self._pens)
            if taken.template != recap.TEMPLATE:
                return await sending
            self._under_way.add(asyncio.create_task(sending))
        if not self._under_way:
            return None
        done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        task = done.pop()
        self._under_way.discard(task)
        return task.result()

    def _tell(self, told: Counter[str], outcome: str) -> None:
        told[outcome] += 1
        self._progress(told)

    async def _rest(self) -> None:
        self._pens.put_down()
        if self._transport is not None:
            await self._transport.close()


async def send_one(
    pool: db.Pool,
    settings: Settings,
    transport: smtp.Smtp | None,
    now: datetime | None = None,
    pens: Pens | None = None,
) -> str | None:
    """Take one due mail, send it and mark it. None where none is due, else what became of it.

    That is `sent`; `kept`, without a transport; `later`, to be tried again; `failed`, for good; or `down`: later, and
    other mails would fare no better now.
    """
    taken = await queries.claim_mail(pool, message.sender(settings).domain, now)
    return None if taken is None else await _send(pool, settings, transport, taken, now, pens)


async def _send(
    pool: db.Pool, settings: Settings, transport: smtp.Smtp | None, taken: queries.Mail, now: datetime | None,
    pens: Pens | None,
) -> str:  # fmt: skip
    async def handed() -> None:
        # Of what is sent at most once, this has to be written down first.
        if taken.subscription is not None and not await queries.mark_mail_handed(pool, taken.id, taken.attempt, now):
            raise message.MailError("it was taken over or ended meanwhile")

    made = await _made(pool, settings, taken, pens)
    failure = made if isinstance(made, message.MailError) else await _deliver(made, taken, transport, handed)
    if not isinstance(made, message.MailError) and failure is None:
        if transport:
            await _insist(lambda: queries.mark_mail_sent(pool, taken.id, now))
        else:
            body = made.as_bytes(policy=message.POLICY.clone(utf8=True))
            await _insist(lambda: queries.mark_mail_kept(pool, taken.id, body, now))
        outcome = "sent" if transport else "kept"
        log.info("Mail %s (%s), attempt %d: %s", taken.id, taken.template, taken.attempt, outcome)
        return outcome
    assert failure is not None
    reason, is_final = str(failure), failure.is_final
    is_over = await _insist(lambda: queries.mark_mail_failed(pool, taken.id, taken.attempt, reason, is_final, now))
    outcome = "failed" if is_over else "down" if failure.is_down else "later"
    log.warning("Mail %s (%s), attempt %d: %s: %s", taken.id, taken.template, taken.attempt, outcome, reason)
    return outcome


async def _made(
    pool: db.Pool, settings: Settings, taken: queries.Mail, pens: Pens | None
) -> EmailMessage | message.MailError:
    try:
        if taken.template == recap.TEMPLATE:
            return await recap.message(pool, settings, taken, pens or Pens(1))
        return message.message(taken, settings)
    except message.MailError as error:
        return error
    except db.UNAVAILABLE as error:
        return message.MailError(f"the database was away ({type(error).__name__})")
    except Exception as error:
        return _unexpected(taken, error)


async def _deliver(
    made: EmailMessage, taken: queries.Mail, transport: smtp.Smtp | None, handed: Callable[[], Awaitable[None]]
) -> message.MailError | None:
    try:
        if transport is not None:
            await transport.send(made, handed)
    except message.MailError as error:
        return error
    except Exception as error:
        return _unexpected(taken, error)
    return None


def _unexpected(taken: queries.Mail, error: Exception) -> message.MailError:
    # A fault of ours: it must not stop other mails, nor be tried without a pause.
    log.error("Mail %s: %s", taken.id, errors.trace(error))
    return message.MailError(f"unexpected ({type(error).__name__})", is_down=True)


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
