"""Accounts, their people, and sessions."""

from dataclasses import dataclass
from uuid import UUID

from app import db


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in, where `password_hash` is not None."""

    id: UUID
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A signed-in person, and one of their accounts; None where they are in no account."""

    person_id: UUID
    email: str
    is_confirmed: bool
    account_id: UUID | None
    account_name: str | None
    role: str | None


async def person_by_email(pool: db.Pool, email: str) -> Person | None:
    """The person of that address, in any spelling of its case, or None."""
    return await db.one(pool, Person, "select * from fn.person_by_email($1)", email)


async def session_actor(pool: db.Pool, token_hash: bytes) -> list[Membership]:
    """The memberships of the person signed in by that token, oldest first; empty where nobody is."""
    return await db.many(pool, Membership, "select * from fn.session_actor($1)", token_hash)


async def delete_session(pool: db.Pool, token_hash: bytes) -> None:
    """Signs out."""
    await db.value(pool, "select fn.delete_session($1)", token_hash)
