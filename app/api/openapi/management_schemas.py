"""The parts that describe the management API of `/v1`."""

from typing import Any

from app.text import widget_types

Part = dict[str, Any]

ID: Part = {"type": "string", "format": "uuid"}
TEXT: Part = {"type": "string"}
COUNT: Part = {"type": "integer", "minimum": 0}
WHOLE: Part = {"type": "integer"}
YES: Part = {"type": "boolean"}
TIME: Part = {"type": "string", "format": "date-time"}
DAY: Part = {"type": "string", "format": "date"}
SHARE: Part = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
NUMBER: Part = {"type": ["number", "null"]}
TYPE: Part = {"enum": list(widget_types.NAMES)}
POLICY: Part = {
    "enum": ["visitor", "address", "open"],
    "description": "Counted once: by visitor, by address, or every signal by itself.",
}
COUNTS: Part = {"type": "object", "description": "By the option's value.", "additionalProperties": WHOLE}


def _or_null(schema: Part) -> Part:
    return {**schema, "type": [schema["type"], "null"]}


def _object(properties: Part, *optional: str) -> Part:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _some(properties: Part) -> Part:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _list(name: str) -> Part:
    return _object(
        {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "next": {
                "type": ["string", "null"],
                "description": "The `cursor` of the next page; null where there is none.",
            },
        }
    )


