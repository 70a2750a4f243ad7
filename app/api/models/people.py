"""The objects of the management API about people, keys and what was refused; and the lists of all objects."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from app.api.models import destinations, events, follow_ups, issues, releases, stats, triage
from app.api.models import management as models
from app.api.models.base import Count, Model, Time, changes_of, list_of


class Refusal(Model):
    reason: str
    origin: str
    count: Count
    first_at: Time
    last_at: Time


class Member(Model):
    person_id: UUID
    email: str
    role: Literal["owner", "admin", "editor", "viewer"]
    created_at: Time


class ApiKey(Model):
    id: UUID
    scope: Literal["send", "read_counts", "read_messages", "manage"]
    name: str
    hint: str
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None
    last_used_at: Time | None


class Recipient(Model):
    id: UUID
    email: str
    weekly: bool
    monthly: bool
    state: Literal["asked", "confirmed", "ended"]
    requested_at: Time


LISTS: dict[str, type[Struct]] = {
    "Projects": models.Project, "Deletions": models.Deletion, "WidgetsOfProject": models.WidgetOfProject,
    "Pages": models.Page, "Merges": models.Merge, "Releases": releases.Release,
    "Destinations": destinations.Destination, "Deliveries": destinations.Delivery, "Placements": models.Placement,
    "ResponsesOfProject": models.ResponseOfProject,
    "Windows": stats.Window, "Periods": stats.Period, "Trend": stats.TrendDay, "Refusals": Refusal,
    "Members": Member, "ApiKeys": ApiKey, "Recipients": Recipient,
    "Tags": triage.Tag, "Notes": triage.Note, "Replies": triage.Reply, "SimilarMessages": triage.SimilarMessage,
    "SavedViews": triage.SavedView, "Issues": issues.ProjectIssue,
}  # fmt: skip
MODELS: tuple[type[Struct], ...] = (
    models.KeyRules, models.Deleted, models.Going, models.NewOptions, models.NewWidget, models.NewMerge,
    releases.NewRelease, destinations.NewDestination, destinations.DestinationChanges,
    destinations.NewReplay, destinations.Replay, destinations.DestinationWithSecret,
    destinations.DeliveryWithRequest, *events.MODELS.values(),
    follow_ups.NewFollowUps, follow_ups.FollowUps, models.PageChanges, stats.Leaders,
    changes_of("ProjectChanges", models.ProjectSettings),
    models.Admission, changes_of("AdmissionChanges", models.Admission),
    changes_of("WidgetChanges", models.WidgetSettings),
    *triage.MODELS, issues.Issue,
    *(list_of(name, item) for name, item in LISTS.items()),
)  # fmt: skip
