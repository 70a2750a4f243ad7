"""The parameters and headers of the management API of `/v1`."""

from typing import Any

from app.text import widget_types

Part = dict[str, Any]

ID: Part = {"type": "string", "format": "uuid"}
TEXT: Part = {"type": "string"}
COUNT: Part = {"type": "integer", "minimum": 0}
TIME: Part = {"type": "string", "format": "date-time"}
DAY: Part = {"type": "string", "format": "date"}
TYPE: Part = {"enum": list(widget_types.NAMES)}


def _query(name: str, schema: Part, why: str) -> Part:
    return {"name": name, "in": "query", "description": why, "schema": schema}


PARAMETERS: Part = {
    **{
        f"path_{name}": {"name": name, "in": "path", "required": True, "schema": ID}
        for name in ("project", "widget", "page", "placement", "response")
    },
    "query_widget": _query("widget", ID, "Of this widget."),
    "query_placement": _query("placement", ID, "Of this placement."),
    "query_type": _query("type", TYPE, "Of widgets of this type."),
    "query_option": _query("option", TEXT, "Of this option, by its value."),
    "query_text": _query("text", TEXT, "Which holds this text, whatever the case."),
    "query_archived": _query("archived", {"enum": ["true", "false"]}, "Only archived ones, or none of them."),
    "query_state": _query(
        "state", {"enum": ["active", "test", "archive", "spam", "deleted", "all"], "default": "active"},
        "Counted and not put away; sent in test mode; or in that folder of the inbox.",
    ),
    "query_cursor": _query(
        "cursor", ID, "`next` of the page before. A page may hold fewer than `limit` and have a next."
    ),
    "query_limit": _query(
        "limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "How many at most."
    ),
    "query_fromTime": _query("from", TIME, "From this time on."),
    "query_toTime": _query("to", TIME, "Before this time."),
    "query_fromDay": _query("from", DAY, "From this day of the project's zone on."),
    "query_toDay": _query("to", DAY, "Up to and with this day."),
    "query_unit": _query("unit", {"enum": ["week", "month", "year"], "default": "month"}, "Which periods."),
    "query_kind": _query(
        "kind", {"enum": ["responses", "pages", "windows", "periods", "days"], "default": "responses"}, "The data."
    ),
    "query_format": _query("format", {"enum": ["csv", "jsonl"], "default": "csv"}, "CSV or JSON Lines."),
    "query_days": _query("days", {"enum": [7, 30, 90, 365], "default": 30}, "Which window."),
}  # fmt: skip

HEADERS: Part = {
    "RateLimit-Limit": {"description": "How many requests a key has a minute.", "schema": COUNT},
    "RateLimit-Remaining": {"description": "How many are left.", "schema": COUNT},
    "RateLimit-Reset": {"description": "In how many seconds all are there again.", "schema": COUNT},
}
