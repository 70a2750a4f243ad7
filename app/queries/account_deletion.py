"""Deletion of accounts: requested, cancelled, and done by the scheduler after 14 days."""

from app.database import db
from app.database.tenant import TenantPool


async def request_account_deletion(tenant: TenantPool, session_hash: bytes | None) -> None:
    """Request the deletion of the account in 14 days.

    Raises:
        FeelbackError: 403 for others than the owner and without a fresh confirmation, 409 for the first account.
    """
    await db.value(tenant, "select fn.request_account_deletion($1, $2)", tenant.account_id, session_hash)


async def cancel_account_deletion(tenant: TenantPool) -> None:
    """Cancel the deletion of the account.

    Raises:
        FeelbackError: 403 below admin.
    """
    await db.value(tenant, "select fn.cancel_account_deletion($1)", tenant.account_id)
