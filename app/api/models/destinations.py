"""The destinations of a project in the API of `/v1`, and the events that they get."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.api.models.base import Count, Model, Time
from app.queries.destinations import EVENTS, PACES, SENTIMENTS, TYPES

DestinationName = Annotated[str, Meta(min_length=1, max_length=100)]
EventType = Annotated[str, Meta(extra_json_schema={"enum": list(EVENTS)})]
EventTypes = Annotated[list[EventType], Meta(min_length=1, max_length=20)]
Pace = Annotated[
    str,
    Meta(
        description="Each event at once, or a digest every 15 minutes (`quarter`), hourly, or daily at `hour`.",
        extra_json_schema={"enum": list(PACES)},
    ),
]
Hour = Annotated[int, Meta(ge=0, le=23, description="Of the daily digest, in the project's time zone.")]
Url = Annotated[
    str,
    Meta(
        max_length=2000,
        description="Begins with https://, without a user or password. Of Apprise at most 1,000 bytes; not shown.",
    ),
]
Email = Annotated[str, Meta(max_length=254, description="The address of a member of the account.")]
WidgetIds = Annotated[list[UUID], Meta(max_length=100, description="Only events of these; empty for all.")]
PagePattern = Annotated[str, Meta(min_length=1, max_length=500)]
PagePatterns = Annotated[
    list[PagePattern], Meta(max_length=20, description="Only pages like these globs; empty for all.")
]
OptionValue = Annotated[str, Meta(min_length=1, max_length=100)]
OptionValues = Annotated[list[OptionValue], Meta(max_length=100, description="Only these options; empty for all.")]
HasText = Annotated[bool, Meta(description="Of responses, only messages.")]


DestinationType = Annotated[str, Meta(extra_json_schema={"enum": list(TYPES)})]
Sentiment = Annotated[str, Meta(extra_json_schema={"enum": list(SENTIMENTS)})]
Sentiments = Annotated[
    list[Sentiment],
    Meta(max_length=3, description="Only options with a weight above, at or below 0; empty for all."),
]
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]
Languages = Annotated[
    list[Language],
    Meta(max_length=20, description="Of responses, only messages in these languages, such as `en`; empty for all."),
]
QuietHour = Annotated[int, Meta(ge=0, le=23, description="Nothing is sent from `quietFrom` until `quietUntil`.")]


class DestinationChanges(Model):
    name: DestinationName | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    recipient: Email | UnsetType = UNSET
    events: EventTypes | UnsetType = UNSET
    widgets: WidgetIds | UnsetType = UNSET
    pages: PagePatterns | UnsetType = UNSET
    options: OptionValues | UnsetType = UNSET
    has_text: HasText | UnsetType = UNSET
    pace: Pace | UnsetType = UNSET
    hour: Hour | UnsetType = UNSET
    sentiments: Sentiments | UnsetType = UNSET
    languages: Languages | UnsetType = UNSET
    quiet_from: QuietHour | UnsetType | None = UNSET
    quiet_until: QuietHour | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class NewDestination(Model):
    name: DestinationName
    type: DestinationType
    events: EventTypes
    url: Url | UnsetType = UNSET
    recipient: Email | UnsetType = UNSET
    widgets: WidgetIds | UnsetType = UNSET
    pages: PagePatterns | UnsetType = UNSET
    options: OptionValues | UnsetType = UNSET
    has_text: HasText | UnsetType = UNSET
    pace: Pace | UnsetType = UNSET
    hour: Hour | UnsetType = UNSET
    sentiments: Sentiments | UnsetType = UNSET
    languages: Languages | UnsetType = UNSET
    quiet_from: QuietHour | UnsetType | None = UNSET
    quiet_until: QuietHour | UnsetType | None = UNSET


class Destination(Model):
    id: UUID
    name: DestinationName
    type: DestinationType
    url: Url | None
    recipient: Email | None
    events: EventTypes
    widgets: WidgetIds
    pages: PagePatterns
    options: OptionValues
    has_text: HasText
    pace: Pace
    hour: Hour
    enabled: bool
    is_ended: Annotated[bool, Meta(description="It was disabled because it answered 410.")]
    failing_since: Time | None
    waiting: Annotated[int, Meta(ge=0, description="The deliveries that are not done.")]
    previous_until: Annotated[Time | None, Meta(description="Until when the secret before signs as well.")]
    created_at: Time
    sentiments: Sentiments
    languages: Languages
    quiet_from: QuietHour | None
    quiet_until: QuietHour | None
    paused_at: Annotated[Time | None, Meta(description="When it had failed for a day.")]


class NewReplay(Model):
    since: Annotated[Time, Meta(description="Of the last 30 days.")]


class Replay(Model):
    deliveries: Annotated[int, Meta(ge=0, le=1000, description="How many are sent again.")]


class DestinationWithSecret(Destination):
    secret: Annotated[str | None, Meta(description="whsec_… of a webhook. It is not shown again.")]


class Delivery(Model):
    id: UUID
    types: Annotated[list[str], Meta(description="The types of its events.")]
    events: Annotated[int, Meta(ge=1, description="The number of its events.")]
    is_digest: bool
    state: Literal["waiting", "delivered", "failed", "dropped"]
    attempts: Count
    created_at: Time
    attempted_at: Time | None
    next_at: Time | None
    done_at: Time | None
    problem: Annotated[str | None, Meta(description="Why the last attempt failed.")]
    status: int | None
    answer: Annotated[str | None, Meta(description="The first KB of the answer.")]
    duration_ms: Count | None


class DeliveryWithRequest(Delivery):
    request: Annotated[
        dict[str, Any] | None, Meta(description="The payload as it is sent now; null if all of it was deleted.")
    ]
