"""The objects of the ingestion API of `/v1`, for its description.

Ingestion validates by itself: what it takes depends on the widget's options and fields, which a model does not know,
and converting to a model before that costs each response 0.2 µs more (0.33 against 0.13 µs for the checks of
app/ingest/v1.py). tests/api/test_models.py holds these models to what ingestion accepts.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from app.api.models.base import Canonical, Count, Interval, Key, Model, Share, Time, Type
from app.api.models.edits import Edit, Removal, Value
from app.api.models.follow_ups import FollowUp
from app.api.models.passages import Passage
from app.api.models.seen_counts import SeenCount

WidgetId = Annotated[UUID, Meta(description="The widget.")]
ContextText = str | float | bool | None
AskNow = Annotated[FollowUp, Meta(description="What to ask now, if the option that was sent has a follow-up.")]
Pages = Annotated[list[Key], Meta(min_length=1, max_length=200)]


class Response(Model, kw_only=True):
    widget: WidgetId | UnsetType = UNSET
    page: (
        Annotated[
            Key,
            Meta(
                description="What it is about: the page's address, which is brought into one spelling, or a key of your"
                " own, which is taken as it is. At most 2048 bytes."
            ),
        ]
        | UnsetType
    ) = UNSET
    placement: Annotated[UUID, Meta(description="Its id, instead of widget and page.")] | UnsetType = UNSET
    value: Value
    context: (
        Annotated[
            Annotated[
                dict[Annotated[str, Meta(min_length=1, max_length=64)], ContextText],
                Meta(
                    max_length=32,
                    extra_json_schema={
                        "properties": {"$user": {"type": ["string", "null"], "format": "email", "maxLength": 254}}
                    },
                ),
            ]
            | None,
            Meta(description="What is known of the page: texts and numbers. `$user` is the visitor's email address."),
        ]
        | UnsetType
    ) = UNSET
    visitor: (
        Annotated[
            Annotated[str, Meta(min_length=8, max_length=200)] | None,
            Meta(
                description="A token that your page keeps for its visitor. Without one, address and browser tell"
                " visitors apart."
            ),
        ]
        | UnsetType
    ) = UNSET
    revokable: Annotated[bool, Meta(description="Whether to answer with a token.")] = True
    title: (
        Annotated[
            Annotated[str, Meta(max_length=300)] | None,
            Meta(description="The page's title. It is stored if the page has none yet."),
        ]
        | UnsetType
    ) = UNSET
    passage: (
        Annotated[Passage | None, Meta(description="The passage of the page that a message or form is about.")]
        | UnsetType
    ) = UNSET


class Responses(Model):
    items: Annotated[list[Response], Meta(min_length=1, max_length=500)]


class Revokable(Model):
    """With the token the response can be edited and removed until `expireAt`."""

    token: str
    expire_at: Time


class Stored(Model, kw_only=True):
    id: (
        Annotated[
            UUID,
            Meta(description="Missing for a duplicate from another browser or day than the response that it repeats."),
        ]
        | UnsetType
    ) = UNSET
    outcome: Annotated[
        Literal["counted", "test", "duplicate", "edited", "ignored"],
        Meta(
            description="test: the project is in test mode, and this is not counted. duplicate: this visitor's earlier"
            " response has the value now. ignored: a known crawler's."
        ),
    ]
    revokable: (
        Annotated[
            Revokable,
            Meta(description="Missing where it was not asked for, or the widget's window is never open."),
        ]
        | UnsetType
    ) = UNSET
    follow_up: AskNow | UnsetType = UNSET

    canonical: Canonical | UnsetType = UNSET


class StoredItem(Stored, kw_only=True):
    status: Literal[200, 201]


class Error(Model):
    error: Annotated[str, Meta(description="The kind of error, for programs.")]
    message: Annotated[str, Meta(description="What was wrong, and the limit that it broke.")]
    data: Annotated[dict[str, Any], Meta(description="The same for programs.")]


class ErrorItem(Error):
    status: Annotated[int, Meta(ge=400, le=599)]


class PagesOfWidget(Model):
    widget: UUID
    pages: Pages


class Question(Model):
    reasons: Annotated[bool, Meta(description="Whether to count reasons, too.")] = False
    seen_count: Annotated[bool, Meta(description="Whether to say how often it was seen; takes an API key.")] = field(
        default=False, name="seen"
    )
    widget: UUID | UnsetType = UNSET
    pages: Pages | UnsetType = UNSET
    placement: UUID | UnsetType = UNSET
    widgets: (
        Annotated[
            list[PagesOfWidget],
            Meta(
                min_length=1,
                max_length=200,
                description="Several widgets of one project, with at most 200 pages in all.",
            ),
        ]
        | UnsetType
    ) = UNSET


class Option(Model):
    value: str
    label: str
    icon: str
    follow_up: FollowUp | UnsetType = UNSET


class FormField(Model):
    name: str
    kind: Literal["text", "email", "number", "boolean", "choice"] = "text"
    label: str | UnsetType = UNSET
    required: bool = False
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET
    choices: list[str] | UnsetType = UNSET


class Widget(Model):
    id: UUID
    type: Type
    options: Annotated[list[Option], Meta(description="In their order; `value` is what is sent.")]
    fields: Annotated[
        list[FormField],
        Meta(description="Of a form, in their order. `min` and `max` bound a number, or a text's length."),
    ]


class Counts(Model):
    widget: UUID
    page: Annotated[str, Meta(description="As it was sent; for a placement, its page's key.")]
    counts: Annotated[
        dict[str, Count], Meta(description="The count of each option, by its value, in the widget's order.")
    ]
    total: Count
    positive: Annotated[
        Share | None,
        Meta(description="The share of options with a weight above 0. Null for likes, messages and forms."),
    ]
    neutral: Annotated[Share | None, Meta(description="The share of options with the weight 0.")]
    negative: Annotated[Share | None, Meta(description="The share of options with a weight below 0.")]
    sentiment: Annotated[Annotated[float, Meta(ge=-1, le=1)] | None, Meta(description="The mean weight.")]
    average: Annotated[float | None, Meta(description="The mean of ratings; null for other types.")]
    score: Annotated[
        float | None,
        Meta(
            description="To rank by. Votes: the lower end of Wilson's 95 % interval for the share of positive ones."
            " Ratings: their Bayesian average, as if five of the middle had come before. Null for others."
        ),
    ]
    positive_interval: Interval
    sentiment_interval: Interval
    average_interval: Interval
    reasons: (
        Annotated[
            dict[str, dict[str, Count]],
            Meta(description="How many responses mention each reason, by option and reason, if asked for."),
        ]
        | UnsetType
    ) = UNSET
    seen_count: Annotated[SeenCount, Meta(description="If asked for.")] | UnsetType = field(default=UNSET, name="seen")
    canonical: Canonical | UnsetType = UNSET


class Stats(Model):
    items: list[Counts]


class Results(Model):
    items: Annotated[
        list[Any],
        Meta(
            extra_json_schema={
                "items": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("StoredItem", "ErrorItem")]}
            }
        ),
    ]


MODELS: tuple[type[Struct], ...] = (
    Response, Responses, Stored, StoredItem, Error, ErrorItem, Results, Edit, Removal, Question, Widget, Stats
)  # fmt: skip
# What a model cannot say: which fields go together.
RULES: dict[str, dict[str, Any]] = {
    "Response": {
        "oneOf": [{"required": ["widget", "page"], "not": {"required": ["placement"]}}, {"required": ["placement"]}]
    },
    "Question": {
        "oneOf": [
            {"required": ["widget", "pages"], "maxProperties": 4, "not": {"required": ["placement"]}},
            {"required": ["placement"], "maxProperties": 3},
            {"required": ["widgets"], "maxProperties": 3},
        ]
    },
}
