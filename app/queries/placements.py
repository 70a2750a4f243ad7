"""Contents."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class IngestContent:
    """Whose content this is, and its key."""

    content_set_id: UUID
    key: str


async def ingest_content(pool: db.Pool, id: UUID) -> IngestContent | None:
    """The set and key of a content named by its id, or None."""
    return await db.one(pool, IngestContent, "select * from fn.ingest_content($1)", id)


async def cut_key(pool: db.Pool, account_id: UUID, content_set_id: UUID, key: str) -> str | None:
    """The one key that `key` is the part of before a `#`, or None."""
    found: str | None = await db.value(pool, "select fn.cut_key($1, $2, $3)", account_id, content_set_id, key)
    return found
