"""Deleting an account or a person: asked for, taken back, and done by the scheduler once the time is over."""

from app.database import db
from app.database.tenant import TenantPool


async def request_account_deletion(tenant: TenantPool, session_hash: bytes | None) -> None:
    """The account is to be deleted in 14 days.

    Raises:
        FeelbackError: 403 for who does not own it or has not confirmed who they are, 409 for the first account.
    """
    await db.value(tenant, "select fn.request_account_deletion($1, $2)", tenant.account_id, session_hash)


async def cancel_account_deletion(tenant: TenantPool) -> None:
    """The account is kept.

    Raises:
        FeelbackError: 403 for who is no admin.
    """
    await db.value(tenant, "select fn.cancel_account_deletion($1)", tenant.account_id)


async def request_person_deletion(pool: db.Pool, session_hash: bytes | None) -> None:
    """The person who is signed in is to be deleted in 14 days.

    Raises:
        FeelbackError: 403 for who has not confirmed who they are, 409 for who owns an account.
    """
    await db.value(pool, "select fn.request_person_deletion($1)", session_hash)


async def cancel_person_deletion(pool: db.Pool, session_hash: bytes | None) -> None:
    """The person who is signed in is kept."""
    await db.value(pool, "select fn.cancel_person_deletion($1)", session_hash)
