"""The outbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import db


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in hand; `context` is JSON, `attempt` counts from 1, without `subscription` it is transactional."""

    id: UUID
    recipient: str
    template: str
    context: str
    subscription: str | None
    message_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How full the outbox is; `failed` counts the last day's."""

    waiting: int
    due: int
    oldest_at: datetime | None
    failed: int


async def claim_mail(pool: db.Pool, domain: str, now: datetime | None = None) -> Mail | None:
    """The next mail that is due, in hand for 5 minutes; None where there is none. `domain` ends new Message-IDs."""
    return await db.one(pool, Mail, "select * from fn.claim_mail($1, coalesce($2, now()))", domain, now)


async def mark_mail_sent(pool: db.Pool, id: UUID, now: datetime | None = None) -> None:
    """A mail server took it."""
    await db.value(pool, "select fn.mark_mail_sent($1, coalesce($2, now()))", id, now)


async def mark_mail_kept(pool: db.Pool, id: UUID, now: datetime | None = None) -> None:
    """There is no mail server; it stays."""
    await db.value(pool, "select fn.mark_mail_kept($1, coalesce($2, now()))", id, now)


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
