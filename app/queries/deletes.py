"""Projects, widgets and pages, deleted for good; and how far what takes its time has come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A project, set or page (`kind`) that is being deleted: how many responses it had, and how many are deleted."""

    id: UUID
    project_id: UUID
    kind: str
    name: str
    requested_at: datetime
    responses: int
    deleted: int

    @property
    def share(self) -> float:
        """How much of it is deleted, 0 to 1."""
        return self.deleted / self.responses if self.responses else 1.0


async def delete_project(tenant: TenantPool, project_id: UUID) -> bool:
    """Deletes a project with all that is in it; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_project($1, $2)", tenant.account_id, project_id))


async def delete_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Deletes a widget with all that is in it; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_widget($1, $2, $3)", tenant.account_id, project_id, id))


async def delete_placement(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Deletes a page with all that it was told; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.delete_placement($1, $2, $3)", tenant.account_id, project_id, id))


async def deletions(tenant: TenantPool, project_id: UUID | None) -> list[Deletion]:
    """What of the account, or of one project of it, is being deleted.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    return await db.many(tenant, Deletion, "select * from fn.deletions($1, $2)", tenant.account_id, project_id)
