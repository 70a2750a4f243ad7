"""Queries of the command line, which acts for the whole installation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project by its slug."""

    account_id: UUID
    id: UUID
    slug: str
    name: str
    time_zone: str
    origins: list[str]


async def default_account(pool: db.Pool) -> Any:
    """Id of the installation's first account, created if there is none."""
    return await db.value(pool, "select fn.default_account()")


async def project_by_slug(pool: db.Pool, slug: str) -> list[NamedProject]:
    """The projects of that slug, oldest first."""
    return await db.many(pool, NamedProject, "select * from fn.project_by_slug($1)", slug)
