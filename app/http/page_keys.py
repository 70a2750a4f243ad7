"""The canonical spelling of a key that somebody gives by hand: the one under which signals of that page come in."""

import json
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from quart import current_app

from app.database.tenant import TenantPool
from app.queries import page_settings

# Ingestion's, put at extensions["canonical"] by whoever runs both: the key, its rules as they are kept.
Canonical = Callable[[str, dict[str, Any]], str]


async def canonical(acting: TenantPool, account_id: UUID | None, project_id: UUID, content_id: UUID, key: str) -> str:
    """The key under which a page of that address is counted in the content's set; other keys stay as they are.

    Raises:
        FeelbackError: 404 where there is no such content.
    """
    rules = json.loads(await page_settings.content_key_rules(acting, account_id, project_id, content_id))
    spelled = cast(Canonical, current_app.extensions.get("canonical", lambda given, _: given))
    return spelled(key, rules)
