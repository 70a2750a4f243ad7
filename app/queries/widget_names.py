"""The sets of a project by name: what a filter offers."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class SetName:
    """A content set as a choice."""

    id: UUID
    name: str
    type: str


async def set_names(tenant: TenantPool, project_id: UUID) -> list[SetName]:
    """The sets of a project, by name."""
    return await db.many(tenant, SetName, "select * from fn.set_names($1, $2)", tenant.account_id, project_id)
