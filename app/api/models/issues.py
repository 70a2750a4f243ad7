"""Issues at forges in the API of `/v1`."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.api.models.base import Model, Time


class Issue(Model, kw_only=True):
    id: UUID
    state: Annotated[
        Literal["opening", "open", "closed", "failed"], Meta(description="opening: a worker has yet to open it.")
    ]
    number: str | None
    url: str | None
    problem: Annotated[str | None, Meta(description="Why the last attempt failed.")]
    next_at: Annotated[Time | None, Meta(description="When it is opened or read next.")]


class ProjectIssue(Issue, kw_only=True):
    response: Annotated[UUID, Meta(description="The message for which it was opened.")]
    created_at: Time
