"""The windows, periods, trend and leaders of the management API."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from app.api.models.base import Count, Counts, Interval, Model, Share
from app.api.models.seen_counts import SeenCount


class Shares(Model):
    positive: Annotated[
        Share | None,
        Meta(description="The share of responses with a weight above 0. Likes, messages and forms do not judge: null."),
    ]
    neutral: Share | None
    negative: Share | None
    sentiment: Annotated[float | None, Meta(description="The mean weight, from -1 to 1.")]


class ReasonShare(Model):
    reason: str
    count: Annotated[int, Meta(description="Responses that mention it.")]
    share: Annotated[Share | None, Meta(description="Of the responses with its option.")]
    share_interval: Interval
    share_before: Annotated[Share | None, Meta(description="That of the comparison, or of the period before.")]
    is_change: Annotated[bool, Meta(description="Whether the two shares differ by more than chance.")]


class OptionReasons(Model):
    option: str
    responses: Count
    reasons: Annotated[list[ReasonShare], Meta(description="Most mentions first.")]


Reasons = Annotated[list[OptionReasons], Meta(description="Why visitors chose options, with `reasons=1`.")]


class Window(Shares):
    days: Annotated[Literal[1, 7, 30, 90, 365], Meta(description="1 is the last 24 full hours.")]
    total: int
    compared: Annotated[int, Meta(description="Those until the last full hour: what `before` is compared with.")]
    before: Annotated[
        int | None,
        Meta(
            description="Those of the comparison, over the same elapsed time. Null before the project can be compared."
        ),
    ]
    is_change: Annotated[bool | None, Meta(description="Whether the two differ by more than chance.")]
    positive_interval: Interval
    sentiment_interval: Interval | UnsetType = UNSET
    average: float | UnsetType | None = UNSET
    average_interval: Interval | UnsetType = UNSET
    nps: Annotated[float, Meta(ge=-100, le=100)] | UnsetType | None = UNSET
    nps_interval: Interval | UnsetType = UNSET
    score: float | UnsetType | None = UNSET
    counts: Counts | UnsetType = UNSET
    reasons: Reasons | UnsetType = UNSET
    seen_count: (
        Annotated[
            SeenCount | None,
            Meta(description="With `seen=1`, of the days of the window: of 1, today. Null without views."),
        ]
        | UnsetType
    ) = field(default=UNSET, name="seen")


class Period(Shares):
    unit: Literal["week", "month", "year"]
    starts_on: date
    counts: Counts | None
    total: int
    before: int | None
    average: float | None
    nps: float | None
    score: float | None
    reasons: Reasons | UnsetType = UNSET


class TrendDay(Model):
    day: date
    responses: int


class Leader(Model):
    place: Count
    widget: UUID
    placement: UUID
    page: str
    total: int
    compared: int
    before: int | None
    change: Annotated[int | None, Meta(description="compared less before.")]
    score: float | None
    sentiment: float | None


class Leaders(Model):
    days: int
    most: list[Leader]
    best: list[Leader]
    worst: list[Leader]
    rise: list[Leader]
    fall: list[Leader]
