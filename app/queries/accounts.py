"""Accounts, their people, and sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `password_hash` is None without a password."""

    id: UUID
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A signed-in person, and one of their accounts; None where they are in no account.

    `…_deletion_at` is when the account or the person is to be deleted, if they are. `is_operator`: they operate the
    installation.
    """

    person_id: UUID
    email: str
    is_confirmed: bool
    account_id: UUID | None
    account_name: str | None
    role: str | None
    account_deletion_at: datetime | None
    person_deletion_at: datetime | None
    is_operator: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `role` is the actor's, `is_first` where it is that of the command line."""

    id: UUID
    name: str
    created_at: datetime
    audit_days: int
    deletion_at: datetime | None
    role: str
    owner_email: str
    members: int
    projects: int
    is_first: bool


async def person_by_email(pool: db.Pool, email: str) -> Person | None:
    """The person of that address, in any spelling of its case, or None."""
    return await db.one(pool, Person, "select * from fn.person_by_email($1)", email)


async def session_actor(pool: db.Pool, token_hash: bytes, idle: timedelta, *, is_used: bool = True) -> list[Membership]:
    """The memberships of the person signed in by that token, the chosen one first; empty where nobody is.

    A session that was not used for `idle` has ended; `is_used` counts this call as a use.
    """
    sql = "select * from fn.session_actor($1, _idle => $2, _is_used => $3)"
    return await db.many(pool, Membership, sql, token_hash, idle, is_used)


async def delete_session(pool: db.Pool, token_hash: bytes) -> None:
    """Signs out."""
    await db.value(pool, "select fn.delete_session($1)", token_hash)


async def account(tenant: TenantPool) -> Account:
    """One account.

    Raises:
        FeelbackError: 404 for others than members.
    """
    (account,) = await db.many(tenant, Account, "select * from fn.account($1)", tenant.account_id)
    return account


async def update_account(tenant: TenantPool, name: str, audit_days: int) -> None:
    """Update name and audit log retention, in days.

    Raises:
        FeelbackError: 403 below admin, 422 for a bad name or number of days.
    """
    await db.value(tenant, "select fn.update_account($1, $2, $3)", tenant.account_id, name, audit_days)


async def make_account(pool: db.Pool, session_hash: bytes | None, name: str, signup: str) -> None:
    """Create another account for the signed-in person and switch to it.

    Raises:
        FeelbackError: 403 where sign-up is off, 409 for an owner of too many, 422 for a bad name.
    """
    await db.value(pool, "select fn.make_account($1, $2, $3)", session_hash, name, signup)


async def switch_account(pool: db.Pool, session_hash: bytes | None, account_id: UUID) -> None:
    """Switch the session to another account of the person.

    Raises:
        FeelbackError: 404 where the person is in no such account.
    """
    await db.value(pool, "select fn.switch_account($1, $2)", session_hash, account_id)
