"""The overview of a project: how it did in a window, what leads, what is new, what needs attention."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.projects import Message, Project, with_project
from app.queries.widgets import Option
from app.text import widget_types


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
    """Counts of a widget in a window and the one before."""

    id: UUID
    name: str
    type: str
    placements: int
    responses: int
    before: int
    weighed: float | None
    average: float | None
    options: list[Option]
    trend: Series

    @property
    def sentiment(self) -> float | None:
        """The mean weight, from −1 to 1; None for types without sentiment."""
        if self.weighed is None or not self.responses or self.type not in widget_types.JUDGING:
            return None
        return self.weighed / self.responses


@dataclass(frozen=True, slots=True)
class Leader:
    """A page that leads a window: kind is most, best, worst, rise or fall."""

    kind: str
    placement_id: UUID
    widget_name: str
    key: str
    responses: int
    before: int
    sentiment: float | None


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
    """A window of a project against the one before; both days are included, and in its zone."""

    from_day: date
    to_day: date
    responses: int
    before: int
    messages: int
    messages_before: int
    sentiment: float | None
    sentiment_before: float | None
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
