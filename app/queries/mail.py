"""The outbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in hand; `context` is JSON, `attempt` counts from 1, without `consent` it is transactional."""

    id: UUID
    recipient: str
    template: str
    context: str
    consent: str | None
    message_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How full the outbox is; `failed` counts the last day's."""

    waiting: int
    due: int
    oldest_at: datetime | None
    failed: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in the outbox's list; `state` is waiting, sent, kept or failed, `found` how many the whole list has."""

    id: UUID
    recipient: str
    template: str
    state: str
    created_at: datetime
    done_at: datetime | None
    next_at: datetime
    attempts: int
    last_error: str | None
    is_readable: bool
    found: int


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail as it was written, in the format of e-mail (RFC 5322)."""

    recipient: str
    template: str
    created_at: datetime
    body: bytes


async def claim_mail(pool: db.Pool, domain: str, is_recap: bool, now: datetime | None = None) -> Mail | None:
    """The next mail that is due, a recap or another one, claimed for 5 minutes. `domain` ends new Message-IDs."""
    return await db.one(pool, Mail, "select * from fn.claim_mail($1, coalesce($2, now()), $3)", domain, now, is_recap)


async def mark_mail_sent(pool: db.Pool, id: UUID, now: datetime | None = None) -> None:
    """A mail server took it."""
    await db.value(pool, "select fn.mark_mail_sent($1, coalesce($2, now()))", id, now)


async def mark_mail_handed(pool: db.Pool, id: UUID, attempt: int, now: datetime | None = None) -> bool:
    """The mail server is about to be given it; False where it is not to be: another has it in hand, or it is over."""
    return bool(await db.value(pool, "select fn.mark_mail_handed($1, $2, coalesce($3, now()))", id, attempt, now))


async def mark_mail_kept(pool: db.Pool, id: UUID, body: bytes, now: datetime | None = None) -> None:
    """There is no mail server; it stays as it was written."""
    await db.value(pool, "select fn.mark_mail_kept($1, $2, coalesce($3, now()))", id, body, now)


async def mark_mail_failed(
    pool: db.Pool, id: UUID, attempt: int, error: str, is_final: bool, now: datetime | None = None
) -> bool:
    """An attempt failed, and with `is_final` all that could follow; whether the mail has failed for good."""
    return bool(
        await db.value(
            pool, "select fn.mark_mail_failed($1, $2, $3, $4, coalesce($5, now()))", id, attempt, error, is_final, now
        )
    )


async def mail_waiting(pool: db.Pool) -> Waiting | None:
    """How full the outbox is."""
    return await db.one(pool, Waiting, "select * from fn.mail_waiting()")


async def mails(pool: db.Pool, person_id: UUID, state: str, limit: int, offset: int) -> list[MailRow]:
    """A page of the outbox, newest first; of every state where `state` is empty.

    Raises:
        FeelbackError: 404 for who does not own the installation.
    """
    return await db.many(pool, MailRow, "select * from fn.mails($1, $2, $3, $4)", person_id, state, limit, offset)


async def kept_mail(pool: db.Pool, person_id: UUID, id: UUID) -> KeptMail | None:
    """A mail that was kept for want of a mail server; None where there is none to be read.

    Raises:
        FeelbackError: 404 for who does not own the installation.
    """
    return await db.one(pool, KeptMail, "select * from fn.kept_mail($1, $2)", person_id, id)
