"""The triage of messages in the API of `/v1`: status, assignee, tags, notes, groups and saved views."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.api.models.base import Count, Model, Time

Status = Literal["new", "in_progress", "resolved", "dismissed"]
TagIds = Annotated[list[UUID], Meta(max_length=50)]
TagText = Annotated[str, Meta(min_length=1, max_length=40)]
ViewName = Annotated[str, Meta(min_length=1, max_length=60)]
Query = Annotated[
    str, Meta(min_length=1, max_length=4000, description="The parameters of the inbox's address, as in a query string.")
]


class Assignee(Model):
    id: UUID
    email: str


class TagOfMessage(Model):
    id: UUID
    name: str


class TriageOfResponse(Model):
    """The triage of a response; only messages and forms have one."""

    status: Annotated[Status | None, Meta(description="Of a message or a form; null for other responses.")]
    assignee: Assignee | None
    tags: list[TagOfMessage]
    group: Annotated[UUID | None, Meta(description="What it shares with messages that are the same.")]


class NewTriage(Model):
    """What to change in the triage of messages; what is missing stays as it is."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000, description="Responses with a message or a form.")]
    status: Status | UnsetType = UNSET
    assignee: Annotated[UUID | None, Meta(description="The `personId` of a member; null for nobody.")] | UnsetType = (
        UNSET
    )
    add_tags: TagIds | UnsetType = UNSET
    remove_tags: TagIds | UnsetType = UNSET
    group: (
        Annotated[
            Literal["join", "leave"],
            Meta(description="join: these messages and their groups become one group. leave: they leave theirs."),
        ]
        | UnsetType
    ) = UNSET


class Triage(Model):
    changed: Annotated[Count, Meta(description="Messages that changed; with `group` those of their groups, too.")]
    action: Annotated[UUID | None, Meta(description="By which it can be undone for an hour; null if nothing changed.")]


class UndoneTriage(Model):
    action: Annotated[UUID, Meta(description="The `action` of a change.")]


class Undone(Model):
    changed: Count


class NewTag(Model):
    name: TagText


class Tag(Model):
    id: UUID
    name: TagText
    created_at: Time
    messages: Count


class NewNote(Model):
    body: Annotated[str, Meta(min_length=1, max_length=2000)]


class Note(Model):
    id: UUID
    author: Annotated[
        str | None, Meta(description="A member's address; null for a program, and for somebody who left the account.")
    ]
    body: str
    created_at: Time


class NewReply(Model):
    """An email to the visitor of a message, who left their address with it."""

    body: Annotated[str, Meta(min_length=1, max_length=4000)]
    reply_to: Annotated[UUID, Meta(description="The `personId` of the member to whose address the visitor answers.")]
    fixed: Annotated[bool, Meta(description="Whether it says that it is fixed: of a resolved message, and once.")] = (
        False
    )


class Reply(Model):
    id: UUID
    author: Annotated[
        str | None, Meta(description="A member's address; null for a program, and for somebody who left the account.")
    ]
    body: str
    fixed: bool
    state: Annotated[
        Literal["waiting", "sent", "stored", "failed", "unknown"],
        Meta(description="Of its mail. stored: there is no mail server. unknown: it may have arrived."),
    ]
    error: Annotated[str | None, Meta(description="Why the last attempt failed.")]
    created_at: Time


class SimilarMessage(Model):
    id: UUID
    words: Annotated[str, Meta(description="The first 300 characters.")]
    similarity: Annotated[float, Meta(ge=0.3, le=1, description="The share of trigrams that both have.")]


class NewSavedView(Model):
    name: ViewName
    query: Query


class SavedViewName(Model):
    name: ViewName


class SavedView(Model):
    id: UUID
    name: ViewName
    query: Query
    created_at: Time


MODELS = (NewTriage, Triage, UndoneTriage, Undone, NewTag, NewNote, NewReply, NewSavedView, SavedViewName)
