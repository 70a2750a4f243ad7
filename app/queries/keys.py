"""API keys."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import db


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Whose an API key is, and what it may do: read or write."""

    account_id: UUID
    project_id: UUID
    kind: str


async def ingest_api_key(pool: db.Pool, token_hash: bytes) -> ApiKey | None:
    """The key of that SHA-256, or None where there is none that holds."""
    return await db.one(pool, ApiKey, "select * from fn.ingest_api_key($1)", token_hash)


async def create_api_key(
    pool: db.Pool, account_id: UUID, project_id: UUID, kind: str, token_hash: bytes, hint: str
) -> Any:
    """The id of a new key of a project."""
    return await db.value(
        pool, "select fn.create_api_key($1, $2, $3, $4, $5)", account_id, project_id, kind, token_hash, hint
    )
