"""The window that a member chose last in a project, and windows by their names."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Span:
    """A window in time: from `since` to before `until`; its days are those of the project's zone."""

    from_day: date
    to_day: date
    since: datetime
    until: datetime


async def update_window_choice(tenant: TenantPool, project_id: UUID, name: str, comparison: str) -> None:
    """Remember the actor's window and comparison in a project.

    Raises:
        FeelbackError: 404.
    """
    sql = "select fn.update_window_choice($1, $2, $3, $4)"
    await db.value(tenant, sql, tenant.account_id, project_id, name, comparison)


async def window_span(
    tenant: TenantPool, project_id: UUID, name: str | None, from_day: date | None, to_day: date | None
) -> Span:
    """When a window begins and ends.

    Raises:
        FeelbackError: 404 for another's project, 422 for an unknown name.
    """
    sql = "select * from fn.window_span($1, $2, $3, $4, $5)"
    return await db.row(tenant, Span, sql, tenant.account_id, project_id, name, from_day, to_day)
