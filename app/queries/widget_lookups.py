"""Widgets."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class IngestWidget:
    """A widget for ingestion; `edit_seconds` None is unlimited, `fields`, `options` and `follow_ups` are JSON.

    `day` is the day of the project's zone, from `day_starts_ms` until `day_ends_ms` (milliseconds since 1970).
    `is_archived`: it, or its project, takes no responses. `is_stopped`: its account has used ten times its plan's
    responses.
    """

    account_id: UUID
    project_id: UUID
    type: str
    visitor_policy: str
    edit_seconds: float | None
    origins: list[str]
    test_mode: bool
    is_archived: bool
    is_stopped: bool
    key_rules: str
    fields: str
    is_open_form: bool
    day: date
    day_starts_ms: int
    day_ends_ms: int
    options: str | None
    follow_ups: str | None


@dataclass(frozen=True, slots=True)
class ProjectWidget:
    """A widget of a project; `options` is a JSON array of {value, label, icon, weight} in order."""

    id: UUID
    name: str
    type: str
    visitor_policy: str
    edit_seconds: float | None
    options: str


async def ingest_widget(pool: db.Pool, id: UUID, at: datetime) -> IngestWidget | None:
    """The rules of a widget and its day at `at`, or None."""
    return await db.one(pool, IngestWidget, "select * from fn.ingest_widget($1, $2)", id, at)


async def project_widgets(tenant: TenantPool, project_id: UUID) -> list[ProjectWidget]:
    """The widgets of a project, oldest first."""
    return await db.many(
        tenant, ProjectWidget, "select * from fn.project_widgets($1, $2)", tenant.account_id, project_id
    )
