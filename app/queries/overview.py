"""The overview of a project: how it did in a window, what leads, what is new, what needs attention."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.projects import Message, Project, with_project
from app.queries.widgets import Option


@dataclass(frozen=True, slots=True)
class Starts:
    """Where the parts of a trend start, in the project's zone, and at last where they end; `unit` is hour or day."""

    unit: str
    starts: list[datetime]


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
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None
    options: list[Option]
    trend: Series


@dataclass(frozen=True, slots=True)
class Leader:
    """A page that leads a window: kind is most, best, worst, rise or fall."""

    kind: str
    placement_id: UUID
    widget_name: str
    key: str
    responses: int
    compared: int
    before: int | None
    sentiment: float | None
    sentiment_interval: list[float] | None


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to look at: kind is refused (name a reason, about an origin) or silent (name a widget's, about its
    id).
    """

    kind: str
    name: str
    about: str
    count: int


_STARTS, _WIDGETS, _LEADERS = Decoder(Starts), Decoder(list[WidgetWindow]), Decoder(list[Leader])
_MESSAGES, _ATTENTION = Decoder(list[Message]), Decoder(list[Attention])


@dataclass(frozen=True, slots=True)
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

    @property
    def trend(self) -> Starts:
        """Where the parts of the trend start."""
        return _STARTS.decode(self.trend_json)

    @property
    def widgets(self) -> list[WidgetWindow]:
        """The widgets, oldest first."""
        return _WIDGETS.decode(self.widgets_json)

    @property
    def leaders(self) -> dict[str, list[Leader]]:
        """The pages that lead, of each kind by place."""
        leaders: dict[str, list[Leader]] = {}
        for leader in _LEADERS.decode(self.leaders_json):
            leaders.setdefault(leader.kind, []).append(leader)
        return leaders


@dataclass(frozen=True, slots=True)
class Overview(ProjectWindow):
    """The same, and what is shown whatever the window."""

    responses_ever: int
    messages_json: str
    attention_json: str

    @property
    def newest(self) -> list[Message]:
        """The newest messages, newest first."""
        return _MESSAGES.decode(self.messages_json)

    @property
    def attention(self) -> list[Attention]:
        """What needs attention."""
        return _ATTENTION.decode(self.attention_json)


async def project_window(
    tenant: TenantPool, slug: str, days: int | None, from_day: date | None, to_day: date | None
) -> tuple[Project, ProjectWindow]:
    """A project, unread not counted, and how it did: in the last 24 hours (1) or `days`, or else from day to day.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = "select p.*, w.* from fn.project($1, $2, false) as p, fn.project_window($1, p.id, $3, $4, $5) as w"
    return await db.row(tenant, with_project(ProjectWindow), sql, tenant.account_id, slug, days, from_day, to_day)


async def project_overview(
    tenant: TenantPool, slug: str, days: int | None, from_day: date | None, to_day: date | None
) -> tuple[Project, Overview]:
    """A project, and its overview for a window, as of `project_window`.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = "select p.*, o.* from fn.project($1, $2) as p, fn.project_overview($1, p.id, $3, $4, $5) as o"
    return await db.row(tenant, with_project(Overview), sql, tenant.account_id, slug, days, from_day, to_day)
