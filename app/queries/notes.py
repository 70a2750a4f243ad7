"""Notes about messages, which members write to each other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Note:
    """A note; `author` is None for a program with an API key, and for somebody who left the account."""

    id: UUID
    author: str | None
    is_own: bool
    body: str
    created_at: datetime


async def notes(tenant: TenantPool, project_id: UUID, message_id: UUID) -> list[Note]:
    """The notes about a message, oldest first."""
    sql = "select * from fn.notes($1, $2, $3)"
    return await db.many(tenant, Note, sql, tenant.account_id, project_id, message_id)


async def create_note(tenant: TenantPool, project_id: UUID, message_id: UUID, body: str) -> UUID:
    """Add a note to a message; returns its id.

    Raises:
        FeelbackError: 403, 404; 422 for one that is empty or longer than 2,000 characters, or more than 100.
    """
    sql = "select fn.create_note($1, $2, $3, $4)"
    id: UUID = await db.value(tenant, sql, tenant.account_id, project_id, message_id, body)
    return id


async def delete_note(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete a note: one's own as an editor, those of others as an admin.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_note($1, $2, $3)", tenant.account_id, project_id, id)
