"""Widgets whose options have follow-ups, and what responses to them hold."""

from typing import Any

from app.database.tenant import TenantPool
from app.queries.follow_ups import update_follow_ups
from tests.support import factories
from tests.support.serving import Api

WHY_NOT = {
    "option": "n", "question": "What was missing?", "multiple": True, "message": True, "contact": True,
    "reasons": [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated"}, {"value": "other"}],
}  # fmt: skip
WHY = {"option": "y", "question": "What helped?", "reasons": [{"value": "clear"}, {"value": "other"}]}


async def asking(api: Api, *items: dict[str, Any], type: str = "yesno", **more: Any) -> factories.Widget:
    """A widget with these follow-ups; without any, yes or no with two."""
    widget = await factories.widget(api.pool, type, **more)
    id: Any = widget.id
    tenant = TenantPool(api.pool, widget.account_id)
    await update_follow_ups(tenant, widget.project_id, id, list(items or (WHY_NOT, WHY)))
    return widget


async def grown(api: Api) -> list[tuple[Any, ...]]:
    """The responses: option, reasons, message, contact."""
    rows = await api.pool.fetch(
        """select o.value, array(
            select s.value from reason as s
            where s.account_id = r.account_id and s.widget_id = r.widget_id and s.no = any (r.reason_nos)
            order by s.position
        ), r.body, r.contact
        from response as r
        join option as o on o.account_id = r.account_id and o.widget_id = r.widget_id and o.no = r.option_no
        order by r.id"""
    )
    return [tuple(row) for row in rows]
