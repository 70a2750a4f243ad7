"""Settings of projects."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Settings of a project; `key_rules` is a JSON object, `retention_days` None is unlimited."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    origins: list[str]
    key_rules: str
    visitor_policy: str
    retention_days: int | None
    test_mode: bool
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProjectAdmission:
    """Whether page keys may be names of any kind, and how much a day may come from one network."""

    free_keys: bool
    network_pages: int
    network_messages: int


async def project_admission(tenant: TenantPool, project_id: UUID) -> ProjectAdmission:
    """Which pages a project takes, and its limits of a day.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.project_admission($1, $2)"
    return await db.row(tenant, ProjectAdmission, sql, tenant.account_id, project_id)


async def project_settings(tenant: TenantPool, project_id: UUID | None) -> list[ProjectSettings]:
    """The settings of one project, or with None those of each that the actor may see, oldest first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.project_settings($1, $2)"
    return await db.many(tenant, ProjectSettings, sql, tenant.account_id, project_id)


async def create_project(tenant: TenantPool, name: str, slug: str, time_zone: str, origins: list[str]) -> UUID:
    """Create a project and return its id.

    Raises:
        FeelbackError: 422 naming what is wrong, 409 for a slug that is in use, 403.
    """
    sql = "select fn.create_project($1, $2, $3, $4, $5)"
    id: UUID = await db.value(tenant, sql, tenant.account_id, name, slug, time_zone, origins)
    return id


async def create_named_project(tenant: TenantPool, name: str, slug: str, time_zone: str, origins: list[str]) -> UUID:
    """Create a project and return its id. Its slug has a number after it where `slug` is in use.

    Raises:
        FeelbackError: 422 naming what is wrong, 409 for a name that is in use, 403, 402 where the plan has no room.
    """
    sql = "select fn.create_named_project($1, $2, $3, $4, $5)"
    id: UUID = await db.value(tenant, sql, tenant.account_id, name, slug, time_zone, origins)
    return id


async def update_project(
    tenant: TenantPool, project_id: UUID, changes: dict[str, Any], admission: dict[str, Any] | None = None
) -> None:
    """Update the settings in `changes`, named as in ProjectSettings; `key_rules` is an object.

    Those in `admission`, named as in ProjectAdmission, are updated with them: all or none.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a slug that is in use, 403.
    """
    sql, arguments = "select fn.update_project($1, $2, $3::text::jsonb)", [json.dumps(changes)]
    if admission:
        sql += ", fn.update_project_admission($1, $2, $4::text::jsonb)"
        arguments.append(json.dumps(admission))
    await db.value(tenant, sql, tenant.account_id, project_id, *arguments)


async def add_origin(tenant: TenantPool, project_id: UUID, origin: str) -> None:
    """Allow one more site to send responses.

    Raises:
        FeelbackError: 404, 422 for what is no origin, 403.
    """
    await db.value(tenant, "select fn.add_origin($1, $2, $3)", tenant.account_id, project_id, origin)


async def update_project_admission(tenant: TenantPool, project_id: UUID, changes: dict[str, Any]) -> None:
    """Update the settings in `changes`, named as in ProjectAdmission.

    Raises:
        FeelbackError: 404, 422, 403.
    """
    sql = "select fn.update_project_admission($1, $2, $3::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, json.dumps(changes))


async def archive_project(tenant: TenantPool, project_id: UUID) -> None:
    """Archive a project: it accepts no responses.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.archive_project($1, $2)", tenant.account_id, project_id)


async def unarchive_project(tenant: TenantPool, project_id: UUID) -> None:
    """Unarchive a project.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.unarchive_project($1, $2)", tenant.account_id, project_id)


async def delete_test_responses(tenant: TenantPool, project_id: UUID) -> int:
    """Delete the responses of test mode; returns how many.

    Raises:
        FeelbackError: 404, 403.
    """
    return int(await db.value(tenant, "select fn.delete_test_responses($1, $2)", tenant.account_id, project_id))
