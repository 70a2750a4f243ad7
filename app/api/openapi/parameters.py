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
        for name in (
            "project", "widget", "page", "release", "destination", "delivery", "placement", "response", "tag", "note",
            "view",
        )
    },
    "query_widget": _query("widget", ID, "Only of this widget."),
    "query_placement": _query("placement", ID, "Only of this placement."),
    "query_type": _query("type", TYPE, "Only of widgets of this type."),
    "query_option": _query("option", TEXT, "Only with this option, by its value."),
    "query_reason": _query("reason", TEXT, "Only with this reason, by its value."),
    "query_reasons": _query("reasons", {"enum": [0, 1], "default": 0}, "1: with the reasons for its options, too."),
    "query_seen": _query("seen", {"enum": [0, 1], "default": 0}, "1: with how often it was seen, too."),
    "query_text": _query("text", TEXT, "Only those that contain this text, in any case."),
    "query_archived": _query("archived", {"enum": ["true", "false"]}, "Only archived ones, or only others."),
    "query_state": _query(
        "state", {"enum": ["active", "test", "archive", "spam", "deleted", "all"], "default": "active"},
        "`active`: counted and in the inbox; `test`: sent in test mode; the others are folders of the inbox.",
    ),
    "query_status": _query(
        "status", {"enum": ["open", "new", "in_progress", "resolved", "dismissed"]},
        "Only messages in this status; `open` is new or in progress.",
    ),
    "query_assignee": _query("assignee", TEXT, "Only messages of this member, by `personId`; `none`: of nobody."),
    "query_tag": _query("tag", ID, "Only messages with this tag."),
    "query_group": _query("group", ID, "Only messages of this group."),
    "query_cursor": _query(
        "cursor", ID, "`next` of the page before. A page may have fewer than `limit` items and still a next one."
    ),
    "query_limit": _query(
        "limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "The largest number of items."
    ),
    "query_fromTime": _query("from", TIME, "Since this time."),
    "query_toTime": _query("to", TIME, "Before this time."),
    "query_fromDay": _query("from", DAY, "Since this day, in the project's time zone."),
    "query_toDay": _query("to", DAY, "Until the end of this day."),
    "query_unit": _query("unit", {"enum": ["week", "month", "year"], "default": "month"}, "The unit of the periods."),
    "query_kind": _query(
        "kind", {"enum": ["responses", "pages", "windows", "periods", "days"], "default": "responses"}, "The data."
    ),
    "query_format": _query("format", {"enum": ["csv", "jsonl"], "default": "csv"}, "CSV or JSON Lines."),
    "query_days": _query("days", {"enum": [1, 7, 30, 90, 365], "default": 30}, "The window, in days; 1 is 24 hours."),
}  # fmt: skip

HEADERS: Part = {
    "RateLimit-Limit": {"description": "Requests per minute and key.", "schema": COUNT},
    "RateLimit-Remaining": {"description": "Requests left.", "schema": COUNT},
    "RateLimit-Reset": {"description": "Seconds until all are available again.", "schema": COUNT},
}
