"""Deletion of people: requested, cancelled, and done by the scheduler after 14 days."""

from app.database import db


async def request_person_deletion(pool: db.Pool, session_hash: bytes | None) -> None:
    """Request the deletion of the signed-in person in 14 days.

    Raises:
        FeelbackError: 403 without a fresh confirmation, 409 for owners of an account.
    """
    await db.value(pool, "select fn.request_person_deletion($1)", session_hash)


async def cancel_person_deletion(pool: db.Pool, session_hash: bytes | None) -> None:
    """Cancel the deletion of the signed-in person."""
    await db.value(pool, "select fn.cancel_person_deletion($1)", session_hash)
