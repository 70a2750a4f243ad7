"""Components of the OpenAPI document of `/v1`; schemas come from the models of app/api/models."""

from typing import Any

from app.api.models import edits, ingestion, people, seen_counts
from app.api.openapi import json_schema
from app.api.openapi.parameters import HEADERS, PARAMETERS

Part = dict[str, Any]

WIDGET = "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f"
ID = "019a7d30-11aa-7e21-8f00-5b6c7d8e9f00"
PAGE = "https://example.com/articles/1"
UUID: Part = {"type": "string", "format": "uuid"}
REVOKABLE: Part = {
    "token": "AZp9Lm8AfDqbUQorPE1ebwGaf2ExAPt2ZAY3vG4iUuVhI2sPl0A",
    "expireAt": "2026-05-01T12:00:00.000Z",
}

EXAMPLES: Part = {
    "vote": {"widget": WIDGET, "page": PAGE, "value": "+1", "visitor": "5f0c2f3e9a7b4d1c"},
    "message": {"widget": WIDGET, "page": PAGE, "value": "More of this!", "context": {"section": "Articles",
    "$user": "ada@example.com"}},
    "rating": {"widget": WIDGET, "page": "product-7", "value": 4, "revokable": False},
    "batch": {"items": [{"widget": WIDGET, "page": PAGE, "value": {"tag": "idea", "message": "A dark theme"}}]},
    "html": {"widget": WIDGET, "page": PAGE, "value": "y", "return": "/thanks"},
    "stored": {"id": ID, "outcome": "counted", "revokable": REVOKABLE},
    "duplicate": {"id": ID, "outcome": "duplicate", "revokable": REVOKABLE},
    "results": {
        "items": [
            {"status": 201, "id": ID, "outcome": "counted", "revokable": REVOKABLE},
            {"status": 422, "error": "unprocessable_entity", "message": "This widget has no such value. It takes y, n.",
            "data": {"allowed": ["y", "n"]}},
        ]
    },
    "seen": {"items": [{"status": 200, "outcome": "counted"}]},
    "widget": {
        "id": WIDGET,
        "type": "yesno",
        "options": [{"value": "y", "label": "Yes", "icon": "👍"}, {"value": "n", "label": "No", "icon": "👎"}],
        "fields": [],
    },
    "stats": {
        "items": [
            {
                "widget": WIDGET, "page": PAGE, "counts": {"+1": 3, "-1": 1}, "total": 4, "positive": 0.75,
                "neutral": 0.0, "negative": 0.25,
                "sentiment": 0.5, "average": None, "score": 0.300642, "positiveInterval": [0.300642, 0.954413],
                "sentimentInterval": [-0.420960, 0.920960], "averageInterval": None,
            }
        ]
    },
}  # fmt: skip

HTML_FORM: Part = {
    "type": "object",
    "description": "The fields of a plain HTML form. The `value` may be named `message` or `tag` by the widget's"
    " type; a form widget's fields are"
    " named `fields.<name>`. A form with a `response` and its `token` adds `reasons` (which may be repeated), a"
    " `message` and a `contact` to it. Others are ignored.",
    "maxProperties": 100,
    "additionalProperties": {"type": "string"},
    "properties": {
        name: {"type": "string"} for name in ("widget", "page", "placement", "value", "message", "tag", "visitor",
        "return", "response", "token", "option", "contact")
    },
}  # fmt: skip

COMPONENTS: Part = {
    "schemas": {
        **json_schema.schemas((*ingestion.MODELS, *seen_counts.MODELS, *people.MODELS), ingestion.RULES),
        "Value": edits.VALUE,
        "HtmlForm": HTML_FORM,
    },
    "headers": {
        **HEADERS,
        "AllowOrigin": {
            "description": "The page's origin if the project lists it, or `*`; otherwise missing.",
            "schema": {"type": "string"},
        }
    },
    "parameters": {
        **PARAMETERS,
        **{
            name: {"name": "id", "in": "path", "required": True, "description": description, "schema": UUID}
            for name, description in (("id", "The response."), ("widgetId", "The widget."))
        },
        "token": {
            "name": "Feelback-Token",
            "in": "header",
            "description": "The token of the response; it may be in the body instead.",
            "schema": {"type": "string"},
        },
        "widget": {"name": "widget", "in": "query", "description": "The widget.", "schema": UUID},
        "page": {
            "name": "page",
            "in": "query",
            "description": "A page key, escaped as in any query (`+` is a space, `%2B` a plus). Can be repeated.",
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "minItems": 1, "maxItems": 200, "items": {"type": "string", "minLength": 1,
            "maxLength": 2048}},
            "example": [PAGE],
        },
        "reasons": {"name": "reasons", "in": "query", "description": "1 counts reasons, too.",
        "schema": {"enum": ["0", "1"]}},
        "seen": {"name": "seen", "in": "query", "description": "1 says how often it was seen; takes an API key.",
        "schema": {"enum": ["0", "1"]}},
        "placement": {"name": "placement", "in": "query", "description": "A placement, instead of widget and page.",
        "schema": UUID},
        "known": {"name": "If-None-Match", "in": "header", "description": "The `ETag` of a copy.",
        "schema": {"type": "string"}},
    },
    "securitySchemes": {
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of the project, created in the panel: for servers, which have no origin, and for"
            " the management API. Its scope is `send`, `read_counts`, `read_messages` (includes counts) or `manage`"
            " (includes all of these). Pages need none.",
        }
    },
}  # fmt: skip
