"""What a page may know of a widget to draw it."""

import json
from typing import Any

from app.queries.widget_lookups import IngestWidget


def follow_ups(row: IngestWidget) -> dict[str, dict[str, Any]]:
    """What is asked once an option was chosen, by the option's value."""
    rows = json.loads(row.follow_ups) if row.follow_ups else []
    return {follow_up.pop("option"): follow_up for follow_up in rows}


def described(
    id: Any, row: IngestWidget, options: list[dict[str, Any]], follow_ups: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A widget's type, its options with their follow-ups, and the fields of a form."""
    items = [{name: option[name] for name in ("value", "label", "icon")} for option in options]
    items = [
        {**option, "followUp": follow_ups[option["value"]]} if option["value"] in follow_ups else option
        for option in items
    ]
    return {"id": str(id), "type": row.type, "options": items, "fields": json.loads(row.fields)}
