"""The objects of the management API of `/v1`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.models.base import Count, Counts, Key, Model, Policy, Time, Type, changes_of
from app.api.models.follow_ups import FollowUpOfProject, NewFollowUp
from app.api.models.passages import PassageOfResponse
from app.api.models.triage import TriageOfResponse

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Texts = Annotated[list[str], Meta(max_length=100)]
Budget = Annotated[int, Meta(ge=0, le=1_000_000)]
Value = Annotated[str, Meta(min_length=1, max_length=100)]


class KeyRules(Model):
    """How addresses become keys; names that are left out have their default."""

    trailing_slash: Annotated[bool, Meta(description="`/a/` is `/a`.")] | UnsetType = UNSET
    index: Annotated[bool, Meta(description="`/a/index.html` is `/a/`.")] | UnsetType = UNSET
    www: Annotated[bool, Meta(description="`www.example.com` is `example.com`.")] | UnsetType = UNSET
    hash_routes: Annotated[bool, Meta(description="`#/route` belongs to the key.")] | UnsetType = UNSET
    aliases: (
        Annotated[dict[str, str], Meta(max_length=100, description="Hosts by their further names.")] | UnsetType
    ) = UNSET
    query: (
        Annotated[
            Literal["keep", "drop"] | Texts,
            Meta(description="Keep all parameters but trackers, or none, or those named."),
        ]
        | UnsetType
    ) = UNSET


class ProjectSettings(Model):
    """What of a project may be changed."""

    name: Name
    slug: Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    time_zone: Annotated[
        str, Meta(description="As the tz database names it, such as Europe/Rome; it decides the days.")
    ]
    origins: Annotated[
        list[str], Meta(max_length=100, description="Who may send: https://example.com, https://*.example.com, or *.")
    ]
    key_rules: KeyRules
    visitor_policy: Annotated[Policy, Meta(description="What new widgets start with.")]
    retention_days: Annotated[
        Annotated[int, Meta(ge=1, le=36500)] | None,
        Meta(description="How long single responses are kept; null is forever. Counts stay."),
    ]
    test_mode: Annotated[bool, Meta(description="Responses are marked and not counted, and localhost may send.")]


class Project(ProjectSettings):
    id: UUID
    created_at: Time
    archived_at: Time | None


class Admission(Model):
    """What a project admits. Its sites are `origins` of its settings."""

    free_keys: Annotated[
        bool, Meta(description="Page keys may be names of any kind. Otherwise they must be addresses of `origins`.")
    ]
    network_pages: Annotated[Budget, Meta(description="New pages a day (UTC) from a network: a /24, or a /56 of IPv6.")]
    network_messages: Annotated[Budget, Meta(description="Messages and forms a day (UTC) from one network.")]


class Deleted(Model):
    deleted: Count


class Going(Model):
    state: Literal["deleting"]


class Deletion(Model):
    id: UUID
    project_id: UUID
    kind: Literal["project", "widget", "placement"]
    name: str
    requested_at: Time
    responses: Count
    deleted: Count


class NewOption(Struct, kw_only=True, rename="camel"):
    value: Value
    label: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    icon: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    weight: Annotated[float, Meta(ge=-1, le=1)] | UnsetType = UNSET
    aliases: Annotated[list[Value], Meta(max_length=20)] | UnsetType = UNSET


class NewOptions(Model):
    options: Annotated[
        list[NewOption],
        Meta(
            min_length=1,
            max_length=100,
            description="In their order. One that is left out is retired: its counts stay, and it may come back. What"
            " is not said of one stays. New weights judge all but closed periods, scores within a minute.",
        ),
    ]


class WidgetOption(Model):
    value: str
    label: str
    icon: str
    weight: float
    aliases: list[str]
    retired: bool


class WidgetSettings(Model):
    """What of a widget may be changed."""

    name: Name
    visitor_policy: Policy
    window_seconds: Annotated[
        Annotated[float, Meta(ge=0, le=315_360_000)] | None,
        Meta(description="How long a response may be edited: 0 is never, null forever."),
    ]
    key_rules: KeyRules
    fields: Annotated[list[dict[str, Any]], Meta(max_length=50, description="What a form declares.")]
    open_form: Annotated[bool, Meta(description="Whether a form takes further fields.")]
    appearance: Annotated[
        dict[str, str | float],
        Meta(
            description="accent, background and text are colors (#rrggbb), radius and size pixels. What is missing is"
            " the page's own."
        ),
    ]
    texts: Annotated[
        dict[str, dict[str, str]],
        Meta(
            description='By language ("" for all) and name: label, sent, message …, option:VALUE. Else the element\'s.'
        ),
    ]


class WidgetOfProject(WidgetSettings):
    id: UUID
    type: Type
    placements: Count
    created_at: Time
    archived_at: Time | None
    options: list[WidgetOption]
    follow_ups: list[FollowUpOfProject]


class NewWidget(changes_of("NewWidgetSettings", WidgetSettings), kw_only=True):  # type: ignore[call-arg, misc]  # made as it runs
    name: Name
    type: Type
    visitor_policy: Policy | UnsetType | None = UNSET
    preset: Annotated[str | None, Meta(description="Ready-made, such as docs.")] | UnsetType = UNSET
    options: list[NewOption] | UnsetType | None = UNSET
    follow_ups: Annotated[list[NewFollowUp], Meta(max_length=100)] | UnsetType | None = UNSET


class Page(Model):
    id: UUID
    key: str
    title: str | None
    created_at: Time
    archived_at: Time | None
    responses: Count
    placements: list["PlacementOfPage"]


class PlacementOfPage(Model):
    id: UUID
    widget: UUID


class Placement(Model):
    id: UUID
    page_id: UUID
    widget: UUID
    page: Annotated[str, Meta(description="The page's key.")]
    created_at: Time
    archived_at: Time | None
    responses: Count
    counts: Counts


class PageChanges(Model):
    key: (
        Annotated[
            Key, Meta(description="The page's address, which is brought into one spelling, or a key of your own.")
        ]
        | UnsetType
    ) = UNSET
    title: (
        Annotated[
            Annotated[str, Meta(min_length=1, max_length=300)] | None,
            Meta(description="Null removes it; the page may then send one."),
        ]
        | UnsetType
    ) = UNSET


class NewMerge(Model):
    into: Annotated[UUID, Meta(description="The page that gets the responses, and of which this one becomes an alias.")]


class Merge(Model):
    id: UUID
    source: UUID
    target: UUID
    source_key: str
    target_key: str
    state: Annotated[
        Literal["merging", "merged", "undoing", "undone"],
        Meta(description="Many responses are moved in the background: merging, undoing."),
    ]
    requested_at: Time
    undo_until: Time
    finished_at: Time | None
    responses: Annotated[int, Meta(ge=0, description="Responses of the source when it was merged.")]
    moved: Annotated[int, Meta(ge=0, description="Responses that have been moved.")]
    holds: Annotated[
        int, Meta(ge=0, description="Responses that do not count because their visitor has a newer one on the page.")
    ]
    can_undo: bool


class ResponseOfProject(TriageOfResponse):
    id: UUID
    widget: UUID
    type: Type
    placement: UUID
    page: str
    value: str
    message: str | None
    fields: dict[str, Any] | None
    context: dict[str, Any] | None
    state: Literal["active", "test", "archive", "spam", "deleted"]
    created_at: Time
    edited_at: Time | None
    reasons: Annotated[list[str], Meta(description="The reasons for its value.")]
    contact: str | None
    passage: PassageOfResponse | None
