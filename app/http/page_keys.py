"""The canonical spelling of a key that somebody gives by hand: the one under which responses of that page come in."""

import json
from uuid import UUID

from app.database.tenant import TenantPool
from app.http.context import services
from app.queries import page_settings


async def canonical(tenant: TenantPool, project_id: UUID, page_id: UUID, key: str) -> str:
    """The key under which a page of that address is counted; other keys stay as they are.

    Raises:
        FeelbackError: 404 where there is no such page.
    """
    rules = json.loads(await page_settings.page_key_rules(tenant, project_id, page_id))
    return services().canonical(key, rules)
