"""The sets of a project by name: what a filter offers."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class SetName:
    """A content set as a choice."""

    id: UUID
    name: str
    type: str


async def set_names(pool: db.Executor, account_id: UUID | None, project_id: UUID) -> list[SetName]:
    """The sets of a project, by name."""
    return await db.many(pool, SetName, "select * from fn.set_names($1, $2)", account_id, project_id)
