"""Widgets: made, changed, archived, and their options."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class WidgetOption:
    """An option of a widget; a retired one is not offered any more."""

    value: str
    label: str
    icon: str
    weight: float
    aliases: list[str]
    retired: bool


_OPTIONS = Decoder(list[WidgetOption])


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """All that can be set of a widget; `edit_seconds` None is for ever, `key_rules` and `fields` are JSON."""

    id: UUID
    name: str
    type: str
    visitor_policy: str
    edit_seconds: float | None
    key_rules: str
    fields: str
    is_open_form: bool
    placements: int
    created_at: datetime
    archived_at: datetime | None
    options: str

    @property
    def all_options(self) -> list[WidgetOption]:
        """The options in order, those that are retired last."""
        return _OPTIONS.decode(self.options)


async def widget_settings(tenant: TenantPool, project_id: UUID, id: UUID | None = None) -> list[WidgetSettings]:
    """The settings of one widget, or with None those of each of the project, oldest first.

    Raises:
        FeelbackError: 404 where there is no such set or project.
    """
    sql = "select * from fn.widget_settings($1, $2, $3)"
    return await db.many(tenant, WidgetSettings, sql, tenant.account_id, project_id, id)


async def create_widget(
    tenant: TenantPool,
    project_id: UUID,
    name: str,
    type: str,
    *,
    preset: str | None = None,
    options: list[dict[str, Any]] | None = None,
    visitor_policy: str | None = None,
    edit_window: timedelta | None = timedelta(hours=1),
    fields: list[dict[str, Any]] | None = None,
    is_open_form: bool = False,
    key_rules: dict[str, Any] | None = None,
) -> UUID:
    """The id of a new widget; without options it has those of the preset or of its type.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a name that is taken, 403.
    """
    sql = """select fn.create_widget(
        $1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9::text::jsonb, $10, _key_rules => $11::text::jsonb)"""
    given = None if options is None else json.dumps(options)
    further = json.dumps(fields or []), is_open_form, json.dumps(key_rules or {})
    made = tenant.account_id, project_id, name, type, preset, given, visitor_policy, edit_window, *further
    id: UUID = await db.value(tenant, sql, *made)
    return id


async def update_widget(tenant: TenantPool, project_id: UUID, id: UUID, changes: dict[str, Any]) -> None:
    """Changes the settings that `changes` names as WidgetSettings does; `key_rules` is an object, `fields` a list.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a name that is taken, 403.
    """
    sql = "select fn.update_widget($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, id, json.dumps(changes))


async def update_options(tenant: TenantPool, project_id: UUID, id: UUID, options: list[dict[str, Any]]) -> None:
    """Gives a widget these options, in this order: {value, label?, icon?, weight?, aliases?}; one left out is retired.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 403.
    """
    sql = "select fn.update_options($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, id, json.dumps(options))


async def archive_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """A widget takes no more responses.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.archive_widget($1, $2, $3)", tenant.account_id, project_id, id)


async def unarchive_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """An archived widget takes responses again.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.unarchive_widget($1, $2, $3)", tenant.account_id, project_id, id)
