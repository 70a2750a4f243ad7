"""The releases of a project in the API of `/v1`."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.api.models.base import Model, Time

ReleaseName = Annotated[str, Meta(min_length=1, max_length=100)]
Pattern = Annotated[str, Meta(min_length=1, max_length=500)]
Patterns = Annotated[
    list[Pattern],
    Meta(
        min_length=1, max_length=20,
        description="The pages that it touches, by default all, as globs: * stands for any characters. A pattern that"
        " begins with / is compared with the path of a page's key, any other with all of the key.",
    ),
]  # fmt: skip
Link = Annotated[
    Annotated[str, Meta(max_length=2000, pattern="^https?://")] | None,
    Meta(description="Where one reads more of it, such as its notes."),
]


class NewRelease(Model):
    name: ReleaseName
    time: Annotated[Time, Meta(description="Without it, now.")] | UnsetType = UNSET
    link: Link | UnsetType = UNSET
    pages: Patterns | UnsetType = UNSET


class Release(Model):
    id: UUID
    name: ReleaseName
    time: Time
    link: Link
    pages: Patterns
    created_at: Time
