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


@dataclass(frozen=True, slots=True)
class DemoOwner:
    """The person who owns the demo."""

    id: UUID
    email: str
    password_hash: str | None


async def demo_project(pool: db.Pool) -> DemoProject | None:
    """The project of the demo, or None where it is not loaded."""
    return await db.one(pool, DemoProject, "select * from fn.demo_project()")


async def demo_owner(pool: db.Pool) -> DemoOwner | None:
    """The owner of the demo, or None where it is not loaded."""
    return await db.one(pool, DemoOwner, "select * from fn.demo_owner()")


async def load_demo(pool: db.Pool, email: str, password_hash: str | None) -> None:
    """Load the demo, or what of it is missing: in seconds, but on a busy machine in minutes."""
    await db.value_within(300, pool, "call fn.load_demo($1, $2)", email, password_hash)


async def update_demo_password(pool: db.Pool, person_id: UUID, password_hash: str) -> None:
    """Set the password of the demo's owner and revoke their sessions."""
    await db.value(pool, "select fn.update_demo_password($1, $2)", person_id, password_hash)
