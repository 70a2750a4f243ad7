"""Content sets."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app import db


@dataclass(frozen=True, slots=True)
class IngestSet:
    """What ingestion must know of a set; `edit_seconds` None is for ever, `fields` and `options` are JSON.

    `day` is the day of the project's zone, until `day_ends_ms` (milliseconds since 1970).
    """

    account_id: UUID
    project_id: UUID
    type: str
    visitor_policy: str
    edit_seconds: float | None
    origins: list[str]
    test_mode: bool
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


async def project_sets(pool: db.Pool, account_id: UUID, project_id: UUID) -> list[ProjectSet]:
    """The sets of a project, oldest first."""
    return await db.many(pool, ProjectSet, "select * from fn.project_sets($1, $2)", account_id, project_id)


async def create_content_set(
    pool: db.Pool,
    account_id: UUID,
    project_id: UUID,
    name: str,
    type: str,
    preset: str | None,
    options: str | None,
    visitor_policy: str,
    edit_window: timedelta | None,
    fields: str,
    is_open_form: bool,
) -> Any:
    """The id of a new set; `options` and `fields` are JSON arrays, a window of None is for ever.

    Raises:
        FeelbackError: 422 naming what is wrong, 409 for a name that is taken.
    """
    return await db.value(
        pool,
        "select fn.create_content_set($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9::text::jsonb, $10)",
        account_id,
        project_id,
        name,
        type,
        preset,
        options,
        visitor_policy,
        edit_window,
        fields,
        is_open_form,
    )
