"""Widgets as the panel's screens and a page's widgets show them, with their counts."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.follow_ups import Reason


@dataclass(frozen=True, slots=True)
class Option:
    """An option and how many responses chose it; its reasons where they filter a list."""

    value: str
    label: str
    icon: str
    weight: float
    count: int
    reasons: list[Reason] = field(default_factory=list)


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
    """A widget of a project with its counts of all time, and the 95 % intervals of what they say."""

    id: UUID
    name: str
    type: str
    project_slug: str
    project_name: str
    placements: int
    responses: int
    positive: float | None
    positive_interval: list[float] | None
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None
    options_json: str

    @property
    def options(self) -> list[Option]:
        """The options in order."""
        return _OPTIONS.decode(self.options_json)


@dataclass(frozen=True, slots=True)
class WidgetPlacement:
    """A placement of a widget; `counts` are in the options' order, `row_count` is of the whole list."""

    key: str
    responses: int
    counts: list[int]
    sentiment: float | None
    sentiment_interval: list[float] | None
    nps: float | None
    created_at: datetime
    row_count: int
    page_id: UUID


@dataclass(frozen=True, slots=True)
class DemoWidget:
    """A widget with its counts on one page."""

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
    """One widget of a project.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project no such widget.
    """
    return await db.row(tenant, Widget, "select * from fn.widget($1, $2, $3)", tenant.account_id, slug, id)


async def widget_placements(
    tenant: TenantPool, widget_id: UUID, search: str, limit: int, offset: int
) -> list[WidgetPlacement]:
    """Placements of a widget whose key contains `search`, most responses first."""
    sql = "select * from fn.widget_placements($1, $2, $3, $4, $5)"
    return await db.many(tenant, WidgetPlacement, sql, tenant.account_id, widget_id, search, limit, offset)


async def demo_widgets(pool: db.Executor, account_id: UUID, project_id: UUID, key: str) -> list[DemoWidget]:
    """Widgets of a project, oldest first, with their counts on the page of that canonical key."""
    return await db.many(pool, DemoWidget, "select * from fn.demo_widgets($1, $2, $3)", account_id, project_id, key)
