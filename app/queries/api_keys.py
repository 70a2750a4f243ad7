"""API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key; `scope` is send, read_counts, read_messages or manage."""

    account_id: UUID
    project_id: UUID
    scope: str

    @property
    def may_send(self) -> bool:
        """Whether it may send responses."""
        return self.scope in ("send", "manage")

    @property
    def may_read(self) -> bool:
        """Whether it may read counts that are not for everybody."""
        return self.scope != "send"


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """An API key in a list; `hint` is the end of its secret."""

    id: UUID
    scope: str
    name: str
    hint: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


async def ingest_api_key(pool: db.Pool, token_hash: bytes) -> ApiKey | None:
    """The valid key of that SHA-256, or None."""
    return await db.one(pool, ApiKey, "select * from fn.ingest_api_key($1)", token_hash)


async def create_api_key(
    tenant: TenantPool,
    project_id: UUID,
    scope: str,
    token_hash: bytes,
    hint: str,
    name: str = "",
    expires_at: datetime | None = None,
) -> Any:
    """Create a key and return its id; without `expires_at` it is valid until it is revoked.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 403.
    """
    sql = "select fn.create_api_key($1, $2, $3, $4, $5, $6, $7)"
    return await db.value(tenant, sql, tenant.account_id, project_id, scope, token_hash, hint, name, expires_at)


async def api_keys(tenant: TenantPool, project_id: UUID) -> list[ApiKeyRow]:
    """Keys of a project, newest first, revoked ones last.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    return await db.many(tenant, ApiKeyRow, "select * from fn.api_keys($1, $2)", tenant.account_id, project_id)


async def revoke_api_key(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Revoke a key.

    Raises:
        FeelbackError: 404, 403.
    """
    await db.value(tenant, "select fn.revoke_api_key($1, $2, $3)", tenant.account_id, project_id, id)


@dataclass(frozen=True, slots=True)
class KeyActor:
    """Owner of an API key and its rate limit; `is_over` where the limit is exceeded."""

    account_id: UUID
    project_id: UUID
    api_key_id: UUID
    kind: str
    is_over: bool
    remaining: int | None
    reset_seconds: int | None


async def key_actor(pool: db.Pool, token_hash: bytes, requests: int | None, period: timedelta) -> KeyActor | None:
    """Owner of the key, counting one of `requests` (None: unlimited) per period; None for an invalid key."""
    sql = "select * from fn.key_actor($1, $2, $3)"
    return await db.one(pool, KeyActor, sql, token_hash, requests, period)
