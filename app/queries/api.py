"""Lists of the management API that are read page by page."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import PageFilter, TimeFilter


@dataclass(frozen=True, slots=True)
class ResponsePage:
    """Responses as a JSON array, and the id to continue after."""

    items_json: str
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement; `counts` is a JSON object by the options' values."""

    id: UUID
    page_id: UUID
    widget_id: UUID
    key: str
    created_at: datetime
    archived_at: datetime | None
    responses: int
    counts: str | None


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page; `placements` is a JSON array of {id, widget}."""

    id: UUID
    key: str
    title: str | None
    created_at: datetime
    archived_at: datetime | None
    responses: int
    placements: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusals for one reason from one origin, and the hours of the first and the last."""

    reason: str
    origin: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recap recipient outside the account; `state` is asked, confirmed or ended."""

    id: UUID
    email: str
    weekly: bool
    monthly: bool
    state: str
    requested_at: datetime


async def responses(
    tenant: TenantPool, project_id: UUID, filter: TimeFilter, *, before_id: UUID | None = None, limit: int
) -> ResponsePage:
    """A page of single responses, newest first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.responses($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    return await db.row(
        tenant, ResponsePage, sql, tenant.account_id, project_id, filter.widget_id, filter.placement_id,
        filter.type, filter.option, filter.since, filter.until, filter.text, filter.state, before_id, limit,
        filter.reason or None, *filter.triage.arguments,
    )  # fmt: skip


async def placements(
    tenant: TenantPool, project_id: UUID, filter: PageFilter, *, after_id: UUID | None = None, limit: int
) -> list[PlacementRow]:
    """Placements in the order in which they were first seen.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.placements($1, $2, $3, $4, $5, $6, $7)"
    return await db.many(
        tenant, PlacementRow, sql, tenant.account_id, project_id, filter.widget_id, filter.text,
        filter.is_archived, after_id, limit,
    )  # fmt: skip


async def pages(
    tenant: TenantPool, project_id: UUID, text: str, is_archived: bool | None, *, after_id: UUID | None, limit: int
) -> list[PageRow]:
    """Pages in the order in which they were first seen, after `after_id`.

    Raises:
        FeelbackError: 404 for an unknown project.
    """
    sql = "select * from fn.pages($1, $2, $3, $4, $5, $6)"
    return await db.many(tenant, PageRow, sql, tenant.account_id, project_id, text, is_archived, after_id, limit)


async def page(tenant: TenantPool, project_id: UUID, id: UUID) -> PageRow:
    """One page.

    Raises:
        FeelbackError: 404 for an unknown project or page.
    """
    sql = "select * from fn.pages($1, $2, '', null, null, 1, $3)"
    return await db.row(tenant, PageRow, sql, tenant.account_id, project_id, id)


async def placement(tenant: TenantPool, project_id: UUID, id: UUID) -> PlacementRow:
    """One placement.

    Raises:
        FeelbackError: 404 for an unknown project or placement.
    """
    sql = "select * from fn.placements($1, $2, null, '', null, null, 1, $3)"
    return await db.row(tenant, PlacementRow, sql, tenant.account_id, project_id, id)


async def refusals(tenant: TenantPool, project_id: UUID, since: datetime, until: datetime) -> list[Refusals]:
    """Refusals by reason and origin, most first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.refusals($1, $2, $3, $4)"
    return await db.many(tenant, Refusals, sql, tenant.account_id, project_id, since, until)


async def recap_recipients(tenant: TenantPool, project_id: UUID) -> list[Recipient]:
    """Recap recipients outside the account.

    Raises:
        FeelbackError: 404, 403 below admin.
    """
    return await db.many(tenant, Recipient, "select * from fn.recap_recipients($1, $2)", tenant.account_id, project_id)


@dataclass(frozen=True, slots=True)
class Period:
    """A closed week, month or year; `counts` is a JSON object, None for a project; reasons only where asked for."""

    starts_on: date
    counts: str | None
    total: int
    before: int | None
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    average: float | None
    nps: float | None
    score: float | None
    reasons_json: str | None


@dataclass(frozen=True, slots=True)
class Leader:
    """A page that leads a window in some way (`kind`)."""

    kind: str
    place: int
    widget_id: UUID
    placement_id: UUID
    key: str
    total: int
    compared: int
    before: int | None
    change: int | None
    score: float | None
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class TrendDay:
    """A day of the project's zone, and its responses."""

    day: date
    responses: int


async def scope_windows(
    tenant: TenantPool, project_id: UUID, scope: str, id: UUID | None, *, with_reasons: bool, with_seen: bool
) -> str | None:
    """Windows of a project, widget or placement (`scope`), a JSON array; None without a response.

    Raises:
        FeelbackError: 404.
    """
    sql = "select fn.scope_windows($1, $2, $3, $4, $5, $6)"
    args = (tenant.account_id, project_id, scope, id, with_reasons, with_seen)
    windows_json: str | None = await db.value(tenant, sql, *args)
    return windows_json


async def scope_periods(
    tenant: TenantPool,
    project_id: UUID,
    scope: str,
    id: UUID | None,
    unit: str,
    since: date,
    until: date,
    *,
    with_reasons: bool = False,
) -> list[Period]:
    """Closed periods of a project, widget or placement (`scope`), newest first.

    Raises:
        FeelbackError: 404, 422.
    """
    sql = "select * from fn.scope_periods($1, $2, $3, $4, $5, $6, $7, $8)"
    return await db.many(
        tenant, Period, sql, tenant.account_id, project_id, scope, id, unit, since, until, with_reasons
    )


async def leaders(tenant: TenantPool, project_id: UUID, days: int) -> list[Leader]:
    """The pages that lead a window.

    Raises:
        FeelbackError: 404.
    """
    return await db.many(tenant, Leader, "select * from fn.leaders($1, $2, $3)", tenant.account_id, project_id, days)


async def project_days(
    tenant: TenantPool, project_id: UUID, since: date | None, until: date | None, widget_id: UUID | None
) -> list[TrendDay]:
    """Every day from `since` to `until`, none left out; by default the 30 until today in the project's zone.

    Raises:
        FeelbackError: 404, 422 for too many days.
    """
    sql = "select * from fn.project_days($1, $2, $3::date, $4::date, $5)"
    return await db.many(tenant, TrendDay, sql, tenant.account_id, project_id, since, until, widget_id)
