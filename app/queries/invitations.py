"""Invitations by their mailed link."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class Invitation:
    """A mailed invitation; `is_person` if its address has signed up."""

    account_id: UUID
    account_name: str
    email: str
    role: str
    invited_by: str | None
    is_person: bool


async def invitation(pool: db.Pool, token_hash: bytes) -> Invitation | None:
    """The invitation of a link, without using it; None if it was used or revoked, or has expired."""
    return await db.one(pool, Invitation, "select * from fn.invitation($1)", token_hash)


async def accept_invitation(pool: db.Pool, session_hash: bytes | None, token_hash: bytes) -> None:
    """Add the signed-in person, who must have the invited address, to the account.

    Raises:
        FeelbackError: 401 where nobody is signed in, 404 for an invalid link.
    """
    await db.value(pool, "select fn.accept_invitation($1, $2)", session_hash, token_hash)


async def sign_up_by_invitation(
    pool: db.Pool,
    token_hash: bytes,
    password_hash: str | None,
    signup: str,
    session_hash: bytes,
    old_session_hash: bytes | None,
    browser: str,
) -> None:
    """Sign up with the link and join its account.

    Raises:
        FeelbackError: 403 where nobody may sign up, 404 for an invalid link, 409 if the person has signed up already.
    """
    await db.value(
        pool,
        "select fn.sign_up_by_invitation($1, $2, $3, $4, $5, $6)",
        token_hash,
        password_hash,
        signup,
        session_hash,
        old_session_hash,
        browser,
    )
