"""The overview of a project: how it did in a window, what leads, what is new, what needs attention."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import FilterLabels
from app.queries.leaders import Leader
from app.queries.projects import Message, Project, with_project
from app.queries.reasons import ReasonGroup, reason_groups
from app.queries.releases import ReleaseMark
from app.queries.widgets import Option


@dataclass(frozen=True, slots=True)
class Starts:
    """Where the parts of a trend start, in the project's zone, at last where they end, and the releases between.

    `unit` is hour or day.
    """

    unit: str
    starts: list[datetime]
    releases: list[ReleaseMark]


@dataclass(frozen=True, slots=True)
class Series:
    """How many responses came in each part of a window, and in the same part of the one before."""

    responses: list[int]
    before: list[int]


@dataclass(frozen=True, slots=True)
class WidgetWindow:
    """Counts of a widget in a window: `compared` of them until the last full hour, and `before` in its comparison.

    `before` is None where there is no comparison. Sentiment, average and NPS are None for types without them, and have
    95 % intervals.
    """

    id: UUID
    name: str
    type: str
    placements: int
    responses: int
    compared: int
    before: int | None
    judged: int
    positive: float | None
    positive_interval: list[float] | None
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None
    options: list[Option]
    trend: Series


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to look at: kind is refused (name a reason, about an origin) or silent (name and id of a widget)."""

    kind: str
    name: str
    about: str
    count: int


_STARTS, _WIDGETS, _LEADERS = Decoder(Starts), Decoder(list[WidgetWindow]), Decoder(list[Leader])
_MESSAGES, _ATTENTION = Decoder(list[Message]), Decoder(list[Attention])


@dataclass(frozen=True)
class ProjectWindow:
    """A window of a project and its comparison, over the same elapsed time; days are included, and in its zone.

    What is compared is counted until `counted_until`, a full hour. What it is compared with is None where the project
    has no responses that are old enough. `positive` is a share of the `judged` responses.
    """

    from_day: date
    to_day: date
    from_day_before: date
    to_day_before: date
    counted_until: datetime
    responses: int
    compared: int
    before: int | None
    messages: int
    messages_compared: int
    messages_before: int | None
    positive: float | None
    positive_interval: list[float] | None
    positive_before: float | None
    is_positive_change: bool
    judged: int
    trend_json: str
    widgets_json: str
    leaders_json: str
    reasons_json: str

    @property
    def shift(self) -> timedelta | None:
        """How long before its comparison is; None without one."""
        return self.from_day - self.from_day_before if self.before is not None else None

    @property
    def trend(self) -> Starts:
        """Where the parts of the trend start."""
        return _STARTS.decode(self.trend_json)

    @cached_property
    def widgets(self) -> list[WidgetWindow]:
        """The widgets, oldest first."""
        return _WIDGETS.decode(self.widgets_json)

    @property
    def reasons(self) -> list[ReasonGroup]:
        """Why visitors chose options that ask for it; only of a page."""
        return reason_groups(self.reasons_json)

    @cached_property
    def leaders(self) -> dict[str, list[Leader]]:
        """The pages that lead, of each kind by place."""
        leaders: dict[str, list[Leader]] = {}
        for leader in _LEADERS.decode(self.leaders_json):
            leaders.setdefault(leader.kind, []).append(leader)
        return leaders


@dataclass(frozen=True)
class Overview(ProjectWindow):
    """The same, and what is shown whatever the window."""

    responses_ever: int
    messages_json: str
    attention_json: str

    @property
    def newest(self) -> list[Message]:
        """The newest messages, newest first."""
        return _MESSAGES.decode(self.messages_json)

    @cached_property
    def attention(self) -> list[Attention]:
        """What needs attention."""
        return _ATTENTION.decode(self.attention_json)


WINDOW = """
select p.*, l.*, w.*
from fn.project($1, $2, false) as p, fn.filter_labels($1, p.id, $7, $8, $10, $11) as l,
    fn.project_window(
        $1, p.id, null, $3, $4, now(), coalesce($5, case when $3::date is null then p.window_name end),
        coalesce($6, p.comparison), $7, $8, $9, $10, _reason => $11
    ) as w
"""
OVERVIEW = """
select p.*, l.*, o.*
from fn.project($1, $2) as p, fn.filter_labels($1, p.id, $7, $8, $10, $11) as l,
    fn.project_overview(
        $1, p.id, null, $3, $4, now(), coalesce($5, case when $3::date is null then p.window_name end),
        coalesce($6, p.comparison), $7, $8, $9, $10, $11
    ) as o
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowQuery:
    """A window by its name or its days, its comparison, and what is left out; None and "" stand for any.

    Without a name, days or comparison it is what the actor chose last.
    """

    name: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    compare: str | None = None
    page_id: UUID | None = None
    widget_id: UUID | None = None
    origin: str = ""
    option: str = ""
    reason: str = ""

    @property
    def arguments(self) -> tuple[object, ...]:
        """From $3 on."""
        return (
            self.from_day, self.to_day, self.name, self.compare, self.page_id, self.widget_id, self.origin, self.option,
            self.reason,
        )  # fmt: skip


async def project_window(
    tenant: TenantPool, slug: str, query: WindowQuery
) -> tuple[Project, FilterLabels, ProjectWindow]:
    """A project, unread not counted, and how it did in a window.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project not what the query names.
    """
    return await db.row(tenant, with_project(ProjectWindow), WINDOW, tenant.account_id, slug, *query.arguments)


async def project_overview(tenant: TenantPool, slug: str, query: WindowQuery) -> tuple[Project, FilterLabels, Overview]:
    """A project, and its overview for a window, as of `project_window`.

    Raises:
        FeelbackError: 404 where the account has no such project, or the project not what the query names.
    """
    return await db.row(tenant, with_project(Overview), OVERVIEW, tenant.account_id, slug, *query.arguments)
