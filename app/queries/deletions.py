"""Deletion of projects, widgets and placements, and the progress of deletions in the background."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A project, widget, placement or many pages (`kind`), being deleted; `responses` is their number at the start."""

    id: UUID
    project_id: UUID
    kind: str
    name: str
    requested_at: datetime
    responses: int
    deleted: int

    @property
    def share(self) -> float:
        """Deleted share, 0 to 1."""
        return self.deleted / self.responses if self.responses else 1.0


async def delete_project(tenant: TenantPool, project_id: UUID) -> bool:
    """Delete a project and everything in it; False where the deletion continues in the background.

    Raises:
        FeelbackError: 404, 403, 409 if the deletion has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_project($1, $2)", tenant.account_id, project_id))


async def delete_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Delete a widget with its responses and counts; False where the deletion continues in the background.

    Raises:
        FeelbackError: 404, 403, 409 if the deletion has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_widget($1, $2, $3)", tenant.account_id, project_id, id))


async def delete_placement(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Delete a placement with its responses and counts; False where the deletion continues in the background.

    Raises:
        FeelbackError: 404, 403, 409 if the deletion has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_placement($1, $2, $3)", tenant.account_id, project_id, id))


async def deletions(tenant: TenantPool, project_id: UUID | None) -> list[Deletion]:
    """Deletions in progress in the account, or in one project.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    return await db.many(tenant, Deletion, "select * from fn.deletions($1, $2)", tenant.account_id, project_id)
