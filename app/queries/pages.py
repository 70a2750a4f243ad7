"""Pages, as the panel's screens show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import PageFilter
from app.queries.overview import Series, Starts
from app.queries.projects import Project, with_project
from app.queries.widgets import Option
from app.text import widget_types


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement in a list: responses in a window, in its comparison and `ever`; `row_count` is of the whole list."""

    id: UUID
    key: str
    widget_id: UUID
    widget_name: str
    type: str
    responses: int
    compared: int
    before: int | None
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None
    ever: int
    row_count: int


@dataclass(frozen=True, slots=True)
class PlacementWindow:
    """A rolling window of a placement."""

    days: int
    total: int
    compared: int
    before: int | None
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None


_STARTS, _PARTS = Decoder(Starts), Decoder(Series)
_OPTIONS, _WINDOWS = Decoder(list[Option]), Decoder(list[PlacementWindow])


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement: a window and its comparison, both days included, and all its rolling windows."""

    id: UUID
    page_id: UUID
    key: str
    widget_id: UUID
    widget_name: str
    type: str
    is_archived: bool
    created_at: datetime
    ever: int
    from_day: date
    to_day: date
    from_day_before: date
    to_day_before: date
    compared: int
    before: int | None
    trend_json: str
    parts_json: str
    options_json: str
    windows_json: str

    @property
    def trend(self) -> Starts:
        """Where the parts of the trend start."""
        return _STARTS.decode(self.trend_json)

    @property
    def parts(self) -> Series:
        """The responses of each part."""
        return _PARTS.decode(self.parts_json)

    @property
    def options(self) -> list[Option]:
        """The options in order, with their counts in the window."""
        return _OPTIONS.decode(self.options_json)

    @property
    def windows(self) -> list[PlacementWindow]:
        """The rolling windows, the shortest first; one without responses is missing."""
        return _WINDOWS.decode(self.windows_json)

    @property
    def responses(self) -> int:
        """The responses of the window."""
        return sum(self.parts.responses)

    @property
    def judges(self) -> bool:
        """Whether its type has a sentiment."""
        return self.type in widget_types.JUDGING


async def project_placements(
    tenant: TenantPool, project_id: UUID, filter: PageFilter, *, days: int, sort: str, is_rising: bool, limit: int,
    offset: int,
) -> list[PlacementRow]:  # fmt: skip
    """Placements of a project by `sort` (responses, score, change, newest), the highest first or `is_rising`."""
    sql = "select * from fn.project_placements($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    return await db.many(
        tenant, PlacementRow, sql, tenant.account_id, project_id, days, filter.widget_id, filter.text, sort,
        is_rising, filter.is_archived, limit, offset,
    )  # fmt: skip


async def placement(
    tenant: TenantPool,
    slug: str,
    id: UUID,
    days: int | None,
    from_day: date | None,
    to_day: date | None,
    *,
    with_unread: bool = False,
) -> tuple[Project, Placement]:
    """A project and one of its placements, for the last `days`, or else from one day to another.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project no such placement.
    """
    sql = "select p.*, c.* from fn.project($1, $2, $7) as p, fn.placement($1, p.id, $3, $4, $5, $6) as c"
    return await db.row(
        tenant, with_project(Placement), sql, tenant.account_id, slug, id, days, from_day, to_day, with_unread
    )
