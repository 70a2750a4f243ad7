"""Contents: renamed and archived."""

from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


async def rename_content(tenant: TenantPool, project_id: UUID, id: UUID, key: str) -> None:
    """Gives a content another (canonical) key.

    Raises:
        FeelbackError: 404, 422 for a bad key, 409 where the set has that key already, 403.
    """
    await db.value(tenant, "select fn.rename_content($1, $2, $3, $4)", tenant.account_id, project_id, id, key)


async def archive_content(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """A content takes no more signals.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.archive_content($1, $2, $3)", tenant.account_id, project_id, id)


async def restore_content(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """An archived content takes signals again.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.restore_content($1, $2, $3)", tenant.account_id, project_id, id)


async def content_key_rules(tenant: TenantPool, project_id: UUID, id: UUID) -> str:
    """How an address becomes the key of a content, a JSON object.

    Raises:
        FeelbackError: 404.
    """
    return str(await db.value(tenant, "select fn.content_key_rules($1, $2, $3)", tenant.account_id, project_id, id))
