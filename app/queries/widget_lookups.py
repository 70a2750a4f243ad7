"""Content sets."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class IngestSet:
    """What ingestion must know of a set; `edit_seconds` None is for ever, `fields` and `options` are JSON.

    `day` is the day of the project's zone, until `day_ends_ms` (milliseconds since 1970). `is_archived`: it, or its
    project, takes no signals. `is_stopped`: its account has used ten times its plan.
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
    day_ends_ms: int
    options: str | None


@dataclass(frozen=True, slots=True)
class ProjectSet:
    """A set of a project; `options` is a JSON array of {value, label, icon, weight} in order."""

    id: UUID
    name: str
    type: str
    visitor_policy: str
    edit_seconds: float | None
    options: str


async def ingest_set(pool: db.Pool, id: UUID, at: datetime) -> IngestSet | None:
    """The rules of a set and its day at `at`, or None."""
    return await db.one(pool, IngestSet, "select * from fn.ingest_set($1, $2)", id, at)


async def project_sets(tenant: TenantPool, project_id: UUID) -> list[ProjectSet]:
    """The sets of a project, oldest first."""
    return await db.many(tenant, ProjectSet, "select * from fn.project_sets($1, $2)", tenant.account_id, project_id)
