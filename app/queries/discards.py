"""Projects, content sets and contents, deleted for good; and how far what takes its time has come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A project, set or content (`kind`) that is being deleted: how many signals it had, and how many are gone."""

    id: UUID
    project_id: UUID
    kind: str
    name: str
    asked_at: datetime
    signals: int
    gone: int

    @property
    def share(self) -> float:
        """How much of it is gone, 0 to 1."""
        return self.gone / self.signals if self.signals else 1.0


async def discard_project(tenant: TenantPool, project_id: UUID) -> bool:
    """Deletes a project with all that is in it; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.discard_project($1, $2)", tenant.account_id, project_id))


async def discard_content_set(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Deletes a content set with all that is in it; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.discard_content_set($1, $2, $3)", tenant.account_id, project_id, id))


async def discard_content(tenant: TenantPool, project_id: UUID, id: UUID) -> bool:
    """Deletes a content with all that it was told; False where that goes on in the background.

    Raises:
        FeelbackError: 404, 403, 409 where it has begun already.
    """
    return bool(await db.value(tenant, "select fn.discard_content($1, $2, $3)", tenant.account_id, project_id, id))


async def deletions(tenant: TenantPool, project_id: UUID | None) -> list[Deletion]:
    """What of the account, or of one project of it, is being deleted.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    return await db.many(tenant, Deletion, "select * from fn.deletions($1, $2)", tenant.account_id, project_id)
