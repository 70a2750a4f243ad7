"""Widgets of a project by name, for filters."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class WidgetName:
    """A widget as a choice."""

    id: UUID
    name: str
    type: str


async def widget_names(tenant: TenantPool, project_id: UUID) -> list[WidgetName]:
    """The widgets of a project, by name."""
    return await db.many(tenant, WidgetName, "select * from fn.widget_names($1, $2)", tenant.account_id, project_id)
