"""Replies to messages by mail, and visitors who asked for no more of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply; `author` is None for a program and for somebody who left the account.

    `state` is waiting, sent, stored (there is no mail server), failed or unknown, `error` the reason.
    """

    id: UUID
    author: str | None
    body: str
    is_fix: bool
    state: str
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """A reply to be sent: `contact` as the visitor left it, `recipient` and `address_hash` made of it.

    Answers go to the member `reply_to_id`. `domain` is that of Message-IDs.
    """

    body: str
    is_fix: bool
    contact: str
    recipient: str
    address_hash: bytes
    reply_to_id: UUID | None
    domain: str


@dataclass(frozen=True, slots=True)
class OptOutProject:
    """The project that an unsubscribe link is about, empty where it was deleted."""

    name: str
    is_opted_out: bool


async def replies(tenant: TenantPool, project_id: UUID, message_id: UUID) -> list[Reply]:
    """The replies to a message, oldest first."""
    sql = "select * from fn.replies($1, $2, $3)"
    return await db.many(tenant, Reply, sql, tenant.account_id, project_id, message_id)


async def create_reply(tenant: TenantPool, project_id: UUID, message_id: UUID, new: NewReply) -> UUID:
    """Queue a reply; returns its id.

    Raises:
        FeelbackError: 403, 404; 409 where the visitor asked for no more mail, changed their address, or was told that
            it is fixed; 422 for an empty or too long text, another person, or more than 20.
    """
    sql = "select fn.create_reply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    id: UUID = await db.value(
        tenant, sql, tenant.account_id, project_id, message_id, new.body, new.is_fix, new.contact, new.recipient,
        new.address_hash, new.reply_to_id, new.domain,
    )  # fmt: skip
    return id


async def is_opted_out(tenant: TenantPool, project_id: UUID, address_hash: bytes) -> bool:
    """Whether a visitor asked for no more mail from the account."""
    sql = "select fn.is_opted_out($1, $2, $3)"
    return bool(await db.value(tenant, sql, tenant.account_id, project_id, address_hash))


async def opt_out_project(
    pool: db.Pool, account_id: UUID, project_id: UUID, address_hash: bytes
) -> OptOutProject | None:
    """What an unsubscribe link is about; None if the account was deleted."""
    sql = "select * from fn.opt_out_project($1, $2, $3)"
    return await db.one(pool, OptOutProject, sql, account_id, project_id, address_hash)


async def create_opt_out(pool: db.Pool, account_id: UUID, address_hash: bytes) -> None:
    """Record that a visitor wants no more mail from an account, and stop what waits."""
    await db.value(pool, "select fn.create_opt_out($1, $2)", account_id, address_hash)


async def encrypted_visitor_key(pool: db.Pool) -> bytes | None:
    """The key by which visitors and addresses are hashed, encrypted by SECRET_KEY."""
    key: bytes | None = await db.value(pool, "select fn.encrypted_visitor_key()")
    return key
