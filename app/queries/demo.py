"""The demo."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class DemoProject:
    """Project of the demo."""

    account_id: UUID
    id: UUID
    slug: str
    name: str


async def demo_project(pool: db.Pool, email: str) -> DemoProject | None:
    """The project of the demo that `email` owns, or None where it is not loaded."""
    return await db.one(pool, DemoProject, "select * from fn.demo_project($1)", email)


async def load_demo(pool: db.Pool, email: str, password_hash: str) -> None:
    """Load the demo unless it is loaded."""
    await db.value(pool, "select fn.load_demo($1, $2)", email, password_hash)
