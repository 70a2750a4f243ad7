"""What a page may know of a widget to draw it."""

import json
from typing import Any

from app.queries.widget_lookups import IngestWidget


def described(id: Any, row: IngestWidget, options: list[dict[str, Any]]) -> dict[str, Any]:
    """A widget's type, its options with their follow-ups, and the fields of a form."""
    items = [{name: option[name] for name in ("value", "label", "icon")} for option in options]
    if row.follow_ups:
        of = {follow_up.pop("option"): follow_up for follow_up in json.loads(row.follow_ups)}
        items = [{**option, "followUp": of[option["value"]]} if option["value"] in of else option for option in items]
    return {"id": str(id), "type": row.type, "options": items, "fields": json.loads(row.fields)}
