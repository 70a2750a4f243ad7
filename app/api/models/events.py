"""What destinations of the type webhook get: a model for each type of event, with the version of its data."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.models.base import Count, Model, Time


class EventProject(Model):
    id: UUID
    slug: str
    name: str


class EventData(Model, kw_only=True):
    project: EventProject
    truncated: Annotated[bool | UnsetType, Meta(description="Whether texts were cut.")] = UNSET


class EventPage(Model):
    key: str
    title: str | None
    url: str | None


class EventWidget(Model):
    id: UUID
    name: str
    type: str


class EventResponse(Model, kw_only=True):
    id: UUID
    option: str
    label: str | None
    reasons: list[str]
    message: str | None
    fields: Any
    contact: str | None
    language: Annotated[str | None, Meta(description="Of the message, such as `en`.")]
    created_at: Time


class WidgetData(EventData, kw_only=True):
    page: EventPage
    widget: EventWidget


class MessageData(WidgetData, kw_only=True):
    response: EventResponse


class OptionCount(Model):
    option: str
    label: str | None
    count: Count


class VotesData(WidgetData, kw_only=True):
    minute: Time
    responses: Count
    options: list[OptionCount]


class TurnCounts(Model):
    responses: Count
    unhappy: Count


class TurnData(WidgetData, kw_only=True):
    since: date
    before: TurnCounts
    after: TurnCounts


class RefusalCount(Model):
    reason: str
    count: Count
    usual: Annotated[float, Meta(description="The mean of an hour of the 7 days before.")]


class RefusalsData(EventData, kw_only=True):
    hour: Time
    refusals: list[RefusalCount]


class PeriodData(EventData, kw_only=True):
    period: Literal["week", "month", "year"]
    starts_on: date


class FinishedExport(Model):
    id: UUID
    kind: str
    format: str
    rows: Count


class ExportData(EventData, kw_only=True):
    export: FinishedExport


class ReconcileData(EventData, kw_only=True):
    checked: Count
    differed: Count


class JobData(EventData, kw_only=True):
    job: str


class TestData(EventData, kw_only=True):
    destination: str


class MessageOfDigest(EventResponse, kw_only=True):
    widget: EventWidget


class PageOfDigest(Model):
    page: EventPage
    messages: Count
    responses: Count
    newest: Annotated[list[MessageOfDigest] | None, Meta(description="The newest five messages.")]


class DigestData(EventData, kw_only=True):
    events: Count
    pages: list[PageOfDigest]
    others: Annotated[list[Any], Meta(description="Events that are no responses, whole.")]


# A field may be added to a version. One that changes its meaning or goes makes another version.
VERSIONS: dict[str, tuple[int, type[EventData]]] = {
    "message.created": (1, MessageData),
    "message.updated": (1, MessageData),
    "message.resolved": (1, MessageData),
    "response.created": (1, VotesData),
    "page.turned": (1, TurnData),
    "refusals.spike": (1, RefusalsData),
    "recap.closed": (1, PeriodData),
    "export.ready": (1, ExportData),
    "reconcile.difference": (1, ReconcileData),
    "job.overdue": (1, JobData),
    "digest": (1, DigestData),
    "test": (1, TestData),
}


def model_name(type: str) -> str:
    """The name of an event's model, such as MessageCreatedEvent."""
    return f"{type.title().replace('.', '')}Event"


def _model(type: str, data: type[EventData]) -> type[Struct]:
    id = Annotated[
        str, Meta(description="As webhook-id, the same with each attempt.", pattern="^(evt|dig)_[0-9a-f]{32}$")
    ]
    fields: list[tuple[str, Any]] = [("type", Literal[type]), ("id", id), ("timestamp", Time), ("data", data)]
    return msgspec.defstruct(model_name(type), fields, bases=(Model,), namespace={"__doc__": None})


MODELS = {type: _model(type, data) for type, (_, data) in VERSIONS.items()}
