"""Settings of pages."""

from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


async def rename_page(tenant: TenantPool, project_id: UUID, id: UUID, key: str) -> None:
    """Give a page another canonical key.

    Raises:
        FeelbackError: 404, 422 for a bad key, 409 where the project has a page of that key, 403.
    """
    await db.value(tenant, "select fn.rename_page($1, $2, $3, $4)", tenant.account_id, project_id, id, key)


async def archive_page(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Archive a page: its widgets accept no responses there.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.archive_page($1, $2, $3)", tenant.account_id, project_id, id)


async def unarchive_page(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Unarchive a page.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(tenant, "select fn.unarchive_page($1, $2, $3)", tenant.account_id, project_id, id)


async def page_key_rules(tenant: TenantPool, project_id: UUID, id: UUID) -> str:
    """Rules by which an address becomes a page key, as a JSON object.

    Raises:
        FeelbackError: 404.
    """
    return str(await db.value(tenant, "select fn.page_key_rules($1, $2, $3)", tenant.account_id, project_id, id))


async def retitle_page(tenant: TenantPool, project_id: UUID, id: UUID, title: str | None) -> None:
    """Set a page's title; None removes it, so that the page may send one again.

    Raises:
        FeelbackError: 403, 404, 422 for a title of a wrong length.
    """
    await db.value(tenant, "select fn.retitle_page($1, $2, $3, $4)", tenant.account_id, project_id, id, title)
