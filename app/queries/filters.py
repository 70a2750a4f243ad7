"""Filters of lists that several screens and queries share."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.queries.triage import TriageFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFilter:
    """Filter of a project's responses; None and an empty text match any.

    A `reason` is of the `option`; `origin` is scheme://host[:port] or none; `sentiment` is positive or unhappy.
    """

    widget_id: UUID | None = None
    placement_id: UUID | None = None
    option: str | None = None
    reason: str = ""
    text: str = ""
    page_id: UUID | None = None
    origin: str = ""
    sentiment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFilter(ResponseFilter):
    """Responses of whole days in the project's time zone, both included; or from `since` to before `until`."""

    from_day: date | None = None
    to_day: date | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFilter(ResponseFilter):
    """Responses from `since` until before `until`, of widgets of one type and messages in one state and triage."""

    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: str = "active"
    triage: TriageFilter = field(default_factory=TriageFilter)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFilter:
    """Filter of a project's pages; None and an empty text match any."""

    widget_id: UUID | None = None
    text: str = ""
    is_archived: bool | None = None


@dataclass(frozen=True, slots=True)
class FilterLabels:
    """What the ids of a filter are called; None without one."""

    page_key: str | None = None
    page_title: str | None = None
    widget_name: str | None = None
    option_label: str | None = None
    reason_label: str | None = None


async def filter_labels(
    tenant: TenantPool,
    project_id: UUID,
    page_id: UUID | None,
    widget_id: UUID | None,
    option: str,
    reason: str = "",
) -> FilterLabels:
    """What the page, the widget, the option and the reason of a filter are called.

    Raises:
        FeelbackError: 404 where the project does not have one of them.
    """
    sql = "select * from fn.filter_labels($1, $2, $3, $4, $5, $6)"
    return await db.row(tenant, FilterLabels, sql, tenant.account_id, project_id, page_id, widget_id, option, reason)


async def check_origin(tenant: TenantPool, project_id: UUID, origin: str) -> None:
    """Check that a project has a page of an origin.

    Raises:
        FeelbackError: 404 if it has none.
    """
    await db.value(tenant, "select fn.check_origin($1, $2, $3)", tenant.account_id, project_id, origin)
