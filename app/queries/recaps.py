"""What a recap tells."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class RecapDay:
    """How many signals came on a day of the project's zone."""

    day: date
    signals: int


@dataclass(frozen=True, slots=True)
class RecapPeriod:
    """A period's total, and its sentiment where something was judged in it."""

    starts_on: date
    total: int
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class RecapOption:
    """An option and how many signals chose it in the period."""

    label: str
    icon: str
    weight: float
    count: int


@dataclass(frozen=True, slots=True)
class RecapSet:
    """What a set was told; shares and sentiment are None where it does not judge, average where it does not rate."""

    id: UUID
    name: str
    type: str
    total: int
    before: int
    positive: float | None
    sentiment: float | None
    average: float | None
    options: list[RecapOption]


@dataclass(frozen=True, slots=True)
class RecapContent:
    """A content that has most signals, is judged best, rises or falls, by `kind`: most, best, rise, fall."""

    kind: str
    content_id: UUID
    set_name: str
    key: str
    total: int
    before: int
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class RecapMessage:
    """A message worth reading."""

    id: UUID
    set_name: str
    key: str
    label: str
    icon: str
    body: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Attention:
    """What to look at, by `kind`: refused (an origin, for a reason), silent (a set), disliked (a content), veiled."""

    kind: str
    about_id: UUID | None
    what: str
    reason: str | None
    count: int
    sentiment: float | None


_DAYS, _PERIODS, _SETS = Decoder(list[RecapDay]), Decoder(list[RecapPeriod]), Decoder(list[RecapSet])
_CONTENTS, _MESSAGES, _ATTENTION = Decoder(list[RecapContent]), Decoder(list[RecapMessage]), Decoder(list[Attention])


@dataclass(frozen=True, slots=True)
class Recap:
    """What is told of a project's closed week or month; `ends_on` is its last day."""

    slug: str
    name: str
    time_zone: str
    unit: str
    starts_on: date
    ends_on: date
    total: int
    before: int
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    sentiment_before: float | None
    trend_json: str
    history_json: str
    sets_json: str
    contents_json: str
    messages_json: str
    attention_json: str

    @property
    def days(self) -> list[RecapDay]:
        """The days of the period, and before them those of the one before, oldest first."""
        return _DAYS.decode(self.trend_json)

    @property
    def history(self) -> list[RecapPeriod]:
        """The last 12 periods, this one last."""
        return _PERIODS.decode(self.history_json)

    @property
    def sets(self) -> list[RecapSet]:
        """The sets that were told something, most signals first."""
        return _SETS.decode(self.sets_json)

    @property
    def messages(self) -> list[RecapMessage]:
        """The messages worth reading, the best first."""
        return _MESSAGES.decode(self.messages_json)

    @property
    def attention(self) -> list[Attention]:
        """What needs attention."""
        return _ATTENTION.decode(self.attention_json)

    def contents(self, kind: str) -> list[RecapContent]:
        """The contents of a kind, the first the one most of that kind."""
        return [content for content in _CONTENTS.decode(self.contents_json) if content.kind == kind]


async def mailed_recap(
    tenant: TenantPool, project_id: UUID, to_id: UUID, unit: str, starts_on: date, is_asked: bool
) -> Recap | None:
    """The recap that a mail tells; None where nobody waits for it any more."""
    sql = "select * from fn.mailed_recap($1, $2, $3, $4, $5, $6)"
    return await db.one(tenant, Recap, sql, tenant.account_id, project_id, to_id, unit, starts_on, is_asked)


async def project_recap(tenant: TenantPool, slug: str, unit: str, starts_on: date) -> Recap:
    """The recap of a project's closed week or month.

    Raises:
        FeelbackError: 404 where the account has no such project, 422 where the period is not closed.
    """
    sql = "select * from fn.project_recap($1, $2, $3, $4)"
    return await db.row(tenant, Recap, sql, tenant.account_id, slug, unit, starts_on)
