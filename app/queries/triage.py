"""Triage of messages: status, assignee, tags and groups of messages that are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool

STATUSES = {"new": "New", "in_progress": "In progress", "resolved": "Resolved", "dismissed": "Dismissed"}
OPEN = ("new", "in_progress")
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class TagName:
    """A tag of a message."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a project, with the number of messages that have it."""

    id: UUID
    name: str
    created_at: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class TriageFilter:
    """Messages in one of some `statuses`, of an assignee (NOBODY: of none), with a tag and in a group; None for any."""

    statuses: tuple[str, ...] | None = None
    assignee_id: UUID | None = None
    tag_id: UUID | None = None
    group_id: UUID | None = None

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The same as the last arguments of SQL functions."""
        statuses = None if self.statuses is None else list(self.statuses)
        return (statuses, self.assignee_id, self.tag_id, self.group_id)


@dataclass(frozen=True, slots=True)
class TriageLabels:
    """What the filter of an inbox is called; empty without one."""

    assignee: str = ""
    tag: str = ""
    group_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageChange:
    """A change of triage; None leaves something as it is, NOBODY as assignee unassigns.

    `group` is join (one group of all, and of their groups) or leave.
    """

    status: str | None = None
    assignee_id: UUID | None = None
    add_tag_ids: Sequence[UUID] = ()
    remove_tag_ids: Sequence[UUID] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True)
class TriageAction:
    """The id to undo it by, None where nothing changed, and the number of messages that changed."""

    action_id: UUID | None
    changed: int


@dataclass(frozen=True, slots=True)
class SimilarMessage:
    """A message that reads like another, from 0.3 to 1; the time is the project's."""

    id: UUID
    words: str
    created_at: datetime
    similarity: float


async def triage_messages(
    tenant: TenantPool, project_id: UUID, ids: Sequence[UUID], change: TriageChange
) -> TriageAction:
    """Change the triage of messages, to be undone by `inbox.undo_message_action`.

    Raises:
        FeelbackError: 403 for viewers; 404 for an unknown tag; 422 for another value, an assignee who is no member, or
            more than 5,000 messages, 10 tags a message or 200 messages a group.
    """
    sql = "select * from fn.triage_messages($1, $2, $3, $4, $5, $6, $7, $8)"
    return await db.row(
        tenant, TriageAction, sql, tenant.account_id, project_id, list(ids), change.status, change.assignee_id,
        list(change.add_tag_ids), list(change.remove_tag_ids), change.group,
    )  # fmt: skip


async def triage_labels(tenant: TenantPool, project_id: UUID, filter: TriageFilter) -> TriageLabels:
    """What a filter is called.

    Raises:
        FeelbackError: 404 for an assignee, tag or group that the project does not have.
    """
    assignee_id = None if filter.assignee_id == NOBODY else filter.assignee_id
    sql = "select * from fn.triage_labels($1, $2, $3, $4, $5)"
    return await db.row(
        tenant, TriageLabels, sql, tenant.account_id, project_id, assignee_id, filter.tag_id, filter.group_id
    )


async def tags(tenant: TenantPool, project_id: UUID) -> list[Tag]:
    """The tags of a project by name."""
    return await db.many(tenant, Tag, "select * from fn.tags($1, $2)", tenant.account_id, project_id)


async def create_tag(tenant: TenantPool, project_id: UUID, name: str) -> UUID:
    """Create a tag; returns its id.

    Raises:
        FeelbackError: 403, 404; 409 for the name of another; 422 for a wrong name or more than 50 tags.
    """
    id: UUID = await db.value(tenant, "select fn.create_tag($1, $2, $3)", tenant.account_id, project_id, name)
    return id


async def update_tag(tenant: TenantPool, project_id: UUID, id: UUID, name: str) -> None:
    """Rename a tag.

    Raises:
        FeelbackError: 403, 404; 409 for the name of another; 422 for a wrong name.
    """
    await db.value(tenant, "select fn.update_tag($1, $2, $3, $4)", tenant.account_id, project_id, id, name)


async def delete_tag(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete a tag and take it off its messages.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_tag($1, $2, $3)", tenant.account_id, project_id, id)


async def similar_messages(tenant: TenantPool, project_id: UUID, id: UUID) -> list[SimilarMessage]:
    """At most 5 messages that read like one, the most similar first, which are not in its group."""
    sql = "select * from fn.similar_messages($1, $2, $3)"
    return await db.many(tenant, SimilarMessage, sql, tenant.account_id, project_id, id)


async def group_messages(tenant: TenantPool, project_id: UUID, id: UUID) -> list[SimilarMessage]:
    """The other messages of a message's group, newest first."""
    sql = "select * from fn.group_messages($1, $2, $3)"
    return await db.many(tenant, SimilarMessage, sql, tenant.account_id, project_id, id)
