"""Deletion of many pages at once: choose by origin and pattern, look, delete."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """An origin of page keys, `none` for keys that are no address, and its number of pages."""

    origin: str
    pages: int


@dataclass(frozen=True, slots=True)
class MatchingPage:
    """A page that matches; `pages` and `responses` are of all that do."""

    key: str
    created_at: datetime
    pages: int
    responses: int


async def page_origins(tenant: TenantPool, project_id: UUID) -> list[PageOrigin]:
    """The origins of a project's pages, those with most pages first."""
    sql = "select * from fn.page_origins($1, $2)"
    return await db.many(tenant, PageOrigin, sql, tenant.account_id, project_id)


async def matching_pages(
    tenant: TenantPool, project_id: UUID, origin: str, pattern: str, until: datetime
) -> list[MatchingPage]:
    """The newest pages of an origin whose key contains a pattern, of those that were there at `until`."""
    sql = "select * from fn.matching_pages($1, $2, $3, $4, $5)"
    return await db.many(tenant, MatchingPage, sql, tenant.account_id, project_id, origin, pattern, until)


async def delete_pages(tenant: TenantPool, project_id: UUID, origin: str, pattern: str, until: datetime) -> int:
    """Delete the pages that `matching_pages` describes, many of them in the background; returns how many.

    Raises:
        FeelbackError: 403, 409 where the project is being deleted, 422 without an origin or a pattern.
    """
    sql = "select fn.delete_pages($1, $2, $3, $4, $5)"
    return int(await db.value(tenant, sql, tenant.account_id, project_id, origin, pattern, until))
