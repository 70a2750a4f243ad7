"""The part of an inbox's filter that is about triage: status, assignee, tag and group, as its address names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import auth, filters
from app.panel.shared.filters import Chip
from app.panel.shared.filters import Filter as SharedFilter
from app.queries import triage
from app.queries.projects import Project
from app.queries.triage import NOBODY, OPEN, STATUSES, TriageFilter, TriageLabels

CHOICES = {"open": "Open: new or in progress", **STATUSES}


@dataclass(frozen=True, slots=True)
class TriageChoice:
    """Messages in a status, of an assignee, with a tag and in a group; empty and None match any.

    `status` is one of CHOICES, `assignee` is me, none (nobody) or the id of a member.
    """

    status: str = ""
    assignee: str = ""
    tag_id: UUID | None = None
    group_id: UUID | None = None
    labels: TriageLabels = field(default_factory=TriageLabels)

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the address; those without a value are empty."""
        return {
            "status": self.status,
            "assignee": self.assignee,
            "tag": str(self.tag_id or ""),
            "group": str(self.group_id or ""),
        }

    @property
    def is_any(self) -> bool:
        """Whether it leaves nothing out."""
        return not any(self.values.values())

    @property
    def filter(self) -> TriageFilter:
        """What it asks of a function; `me` is the person who is signed in."""
        people = {"": None, "none": NOBODY, "me": auth.actor().person_id}
        assignee_id = people[self.assignee] if self.assignee in people else UUID(self.assignee)
        statuses = OPEN if self.status == "open" else (self.status,)
        return TriageFilter(statuses if self.status else None, assignee_id, self.tag_id, self.group_id)

    def chips(self, address: SharedFilter) -> list[Chip]:
        """What of it leaves something out, in words; each with the query string of the `address` without it."""
        assignee = {"me": "Me", "none": "Unassigned"}.get(self.assignee, self.labels.assignee)
        size = self.labels.group_size
        parts = (
            ("status", "Status", CHOICES.get(self.status, "").partition(":")[0]),
            ("assignee", "Assignee", assignee),
            ("tag", "Tag", self.labels.tag),
            ("group", "Same", f"{size} message{'s' if size != 1 else ''}" if size else ""),
        )
        return [Chip(label, text, address.query_with(**{name: ""})) for name, label, text in parts if text]


def from_query(values: Mapping[str, str]) -> TriageChoice:
    """The choice in a form or a query string.

    Raises:
        FeelbackError: 422 for an unknown status, an assignee that is neither me, none nor an id, or a wrong id.
    """
    status, assignee = values.get("status", ""), values.get("assignee", "")
    if status and status not in CHOICES:
        raise FeelbackError(422, "“status” in the address must be open, new, in_progress, resolved or dismissed.")
    if assignee not in ("", "me", "none"):
        try:
            assignee = str(UUID(assignee))
        except ValueError:
            raise FeelbackError(
                422, "“assignee” in the address must be me, none or the id of a member. Open the list again."
            ) from None
    return TriageChoice(status, assignee, filters.id_of(values, "tag"), filters.id_of(values, "group"))


async def labelled(project: Project, choice: TriageChoice) -> TriageChoice:
    """The same with its labels.

    Raises:
        FeelbackError: 404 if the project does not have what it names.
    """
    if choice.is_any:
        return choice
    return replace(choice, labels=await triage.triage_labels(auth.tenant(), project.id, choice.filter))
