"""Replies to visitors: to whom, from whom, and the way out of them."""

from hashlib import blake2b
from uuid import UUID

from app.config import Settings
from app.database import db
from app.database.secrets import visitor_key
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.mail import message
from app.queries import replies
from app.queries.inbox import WholeMessage
from app.queries.replies import NewReply
from app.text.email_addresses import comparable, deliverable

Ids = tuple[UUID, UUID, bytes]  # of an opt-out: account, project, hash of the address
MOST = 20  # of a message, as fn.check_reply has it
FIX_TEXT = "What you wrote to us about is fixed. Thank you for telling us."


async def create_reply(
    pool: db.Pool, tenant: TenantPool, settings: Settings, project_id: UUID, to: WholeMessage, body: str,
    reply_to_id: UUID | None, *, is_fix: bool,
) -> UUID:  # fmt: skip
    """Queue a reply to a message; returns its id.

    Raises:
        FeelbackError: 422 where the visitor left no address; as `queries.replies.create_reply`.
    """
    contact, recipient = to.contact, to.reply_to
    if not contact or not recipient or tenant.account_id is None:
        raise FeelbackError(422, "The visitor left no email address that mail can be sent to.")
    return await replies.create_reply(
        tenant,
        project_id,
        to.id,
        NewReply(
            body=body.replace("\r\n", "\n").replace("\r", "\n").strip(),
            is_fix=is_fix,
            contact=contact,
            recipient=recipient,
            address_hash=await address_hash(pool, settings, tenant.account_id, recipient),
            reply_to_id=reply_to_id,
            domain=message.sender(settings).domain,
        ),
    )


async def is_opted_out(pool: db.Pool, tenant: TenantPool, settings: Settings, project_id: UUID, recipient: str) -> bool:
    """Whether the visitor with this address asked for no more mail from the account."""
    if not recipient or tenant.account_id is None:
        return False
    hash = await address_hash(pool, settings, tenant.account_id, recipient)
    return await replies.is_opted_out(tenant, project_id, hash)


async def address_hash(pool: db.Pool, settings: Settings, account_id: UUID, address: str) -> bytes:
    """The keyed hash of an address within an account, 32 bytes. Its key outlives SECRET_KEY.

    Raises:
        ValueError: it is no address.
        ConfigError: the key was encrypted by another SECRET_KEY.
    """
    key = visitor_key(settings.secret_keys, await replies.encrypted_visitor_key(pool))
    text = comparable(deliverable(address)).encode()
    return blake2b(account_id.bytes + text, key=key, digest_size=32, person=b"opt-out").digest()


def opt_out(settings: Settings, token: str) -> Ids | None:
    """What the token of an unsubscribe link is about; None if it was not signed here or is about something else."""
    kind, *parts = (message.consent(settings, token) or "").split(" ")
    if kind != "reply" or len(parts) != 3:
        return None
    account_id, project_id, hash = parts
    return UUID(account_id), UUID(project_id), bytes.fromhex(hash)
