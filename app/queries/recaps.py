"""Contents of a recap."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class RecapDay:
    """How many responses came on a day of the project's zone."""

    day: date
    responses: int


@dataclass(frozen=True, slots=True)
class RecapPeriod:
    """Total of a period; `positive` is None without responses that judge."""

    starts_on: date
    total: int
    positive: float | None


@dataclass(frozen=True, slots=True)
class RecapOption:
    """An option and how many responses chose it in the period."""

    label: str
    icon: str
    weight: float
    count: int


@dataclass(frozen=True, slots=True)
class RecapWidget:
    """Counts of a widget; shares, sentiment, average and NPS are None for types without them."""

    id: UUID
    name: str
    type: str
    total: int
    before: int
    judged: int
    positive: float | None
    positive_interval: list[float] | None
    sentiment: float | None
    sentiment_interval: list[float] | None
    average: float | None
    average_interval: list[float] | None
    nps: float | None
    nps_interval: list[float] | None
    options: list[RecapOption]


@dataclass(frozen=True, slots=True)
class RecapPlacement:
    """A placement that leads the period; `kind` is most, best, rise or fall."""

    kind: str
    placement_id: UUID
    widget_name: str
    key: str
    total: int
    before: int
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class RecapMessage:
    """A message worth reading."""

    id: UUID
    widget_name: str
    key: str
    label: str
    icon: str
    body: str
    said_on: date


@dataclass(frozen=True, slots=True)
class RecapReason:
    """The reason whose share grew most, of the responses with the option that has the label `answer`."""

    widget_id: UUID
    widget_name: str
    option: str
    answer: str
    value: str
    label: str
    share: float
    before: float


@dataclass(frozen=True, slots=True)
class Attention:
    """What to look at, by `kind`: refused (an origin, for a reason), silent (a widget), disliked (a page), hidden."""

    kind: str
    about_id: UUID | None
    what: str
    reason: str | None
    count: int
    sentiment: float | None


_DAYS, _PERIODS, _WIDGETS = Decoder(list[RecapDay]), Decoder(list[RecapPeriod]), Decoder(list[RecapWidget])
_PLACEMENTS, _MESSAGES, _ATTENTION = (
    Decoder(list[RecapPlacement]),
    Decoder(list[RecapMessage]),
    Decoder(list[Attention]),
)
_REASON = Decoder(RecapReason)


@dataclass(frozen=True, slots=True)
class Recap:
    """Recap of a project's closed week or month; `ends_on` is its last day.

    `before` and `positive_before` are None where the project had no response before the period before.
    """

    slug: str
    name: str
    time_zone: str
    unit: str
    starts_on: date
    ends_on: date
    total: int
    before: int | None
    judged: int
    positive: float | None
    positive_interval: list[float] | None
    positive_before: float | None
    is_positive_change: bool
    trend_json: str
    history_json: str
    widgets_json: str
    placements_json: str
    messages_json: str
    attention_json: str
    reason_json: str | None

    def comparable(self, before: int) -> int | None:
        """A count of the period before, as if it had as many days as this one; None if it is not to be compared."""
        if self.before is None or self.unit == "week":
            return None if self.before is None else before
        return round(before * self.ends_on.day / (self.starts_on - timedelta(days=1)).day)

    @property
    def days(self) -> list[RecapDay]:
        """The days of the period, and before them those of the one before, oldest first."""
        return _DAYS.decode(self.trend_json)

    @property
    def history(self) -> list[RecapPeriod]:
        """The last 12 periods, this one last."""
        return _PERIODS.decode(self.history_json)

    @property
    def widgets(self) -> list[RecapWidget]:
        """Widgets with responses, most responses first."""
        return _WIDGETS.decode(self.widgets_json)

    @property
    def messages(self) -> list[RecapMessage]:
        """The messages worth reading, the best first."""
        return _MESSAGES.decode(self.messages_json)

    @property
    def attention(self) -> list[Attention]:
        """What needs attention."""
        return _ATTENTION.decode(self.attention_json)

    @property
    def reason(self) -> RecapReason | None:
        """The reason that grew most, if one grew by more than chance."""
        return _REASON.decode(self.reason_json) if self.reason_json else None

    def placements(self, kind: str) -> list[RecapPlacement]:
        """Placements of a kind, the leading one first."""
        return [placement for placement in _PLACEMENTS.decode(self.placements_json) if placement.kind == kind]


async def mailed_recap(
    tenant: TenantPool, project_id: UUID, to_id: UUID, unit: str, starts_on: date, is_asked: bool
) -> Recap | None:
    """Recap for a mail; None where its recipient gets none any more."""
    sql = "select * from fn.mailed_recap($1, $2, $3, $4, $5, $6)"
    return await db.one(tenant, Recap, sql, tenant.account_id, project_id, to_id, unit, starts_on, is_asked)


async def project_recap(tenant: TenantPool, slug: str, unit: str, starts_on: date) -> Recap:
    """The recap of a project's closed week or month.

    Raises:
        FeelbackError: 404 where the account has no such project, 422 where the period is not closed.
    """
    sql = "select * from fn.project_recap($1, $2, $3, $4)"
    return await db.row(tenant, Recap, sql, tenant.account_id, slug, unit, starts_on)
