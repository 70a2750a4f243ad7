"""Projects: the list, and the overview of one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app import db
from app.queries.set_pages import SetSummary


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in the list of its account."""

    slug: str
    name: str
    sets: int
    signals: int
    signals_of_week: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many signals came on a day of the project's zone."""

    day: date
    signals: int


@dataclass(frozen=True, slots=True)
class BestContent:
    """A content that does well; sentiment and score are None where there are only likes."""

    content_set_id: UUID
    set_name: str
    key: str
    signals: int
    sentiment: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor wrote: `body`, or the `fields` of a form; the time is the project's."""

    id: UUID
    content_set_id: UUID
    set_name: str
    key: str
    label: str
    icon: str
    body: str | None
    fields: dict[str, str | float | bool] | None
    sender: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Project:
    """A project as every page of it needs it; `role` is the actor's in its account."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    role: str


_DAYS, _SETS = Decoder(list[Day]), Decoder(list[SetSummary])
_BEST, _MESSAGES = Decoder(list[BestContent]), Decoder(list[Message])


@dataclass(frozen=True, slots=True)
class Overview:
    """The last 30 days of a project, the 30 before, and its lists."""

    slug: str
    name: str
    time_zone: str
    signals_ever: int
    signals: int
    signals_before: int
    messages: int
    messages_before: int
    sentiment: float | None
    sentiment_before: float | None
    trend_json: str
    sets_json: str
    best_json: str
    messages_json: str

    @property
    def trend(self) -> list[Day]:
        """The 60 days, oldest first."""
        return _DAYS.decode(self.trend_json)

    @property
    def sets(self) -> list[SetSummary]:
        """The content sets, oldest first."""
        return _SETS.decode(self.sets_json)

    @property
    def best(self) -> list[BestContent]:
        """The best contents, the best first."""
        return _BEST.decode(self.best_json)

    @property
    def newest(self) -> list[Message]:
        """The newest messages, newest first."""
        return _MESSAGES.decode(self.messages_json)


async def account_projects(pool: db.Asked, account_id: UUID | None) -> list[ProjectRow]:
    """The projects of an account, by name."""
    return await db.many(pool, ProjectRow, "select * from fn.account_projects($1)", account_id)


async def project(pool: db.Asked, account_id: UUID | None, slug: str) -> Project:
    """One project.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    found = await db.one(pool, Project, "select * from fn.project($1, $2)", account_id, slug)
    assert found is not None  # the function raises instead
    return found


async def project_overview(pool: db.Asked, account_id: UUID | None, slug: str) -> Overview:
    """The overview of one project.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    found = await db.one(pool, Overview, "select * from fn.project_overview($1, $2)", account_id, slug)
    assert found is not None  # the function raises instead
    return found
