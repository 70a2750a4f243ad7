"""Invitations, for those who got them: by the link that was mailed."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a mailed invitation is for; `is_person` where its address has signed up."""

    account_id: UUID
    account_name: str
    email: str
    role: str
    invited_by: str | None
    is_person: bool


async def invitation(pool: db.Pool, token_hash: bytes) -> Invitation | None:
    """What the invitation is for, without using it up; None where it is used, revoked or out of date."""
    return await db.one(pool, Invitation, "select * from fn.invitation($1)", token_hash)


async def accept_invitation(pool: db.Pool, session_hash: bytes | None, token_hash: bytes) -> None:
    """Whoever is signed in, and has the address that it was mailed to, joins the account.

    Raises:
        FeelbackError: 401 where nobody is signed in, 404 for a link of no use to them.
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
    """Signs up whoever has the link, in the account that it is for.

    Raises:
        FeelbackError: 403 where nobody may sign up, 404 for a link of no use, 409 where they have signed up before.
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
