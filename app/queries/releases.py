"""Releases of a project: changes of a website or an app, and how the pages did before and after."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.text.times import in_utc


@dataclass(frozen=True, slots=True)
class Release:
    """A release; `patterns` are globs of the page keys that it touches."""

    id: UUID
    name: str
    released_at: datetime
    link: str | None
    patterns: list[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseMark:
    """A release to draw on a chart, at a time in the project's zone."""

    id: UUID
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WidgetComparison:
    """What a widget says of a page after a release and before it; shares and averages are None for types without them.

    `difference` is the 90 % interval of the averages' difference, `chance` the probability that it is better now, and
    `verdict` better, worse, early (too early to tell) or none (one side has no responses).
    """

    id: UUID
    name: str
    type: str
    responses: int
    responses_before: int
    is_change: bool
    positive: float | None
    positive_before: float | None
    average: float | None
    average_before: float | None
    difference: list[float] | None
    chance: float | None
    verdict: str


_WIDGETS = Decoder(list[WidgetComparison])


@dataclass(frozen=True, slots=True)
class ReleaseFigures:
    """A page that a release touches, after it and before it, over as many `days`; times are in the project's zone.

    `chance` is the probability that the positive share is higher now; `verdict` is as of `WidgetComparison`.
    """

    release_id: UUID
    name: str
    link: str | None
    released_at: datetime
    days: int
    from_before: date
    to_before: date
    from_after: date
    to_after: date
    page_id: UUID
    key: str
    title: str | None
    responses: int
    responses_before: int
    positive: float | None
    positive_before: float | None
    chance: float | None
    verdict: str
    widgets_json: str
    row_count: int

    @property
    def widgets(self) -> list[WidgetComparison]:
        """Its widgets with responses in these days, oldest first."""
        return _WIDGETS.decode(self.widgets_json)


async def releases(
    tenant: TenantPool, project_id: UUID, *, after_id: UUID | None = None, limit: int = 100
) -> list[Release]:
    """Releases, the latest first, after `after_id`.

    Raises:
        FeelbackError: 404 for an unknown project, 403.
    """
    sql = "select * from fn.releases($1, $2, $3, $4)"
    return await db.many(tenant, Release, sql, tenant.account_id, project_id, after_id, limit)


async def release(tenant: TenantPool, project_id: UUID, id: UUID) -> Release:
    """One release.

    Raises:
        FeelbackError: 404, 403.
    """
    sql = "select * from fn.releases($1, $2, null, 1, $3)"
    row = await db.one(tenant, Release, sql, tenant.account_id, project_id, id)
    assert row is not None  # the function raises 404
    return row


async def create_release(
    tenant: TenantPool,
    project_id: UUID,
    name: str,
    *,
    released_at: datetime | None = None,
    link: str | None = None,
    patterns: list[str],
) -> UUID:
    """Create a release, by default of now; returns its id, or that of the one with the same name and time.

    Raises:
        FeelbackError: 403, 404, 422 for a wrong name, time, link or pattern.
    """
    time = in_utc(released_at) if released_at else None
    sql = "select fn.create_release($1, $2, $3, $4, $5, $6)"
    id = await db.value(tenant, sql, tenant.account_id, project_id, name, time, link, patterns)
    return UUID(str(id))


async def delete_release(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete a release.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_release($1, $2, $3)", tenant.account_id, project_id, id)


async def release_figures(
    tenant: TenantPool, project_id: UUID, *, release_id: UUID | None = None, page_id: UUID | None = None, limit: int
) -> list[ReleaseFigures]:
    """The pages that a release touches, those with most responses first, or the releases that touch a page.

    Raises:
        FeelbackError: 404 for an unknown project, 403.
    """
    sql = "select * from fn.release_figures($1, $2, $3, $4, $5)"
    return await db.many(tenant, ReleaseFigures, sql, tenant.account_id, project_id, release_id, page_id, limit)