NAME: Part = {"type": "string", "minLength": 1, "maxLength": 200}
RULES: Part = {
    "type": "object",
    "description": "How addresses become keys; names that are left out have their default.",
    "additionalProperties": False,
    "properties": {
        "trailingSlash": {**YES, "description": "`/a/` is `/a`."},
        "index": {**YES, "description": "`/a/index.html` is `/a/`."},
        "www": {**YES, "description": "`www.example.com` is `example.com`."},
        "hashRoutes": {**YES, "description": "`#/route` belongs to the key."},
        "aliases": {"type": "object", "description": "Hosts by their further names.", "maxProperties": 100,
        "additionalProperties": TEXT},
        "query": {
            "description": "Keep all parameters but trackers, or none, or those named.",
            "oneOf": [{"enum": ["keep", "drop"]}, {"type": "array", "maxItems": 100, "items": TEXT}],
        },
    },
}  # fmt: skip
SETTINGS: Part = {
    "name": NAME,
    "slug": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
    "timeZone": {**TEXT, "description": "As the tz database names it, such as Europe/Rome; it decides the days."},
    "origins": {"type": "array", "maxItems": 100, "items": TEXT,
    "description": "Who may send: https://example.com, https://*.example.com, or *."},
    "keyRules": {"$ref": "#/components/schemas/KeyRules"},
    "visitorPolicy": {**POLICY, "description": "What new content sets start with."},
    "retentionDays": {"type": ["integer", "null"], "minimum": 1, "maximum": 36500,
    "description": "How long single signals are kept; null is for ever. Counts stay."},
    "testMode": {**YES, "description": "Signals are marked and not counted, and localhost may send."},
}  # fmt: skip
NEW_OPTION: Part = {
    "type": "object",
    "required": ["value"],
    "properties": {
        "value": {"type": "string", "minLength": 1, "maxLength": 100},
        "label": {"type": "string", "maxLength": 100},
        "icon": {"type": "string", "maxLength": 100},
        "weight": {"type": "number", "minimum": -1, "maximum": 1},
        "aliases": {"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 100}},
    },
}
SET_SETTINGS: Part = {
    "name": NAME,
    "visitorPolicy": POLICY,
    "windowSeconds": {"type": ["number", "null"], "minimum": 0, "maximum": 315360000,
    "description": "How long a signal may be edited: 0 is never, null for ever."},
    "keyRules": {"$ref": "#/components/schemas/KeyRules"},
    "fields": {"type": "array", "maxItems": 50, "items": {"type": "object"}, "description": "What a form declares."},
    "openForm": {**YES, "description": "Whether a form takes further fields."},
}  # fmt: skip
JUDGED: Part = {
    "positive": SHARE, "neutral": SHARE, "negative": SHARE, "sentiment": NUMBER, "average": NUMBER, "score": NUMBER,
}  # fmt: skip
LEADER: Part = _object(
    {
        "place": COUNT, "set": ID, "content": ID, "key": TEXT, "total": WHOLE, "before": WHOLE, "change": WHOLE,
        "score": NUMBER, "sentiment": NUMBER,
    }
)  # fmt: skip
_LEADERS: Part = {"type": "array", "items": {"$ref": "#/components/schemas/Leader"}}

SCHEMAS: Part = {
    "KeyRules": RULES,
    "Project": _object({"id": ID, **SETTINGS, "createdAt": TIME, "archivedAt": _or_null(TIME)}),
    "Projects": _list("Project"),
    "ProjectChanges": _some(SETTINGS),
    "Deleted": _object({"deleted": COUNT}),
    "Going": _object({"state": {"const": "deleting"}}),
    "Deletion": _object(
        {
            "id": ID, "projectId": ID, "kind": {"enum": ["project", "set", "content"]}, "name": TEXT, "askedAt": TIME,
            "signals": COUNT, "gone": COUNT,
        }
    ),
    "Deletions": _list("Deletion"),
    "NewOption": NEW_OPTION,
    "NewOptions": _object(
        {
            "options": {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {"$ref": "#/components/schemas/NewOption"},
                "description": "In their order. One that is left out is retired: its counts stay, and it may come back."
                " What is not said of one stays. New weights judge all but closed periods, scores within a minute.",
            }
        }
    ),
    "SetOption": _object(
        {"value": TEXT, "label": TEXT, "icon": TEXT, "weight": {"type": "number"},
        "aliases": {"type": "array", "items": TEXT}, "retired": YES}
    ),
    "SetOfProject": _object(
        {
            "id": ID, "type": TYPE, **SET_SETTINGS, "contents": COUNT, "createdAt": TIME, "archivedAt": _or_null(TIME),
            "options": {"type": "array", "items": {"$ref": "#/components/schemas/SetOption"}},
        }
    ),
    "SetsOfProject": _list("SetOfProject"),
    "SetChanges": _some(SET_SETTINGS),
    "NewSet": {
        **_some(
            {
                "type": TYPE,
                "preset": {"type": ["string", "null"], "description": "Ready-made options, such as github."},
                "options": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/NewOption"}},
                **SET_SETTINGS,
            }
        ),
        "required": ["name", "type"],
    },
    "Content": _object(
        {
            "id": ID, "set": ID, "key": TEXT, "createdAt": TIME, "archivedAt": _or_null(TIME), "signals": COUNT,
            "counts": COUNTS,
        }
    ),
    "Contents": _list("Content"),
    "ContentChanges": _object(
        {"key": {"type": "string", "minLength": 1, "maxLength": 2048,
        "description": "The page's address (it is brought into one spelling) or a key of yours."}}
    ),
    "Feelback": _object(
        {
            "id": ID, "set": ID, "type": TYPE, "content": ID, "key": TEXT, "value": TEXT,
            "message": {"type": ["string", "null"]}, "fields": {"type": ["object", "null"]},
            "context": {"type": ["object", "null"]},
            "state": {"enum": ["active", "test", "archive", "spam", "deleted"]}, "createdAt": TIME,
            "editedAt": _or_null(TIME),
        }
    ),
    "Feelbacks": _list("Feelback"),
    "Window": _object(
        {"days": {"enum": [1, 7, 30, 90, 365]}, "total": WHOLE, "before": WHOLE, **JUDGED, "counts": COUNTS},
        "average", "score", "counts",
    ),
    "Windows": _list("Window"),
    "Period": _object(
        {
            "unit": {"enum": ["week", "month", "year"]}, "startsOn": DAY,
            "counts": {**COUNTS, "type": ["object", "null"]}, "total": WHOLE, "before": _or_null(WHOLE), **JUDGED,
        }
    ),
    "Periods": _list("Period"),
    "TrendDay": _object({"day": DAY, "signals": WHOLE}),
    "Trend": _list("TrendDay"),
    "Leader": LEADER,
    "Leaders": _object({"days": WHOLE, **dict.fromkeys(("most", "best", "worst", "rise", "fall"), _LEADERS)}),
    "Rejection": _object({"reason": TEXT, "origin": TEXT, "count": COUNT, "firstAt": TIME, "lastAt": TIME}),
    "Rejections": _list("Rejection"),
    "Member": _object(
        {"personId": ID, "email": TEXT, "role": {"enum": ["owner", "admin", "editor", "viewer"]}, "createdAt": TIME}
    ),
    "Members": _list("Member"),
    "Key": _object(
        {
            "id": ID, "kind": {"enum": ["read", "write"]}, "name": TEXT, "hint": TEXT, "createdAt": TIME,
            "expiresAt": _or_null(TIME), "revokedAt": _or_null(TIME), "lastUsedAt": _or_null(TIME),
        }
    ),
    "Keys": _list("Key"),
    "Recipient": _object(
        {
            "id": ID, "email": TEXT, "weekly": YES, "monthly": YES, "state": {"enum": ["asked", "confirmed", "ended"]},
            "askedAt": TIME,
        }
    ),
    "Recipients": _list("Recipient"),
}  # fmt: skip


def _query(name: str, schema: Part, why: str) -> Part:
    return {"name": name, "in": "query", "description": why, "schema": schema}


PARAMETERS: Part = {
    **{
        f"path_{name}": {"name": name, "in": "path", "required": True, "schema": ID}
        for name in ("project", "set", "content", "feelback")
    },
    "query_set": _query("set", ID, "Of this content set."),
    "query_content": _query("content", ID, "About this content."),
    "query_type": _query("type", TYPE, "Of sets of this type."),
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
        "kind", {"enum": ["feelbacks", "contents", "windows", "periods", "days"], "default": "feelbacks"}, "What of it."
    ),
    "query_format": _query("format", {"enum": ["csv", "jsonl"], "default": "csv"}, "CSV or JSON Lines."),
    "query_days": _query("days", {"enum": [7, 30, 90, 365], "default": 30}, "Which window."),
}  # fmt: skip

HEADERS: Part = {
    "RateLimit-Limit": {"description": "How many requests a key has a minute.", "schema": COUNT},
    "RateLimit-Remaining": {"description": "How many are left.", "schema": COUNT},
    "RateLimit-Reset": {"description": "In how many seconds all are there again.", "schema": COUNT},
}
