"""Mails of the outbox: claims one, writes it, sends it and marks it.

How far a mail has come is recorded before the worker goes on, so that what a killed worker did is known. Before the
final dot the server has nothing, and the mail is tried again. After it, without an answer, nobody can know whether the
mail arrived: a recap is recorded as `unknown` and not sent again; other mails are, once, with the same Message-ID, so
that mail servers and readers recognise the duplicate.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.message import EmailMessage
from typing import TypeVar

from app import errors
from app.database import db
from app.mail import message
from app.mail.message import MailError
from app.queries import mail as queries
from app.queries.mail import Mail
from app.worker.loop import DOWN, UNKNOWN, Resources

T = TypeVar("T")
log = logging.getLogger(__name__)
INSIST_SECONDS = 120


class Mails:
    """Sends mails that someone is waiting for. Tests pass `now` instead of the database's clock."""

    is_recap = False

    def __init__(self, resources: Resources, now: datetime | None = None) -> None:
        self._settings, self._pool, self._transport = resources.settings, resources.pool, resources.transport
        self.now = now

    async def claim(self) -> Mail | None:
        """Claim the next mail that is due."""
        return await queries.claim_mail(self._pool, message.sender(self._settings).domain, self.is_recap, self.now)

    async def do(self, mail: Mail) -> str:
        """Send the mail and mark it.

        The outcome is `sent`; `stored` if there is no mail server; `later`, to be tried again; `failed`, for good;
        `unknown`, it may have arrived and is not sent again; or `down`: later, and other mails would fail now as well.
        """
        result = await self._write(mail)
        error = result if isinstance(result, MailError) else await self._deliver(mail, result)
        if isinstance(result, EmailMessage) and error is None:
            outcome = await self._mark_done(mail, result)
            log.info("Mail %s (%s), attempt %d: %s", mail.id, mail.template, mail.attempt, outcome)
            return outcome
        assert error is not None
        reason = str(error)
        has_ended = await _insist(
            lambda: queries.mark_mail_failed(
                self._pool, mail.id, mail.attempt, reason, error.is_final, error.may_have_arrived, self.now
            )
        )
        ended = UNKNOWN if error.may_have_arrived else "failed"
        outcome = ended if has_ended else DOWN if error.is_down else "later"
        log.warning("Mail %s (%s), attempt %d: %s: %s", mail.id, mail.template, mail.attempt, outcome, reason)
        return outcome

    async def rest(self) -> None:
        """Disconnect from the mail server, unless another kind of mail is being sent."""
        if self._transport is not None:
            await self._transport.rest()

    async def close(self) -> None:
        """Do nothing: the worker closes the transport."""

    async def write(self, mail: Mail) -> EmailMessage:
        """Write the message of a mail.

        Raises:
            MailError: it cannot be written.
        """
        return message.message(mail, self._settings)

    async def _mark_phase(self, mail: Mail, phase: str) -> None:
        try:
            is_ours = await queries.mark_mail_handed(self._pool, mail.id, mail.attempt, phase, self.now)
        except db.UNAVAILABLE as error:
            raise MailError(f"the database was unavailable ({type(error).__name__})") from error
        if not is_ours:
            raise MailError("another worker claimed or finished it")

    async def _write(self, mail: Mail) -> EmailMessage | MailError:
        try:
            return await self.write(mail)
        except MailError as error:
            return error
        except db.UNAVAILABLE as error:
            return MailError(f"the database was unavailable ({type(error).__name__})")
        except Exception as error:
            return _unexpected(mail, error)

    async def _deliver(self, mail: Mail, email: EmailMessage) -> MailError | None:
        try:
            if self._transport is not None:
                await self._transport.send(email, lambda phase: self._mark_phase(mail, phase))
        except MailError as error:
            return error
        except Exception as error:
            return _unexpected(mail, error)
        return None

    async def _mark_done(self, mail: Mail, email: EmailMessage) -> str:
        if self._transport is not None:
            await _insist(lambda: queries.mark_mail_sent(self._pool, mail.id, self.now))
            return "sent"
        body = email.as_bytes(policy=message.POLICY.clone(utf8=True))
        await _insist(lambda: queries.mark_mail_stored(self._pool, mail.id, body, self.now))
        return "stored"


def _unexpected(mail: Mail, error: Exception) -> MailError:
    # A bug of ours: `is_down` makes the loop pause before it tries again.
    log.error("Mail %s: %s", mail.id, errors.trace(error))
    return MailError(f"unexpected ({type(error).__name__})", is_down=True)


async def _insist(mark: Callable[[], Awaitable[T]]) -> T:
    # What is not marked is not known: wait for a database that is unavailable.
    loop = asyncio.get_running_loop()
    end = loop.time() + INSIST_SECONDS
    while True:
        try:
            return await mark()
        except db.UNAVAILABLE:
            if loop.time() > end:
                raise
        await asyncio.sleep(0.5)
