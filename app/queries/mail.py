"""The outbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class Mail:
    """A claimed mail; `context` is JSON, `attempt` counts from 1, without `consent` it is transactional."""

    id: UUID
    recipient: str
    template: str
    context: str
    consent: str | None
    message_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Number of waiting mails; `failed` is of the last day."""

    waiting: int
    due: int
    oldest_at: datetime | None
    failed: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in the outbox's list; `state` is waiting, sent, stored, failed or unknown; `row_count` of all pages."""

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
    row_count: int


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that was not sent, as an RFC 5322 message."""

    recipient: str
    template: str
    created_at: datetime
    body: bytes


async def claim_mail(pool: db.Pool, domain: str, is_recap: bool, now: datetime | None = None) -> Mail | None:
    """Claim the next due mail, a recap or another one. `domain` is that of new Message-IDs."""
    return await db.one(pool, Mail, "select * from fn.claim_mail($1, coalesce($2, now()), $3)", domain, now, is_recap)


async def mark_mail_sent(pool: db.Pool, id: UUID, now: datetime | None = None) -> None:
    """Record that the mail server accepted a mail."""
    await db.value(pool, "select fn.mark_mail_sent($1, coalesce($2, now()))", id, now)


async def mark_mail_handed(pool: db.Pool, id: UUID, attempt: int, phase: str, now: datetime | None = None) -> bool:
    """Record that a mail is about to reach a phase, `data` or `dot`.

    False if it must not be sent: another worker claimed it, or it is done.
    """
    sql = "select fn.mark_mail_handed($1, $2, coalesce($3, now()), $4)"
    return bool(await db.value(pool, sql, id, attempt, now, phase))


async def mark_mail_stored(pool: db.Pool, id: UUID, body: bytes, now: datetime | None = None) -> None:
    """Store a mail unsent, for want of a mail server."""
    await db.value(pool, "select fn.mark_mail_stored($1, $2, coalesce($3, now()))", id, body, now)


async def mark_mail_failed(
    pool: db.Pool,
    id: UUID,
    attempt: int,
    error: str,
    is_final: bool,
    may_have_arrived: bool,
    now: datetime | None = None,
) -> bool:
    """Record a failed attempt, the last one with `is_final`; returns whether the mail is not tried again."""
    sql = "select fn.mark_mail_failed($1, $2, $3, $4, coalesce($5, now()), $6)"
    return bool(await db.value(pool, sql, id, attempt, error, is_final, now, may_have_arrived))


async def mail_waiting(pool: db.Pool) -> OutboxState | None:
    """Number of waiting and failed mails."""
    return await db.one(pool, OutboxState, "select * from fn.mail_waiting()")


async def mails_unknown(pool: db.Pool) -> int:
    """Number of mails of the last day of which it is unknown whether they arrived."""
    return int(await db.value(pool, "select fn.mails_unknown()"))


async def mails(pool: db.Pool, person_id: UUID, state: str, limit: int, offset: int) -> list[MailRow]:
    """A page of the outbox, newest first; of every state where `state` is empty.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.many(pool, MailRow, "select * from fn.mails($1, $2, $3, $4)", person_id, state, limit, offset)


async def stored_mail(pool: db.Pool, person_id: UUID, id: UUID, *, is_revealed: bool = False) -> StoredMail | None:
    """A mail that was stored unsent; None if there is no such mail. Each reading is recorded in audit logs.

    Raises:
        FeelbackError: 404 unless the person is an operator, 403 if they own no account, whose log would have the entry.
    """
    return await db.one(pool, StoredMail, "select * from fn.stored_mail($1, $2, $3)", person_id, id, is_revealed)
