"""What only the command line asks for: it acts for the whole installation, not for one account."""

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
    """The id of the installation's first account, made where there is none."""
    return await db.value(pool, "select fn.default_account()")


async def project_by_slug(pool: db.Pool, slug: str) -> list[NamedProject]:
    """The projects of that slug, oldest first."""
    return await db.many(pool, NamedProject, "select * from fn.project_by_slug($1)", slug)
