"""Pages, as the panel's screens show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import FilterLabels, PageFilter
from app.queries.leaders import PageFigure
from app.queries.overview import ProjectWindow, WindowQuery
from app.queries.projects import Message, Project, with_project


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in a list: responses in a window, in its comparison and `ever`; `row_count` is of the whole list."""

    id: UUID
    key: str
    title: str | None
    responses: int
    compared: int
    before: int | None
    judged: int
    unhappy: int
    sentiment: float | None
    ever: int
    created_at: datetime
    trend: list[int] | None
    widgets_json: str
    row_count: int
    from_day: date
    to_day: date

    @property
    def widgets(self) -> list[PageFigure]:
        """The figures of its widgets, most responses first."""
        return _FIGURES.decode(self.widgets_json)


@dataclass(frozen=True, slots=True)
class Rename:
    """An earlier key of a page; the time is the project's."""

    at: datetime
    from_key: str
    to_key: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A widget on a page."""

    id: UUID
    widget_id: UUID


@dataclass(frozen=True, slots=True)
class PageOverview(ProjectWindow):
    """A page in a window, and what is shown of it whatever the window."""

    id: UUID
    key: str
    title: str | None
    is_archived: bool
    created_at: datetime
    ever: int
    messages_json: str
    renames_json: str
    placements_json: str

    @property
    def newest(self) -> list[Message]:
        """Its newest messages, newest first."""
        return _MESSAGES.decode(self.messages_json)

    @property
    def renames(self) -> list[Rename]:
        """Its earlier keys, newest first."""
        return _RENAMES.decode(self.renames_json)

    @property
    def placements(self) -> dict[UUID, UUID]:
        """Its placements, by widget."""
        return {each.widget_id: each.id for each in _PLACEMENTS.decode(self.placements_json)}


_FIGURES, _MESSAGES = Decoder(list[PageFigure]), Decoder(list[Message])
_RENAMES, _PLACEMENTS = Decoder(list[Rename]), Decoder(list[Placement])
# Also a list without any row has a project.
LIST = """
select p.*, l.*, c.*
from fn.project($1, $2) as p
cross join fn.filter_labels($1, p.id, null, $7, $9, $16) as l
left join fn.page_list(
    $1, p.id, coalesce($5, case when $3::date is null then p.window_name end), $3, $4, coalesce($6, p.comparison),
    $7, $8, $9, $10, $11, $12, $13, $14, $15, _reason => $16
) as c on true
"""
PAGE = """
select p.*, l.*, c.*
from fn.project($1, $2, $10) as p, fn.filter_labels($1, p.id, null, $8, $9, $11) as l,
    fn.page_overview(
        $1, p.id, $7, coalesce($5, case when $3::date is null then p.window_name end), $3, $4,
        coalesce($6, p.comparison), $8, $9, _with_messages => $10, _reason => $11
    ) as c
"""


async def page_list(
    tenant: TenantPool, slug: str, query: WindowQuery, filter: PageFilter, *, sort: str, is_rising: bool, limit: int,
    offset: int,
) -> tuple[Project, FilterLabels, list[PageRow]]:  # fmt: skip
    """Pages of a project by `sort` (responses, score, change, unhappy, newest), the highest first or `is_rising`.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project not what the query names.
    """
    rows = await db.many(
        tenant, with_project(_page_row), LIST, tenant.account_id, slug, query.from_day, query.to_day, query.name,
        query.compare, query.widget_id, query.origin, query.option, filter.text, sort, is_rising,
        bool(filter.is_archived), limit, offset, query.reason,
    )  # fmt: skip
    return rows[0][0], rows[0][1], [row for _, _, row in rows if row is not None]


async def page_overview(
    tenant: TenantPool, slug: str, query: WindowQuery, *, with_messages: bool = False
) -> tuple[Project, FilterLabels, PageOverview]:
    """A project and one of its pages in a window; unread messages and the page's newest only `with_messages`.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project not what the query names.
    """
    return await db.row(
        tenant, with_project(PageOverview), PAGE, tenant.account_id, slug, query.from_day, query.to_day, query.name,
        query.compare, query.page_id, query.widget_id, query.option, with_messages, query.reason,
    )  # fmt: skip


async def placement_page(tenant: TenantPool, project_id: UUID, id: UUID) -> tuple[UUID, UUID]:
    """The page and the widget of a placement.

    Raises:
        FeelbackError: 404.
    """
    sql = "select p.page_id, p.widget_id from fn.placements($1, $2, _id => $3) as p"
    return await db.row(tenant, lambda page_id, widget_id: (page_id, widget_id), sql, tenant.account_id, project_id, id)


def _page_row(*columns: object) -> PageRow | None:
    return PageRow(*columns) if columns[0] is not None else None  # type: ignore[arg-type]  # all or none
