"""Widgets as the panel's screens and a page's widgets show them, with their counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Option:
    """An option and how many responses chose it."""

    value: str
    label: str
    icon: str
    weight: float
    count: int


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that a form declares."""

    name: str
    kind: str = "text"
    label: str = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: list[str] | None = None


_OPTIONS, _FIELDS = Decoder(list[Option]), Decoder(list[FormField])


@dataclass(frozen=True, slots=True)
class Widget:
    """A set of a project with what it has been told in all."""

    id: UUID
    name: str
    type: str
    project_slug: str
    project_name: str
    placements: int
    responses: int
    sentiment: float | None
    average: float | None
    options_json: str

    @property
    def options(self) -> list[Option]:
        """The options in order."""
        return _OPTIONS.decode(self.options_json)


@dataclass(frozen=True, slots=True)
class WidgetPlacement:
    """A page of a widget; `counts` are in the options' order, `found` is how many the search found."""

    key: str
    responses: int
    counts: list[int]
    sentiment: float | None
    created_at: datetime
    found: int


@dataclass(frozen=True, slots=True)
class DemoWidget:
    """A set with what one page has been told."""

    id: UUID
    name: str
    type: str
    responses: int
    options_json: str
    fields_json: str

    @property
    def options(self) -> list[Option]:
        """The options in order."""
        return _OPTIONS.decode(self.options_json)

    @property
    def fields(self) -> list[FormField]:
        """The fields of a form, in order."""
        return _FIELDS.decode(self.fields_json)


async def widget(tenant: TenantPool, slug: str, id: UUID) -> Widget:
    """One set of a project.

    Raises:
        FeelbackError: 404 where the account has no such set in no such project.
    """
    return await db.row(tenant, Widget, "select * from fn.widget($1, $2, $3)", tenant.account_id, slug, id)


async def widget_placements(
    tenant: TenantPool, widget_id: UUID, search: str, limit: int, offset: int
) -> list[WidgetPlacement]:
    """A page of a widget's pages that hold `search` in their key, those with most responses first."""
    sql = "select * from fn.widget_placements($1, $2, $3, $4, $5)"
    return await db.many(tenant, WidgetPlacement, sql, tenant.account_id, widget_id, search, limit, offset)


async def demo_widgets(pool: db.Executor, account_id: UUID, project_id: UUID, key: str) -> list[DemoWidget]:
    """The widgets of a project, oldest first, with what the page of that canonical key has been told."""
    return await db.many(pool, DemoWidget, "select * from fn.demo_widgets($1, $2, $3)", account_id, project_id, key)
