"""Saved views: filters of a project's inbox by name, which its members share."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view; `query` is the query string of the inbox's address, without its question mark."""

    id: UUID
    name: str
    query: str
    created_at: datetime


async def saved_views(tenant: TenantPool, project_id: UUID) -> list[SavedView]:
    """The saved views of a project by name."""
    return await db.many(tenant, SavedView, "select * from fn.saved_views($1, $2)", tenant.account_id, project_id)


async def create_saved_view(tenant: TenantPool, project_id: UUID, name: str, query: str) -> UUID:
    """Save a view; returns its id.

    Raises:
        FeelbackError: 403, 404; 409 for the name of another; 422 for a wrong name, an empty filter or more than 50.
    """
    sql = "select fn.create_saved_view($1, $2, $3, $4)"
    id: UUID = await db.value(tenant, sql, tenant.account_id, project_id, name, query)
    return id


async def update_saved_view(tenant: TenantPool, project_id: UUID, id: UUID, name: str) -> None:
    """Rename a saved view.

    Raises:
        FeelbackError: 403, 404; 409 for the name of another; 422 for a wrong name.
    """
    await db.value(tenant, "select fn.update_saved_view($1, $2, $3, $4)", tenant.account_id, project_id, id, name)


async def delete_saved_view(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete a saved view.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_saved_view($1, $2, $3)", tenant.account_id, project_id, id)
