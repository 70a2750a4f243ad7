"""The canonical spelling of a page key that was typed: the one under which responses are counted."""

import json
from uuid import UUID

from app.database.tenant import TenantPool
from app.http.context import services
from app.queries import page_settings


async def canonical(tenant: TenantPool, project_id: UUID, page_id: UUID, key: str) -> str:
    """Return the page key under which an address is counted; a key that is no address stays the same.

    Raises:
        FeelbackError: 404 if the page does not exist.
    """
    rules = json.loads(await page_settings.page_key_rules(tenant, project_id, page_id))
    return services().canonical(key, rules)
