"""How often widgets were seen: what pages send, and what is read of it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.models.base import Interval, Key, Model, Share


class SeenCount(Model):
    count: Annotated[int, Meta(ge=0, description="Page views in which it was seen.")]
    responses: Annotated[int, Meta(ge=0, description="Responses of the days that have views.")]
    since: Annotated[date | None, Meta(description="The first of these days.")]
    rate: Annotated[
        Share | None, Meta(description="The response rate. Null without views, or with more responses than views.")
    ]
    rate_interval: Interval


class View(Model):
    widget: UUID | UnsetType = UNSET
    page: Key | UnsetType = UNSET
    placement: UUID | UnsetType = UNSET


class PageView(Model):
    items: Annotated[list[View], Meta(min_length=1, max_length=50, description="What was seen in one page view.")]


class CountedView(Model):
    status: Literal[200]
    outcome: Annotated[
        Literal["counted", "ignored"],
        Meta(description="ignored: from a crawler, or the widget takes no responses, or the project is in test mode."),
    ]


class CountedViews(Model):
    items: Annotated[
        list[Any],
        Meta(
            extra_json_schema={
                "items": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("CountedView", "ErrorItem")]}
            }
        ),
    ]


MODELS: tuple[type[Struct], ...] = (SeenCount, View, PageView, CountedView, CountedViews)
