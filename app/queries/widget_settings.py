"""Settings and options of widgets."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.follow_ups import FollowUp


@dataclass(frozen=True, slots=True)
class WidgetOption:
    """An option of a widget; a retired one is not offered any more."""

    value: str
    label: str
    icon: str
    weight: float
    aliases: list[str]
    retired: bool


_OPTIONS, _FOLLOW_UPS = Decoder(list[WidgetOption]), Decoder(list[FollowUp])


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """Settings of a widget; `edit_seconds` None is unlimited.

    `key_rules`, `fields`, `options`, `appearance`, `texts` and `follow_ups` are JSON.
    """

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
    appearance: str
    texts: str
    follow_ups: str

    @property
    def all_options(self) -> list[WidgetOption]:
        """The options in order, those that are retired last."""
        return _OPTIONS.decode(self.options)

    @property
    def all_follow_ups(self) -> list[FollowUp]:
        """The follow-ups in the order of the options."""
        return _FOLLOW_UPS.decode(self.follow_ups)


@dataclass(frozen=True, slots=True)
class WidgetDesign:
    """How a widget looks and what it says; what is missing is the page's or the element's own.

    Appearance: accent, background and text are colors (#rrggbb), radius and size are in pixels. Texts are by language
    ("" for all pages) and by name: label, sent, message …, and option:VALUE for an option's label.
    """

    appearance_json: str
    texts_json: str

    @property
    def appearance(self) -> dict[str, str | float]:
        """The appearance by name."""
        return dict(json.loads(self.appearance_json))

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """The texts by language and name."""
        return dict(json.loads(self.texts_json))


async def widget_design(tenant: TenantPool, project_id: UUID, id: UUID) -> WidgetDesign:
    """Appearance and texts of a widget.

    Raises:
        FeelbackError: 404 where there is no such widget or project.
    """
    sql = "select * from fn.widget_design($1, $2, $3)"
    return await db.row(tenant, WidgetDesign, sql, tenant.account_id, project_id, id)


async def widget_settings(tenant: TenantPool, project_id: UUID, id: UUID | None = None) -> list[WidgetSettings]:
    """The settings of one widget, or with None those of each of the project, oldest first.

    Raises:
        FeelbackError: 404 where there is no such widget or project.
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
    appearance: dict[str, Any] | None = None,
    texts: dict[str, Any] | None = None,
    follow_ups: list[dict[str, Any]] | None = None,
) -> UUID:
    """Create a widget and return its id; without options it gets those of the preset or of its type.

    `follow_ups` are as update_follow_ups takes them; with None it gets those of the preset.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a name that is in use, 403.
    """
    sql = """select fn.create_widget(
        $1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9::text::jsonb, $10, _key_rules => $11::text::jsonb,
        _appearance => $12::text::jsonb, _texts => $13::text::jsonb, _follow_ups => $14::text::jsonb)"""
    id: UUID = await db.value(
        tenant, sql, tenant.account_id, project_id, name, type, preset,
        None if options is None else json.dumps(options), visitor_policy, edit_window,
        json.dumps(fields or []), is_open_form, json.dumps(key_rules or {}),
        json.dumps(appearance or {}), json.dumps(texts or {}), None if follow_ups is None else json.dumps(follow_ups),
    )  # fmt: skip
    return id


async def update_widget(tenant: TenantPool, project_id: UUID, id: UUID, changes: dict[str, Any]) -> None:
    """Update the settings in `changes`, named as in WidgetSettings; `key_rules` is an object, `fields` a list.

    `appearance` and `texts` are objects, as in WidgetDesign.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a name that is in use, 403.
    """
    sql = "select fn.update_widget($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, id, json.dumps(changes))


async def edit_widget(
    tenant: TenantPool,
    project_id: UUID,
    id: UUID,
    changes: dict[str, Any],
    options: list[dict[str, Any]] | None,
    follow_ups: list[dict[str, Any]] | None = None,
) -> None:
    """Update settings as update_widget does, options as update_options and follow-ups as update_follow_ups do.

    Each of them only where it is given; all or nothing.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 409 for a name that is in use, 403.
    """
    sql = "select fn.edit_widget($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6::text::jsonb)"
    await db.value(
        tenant, sql, tenant.account_id, project_id, id, json.dumps(changes),
        None if options is None else json.dumps(options), None if follow_ups is None else json.dumps(follow_ups),
    )  # fmt: skip


async def update_options(tenant: TenantPool, project_id: UUID, id: UUID, options: list[dict[str, Any]]) -> None:
    """Replace the options: {value, label?, icon?, weight?, aliases?} each, in this order; missing ones are retired.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 403.
    """
    sql = "select fn.update_options($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, id, json.dumps(options))


async def archive_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Archive a widget: it accepts no responses.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.archive_widget($1, $2, $3)", tenant.account_id, project_id, id)


async def unarchive_widget(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Unarchive a widget.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.unarchive_widget($1, $2, $3)", tenant.account_id, project_id, id)
