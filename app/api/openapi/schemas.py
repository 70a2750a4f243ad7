"""The parts that the OpenAPI document of `/v1` is made of."""

from typing import Any

from app.text import widget_types

Part = dict[str, Any]

SET = "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f"
ID = "019a7d30-11aa-7e21-8f00-5b6c7d8e9f00"
PAGE = "https://example.com/articles/1"
REVOKABLE: Part = {
    "token": "AZp9Lm8AfDqbUQorPE1ebwGaf2ExAPt2ZAY3vG4iUuVhI2sPl0A",
    "expireAt": "2026-05-01T12:00:00.000Z",
}

EXAMPLES: Part = {
    "vote": {"set": SET, "key": PAGE, "value": "+1", "visitor": "5f0c2f3e9a7b4d1c"},
    "message": {"set": SET, "key": PAGE, "value": "More of this!", "context": {"title": "Article 1",
    "$user": "ada@example.com"}},
    "rating": {"set": SET, "key": "product-7", "value": 4, "revokable": False},
    "batch": {"items": [{"set": SET, "key": PAGE, "value": {"tag": "idea", "message": "A dark theme"}}]},
    "html": {"set": SET, "key": PAGE, "value": "y", "return": "/thanks"},
    "stored": {"id": ID, "outcome": "counted", "revokable": REVOKABLE},
    "folded": {"id": ID, "outcome": "folded", "revokable": REVOKABLE},
    "results": {
        "items": [
            {"status": 201, "id": ID, "outcome": "counted", "revokable": REVOKABLE},
            {"status": 422, "error": "unprocessable_entity", "message": "The value is none of this set's.",
            "data": {"allowed": ["y", "n"]}},
        ]
    },
    "set": {
        "id": SET,
        "type": "yesno",
        "options": [{"value": "y", "label": "Yes", "icon": "👍"}, {"value": "n", "label": "No", "icon": "👎"}],
        "fields": [],
    },
    "stats": {
        "items": [
            {
                "set": SET, "key": PAGE, "counts": {"+1": 3, "-1": 1}, "total": 4, "positive": 0.75, "neutral": 0.0,
                "negative": 0.25,
                "sentiment": 0.5, "average": None, "score": 0.300642,
            }
        ]
    },
}  # fmt: skip

_SHARE: Part = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_TEXT_OR_NUMBER: Part = {"type": ["string", "number", "boolean", "null"]}
_OUTCOME: Part = {
    "enum": ["counted", "test", "folded", "edited", "ignored"],
    "description": "test: the project is in test mode, and this is not counted. folded: this visitor's earlier signal"
    " has the value now. ignored: a known crawler's.",
}
_REVOKABLE: Part = {
    "type": "object",
    "description": "With the token the signal can be edited and removed until `expireAt`. Missing where it was not"
    " asked for, or the"
    " content set's window is never open.",
    "required": ["token", "expireAt"],
    "additionalProperties": False,
    "properties": {"token": {"type": "string"}, "expireAt": {"type": "string", "format": "date-time"}},
}
_STORED: Part = {"id": {"type": "string", "format": "uuid"}, "outcome": _OUTCOME, "revokable": _REVOKABLE}
_ERROR: Part = {
    "error": {"type": "string", "description": "The kind of error, for programs."},
    "message": {"type": "string", "description": "What was wrong, and the limit that it broke."},
    "data": {"type": "object", "description": "The same for programs."},
}
_TARGET = [
    {"required": ["set", "key"], "not": {"required": ["content"]}},
    {"required": ["content"]},
]

SCHEMAS: Part = {
    "Value": {
        "description": "By the type of the content set. pulse: `+`. updown and yesno: `+1` or `-1`, `y` or `n`, or"
        " one of yes, no, up, down,"
        " like, dislike, 1, 0, true, false. reaction: an option's value. rating and nps: a number. message: a text."
        " tagged: a `tag`"
        " and, if there is one, a `message`. form: an object of its fields.",
        "type": ["string", "number", "boolean", "object"],
    },
    "Signal": {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "oneOf": _TARGET,
        "properties": {
            "set": {"type": "string", "format": "uuid", "description": "The content set."},
            "key": {
                "type": "string",
                "minLength": 1,
                "maxLength": 2048,
                "description": "What it is about: the page's address, which is brought into one spelling, or a key"
                " of your own, which is"
                " taken as it is. At most 2048 bytes.",
            },
            "content": {"type": "string", "format": "uuid", "description": "The content, instead of set and key."},
            "value": {"$ref": "#/components/schemas/Value"},
            "context": {
                "type": ["object", "null"],
                "description": "What is known of the page: texts and numbers. `$user` is the visitor's e-mail"
                " address.",
                "maxProperties": 32,
                "propertyNames": {"minLength": 1, "maxLength": 64},
                "additionalProperties": _TEXT_OR_NUMBER,
                "properties": {"$user": {"type": ["string", "null"], "format": "email", "maxLength": 254}},
            },
            "visitor": {
                "type": ["string", "null"],
                "minLength": 8,
                "maxLength": 200,
                "description": "A token that your page keeps for its visitor. Without one, address and browser tell"
                " visitors apart.",
            },
            "revokable": {"type": "boolean", "default": True, "description": "Whether to answer with a token."},
        },
    },
    "Signals": {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {"items": {"type": "array", "minItems": 1, "maxItems": 500,
        "items": {"$ref": "#/components/schemas/Signal"}}},
    },
    "HtmlForm": {
        "type": "object",
        "description": "The fields of a plain HTML form. The `value` may be named `message` or `tag` by the set's"
        " type; a form set's fields are"
        " named `fields.<name>`. Others are left alone.",
        "maxProperties": 100,
        "additionalProperties": {"type": "string"},
        "properties": {
            name: {"type": "string"} for name in ("set", "key", "content", "value", "message", "tag", "visitor",
            "return")
        },
    },
    "Stored": {"type": "object", "additionalProperties": False, "required": ["id", "outcome"], "properties": _STORED},
    "Results": {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {
            "items": {
                "type": "array",
                "items": {
                    "oneOf": [
                        {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["status", "id", "outcome"],
                            "properties": {"status": {"enum": [200, 201]}, **_STORED},
                        },
                        {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["status", "error", "message", "data"],
                            "properties": {"status": {"type": "integer", "minimum": 400, "maximum": 599}, **_ERROR},
                        },
                    ]
                },
            }
        },
    },
    "Edit": {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"$ref": "#/components/schemas/Value"}, "token": {"type": "string",
        "description": "Instead of the header."}},
    },
    "Removal": {"type": "object", "properties": {"token": {"type": "string", "description": "Instead of the"
    " header."}}},
    "Question": {
        "type": "object",
        "additionalProperties": False,
        "oneOf": [
            {"required": ["set", "keys"], "maxProperties": 2, "not": {"required": ["content"]}},
            {"required": ["content"], "maxProperties": 1},
            {"required": ["sets"], "maxProperties": 1},
        ],
        "properties": {
            "set": {"type": "string", "format": "uuid"},
            "keys": {"type": "array", "minItems": 1, "maxItems": 200, "items": {"type": "string", "minLength": 1,
            "maxLength": 2048}},
            "content": {"type": "string", "format": "uuid"},
            "sets": {
                "type": "array",
                "description": "Several sets of one project, with at most 200 keys in all.",
                "minItems": 1,
                "maxItems": 200,
                "items": {"$ref": "#/components/schemas/KeysOfSet"},
            },
        },
    },
    "KeysOfSet": {
        "type": "object",
        "additionalProperties": False,
        "required": ["set", "keys"],
        "properties": {
            "set": {"type": "string", "format": "uuid"},
            "keys": {"type": "array", "minItems": 1, "maxItems": 200, "items": {"type": "string", "minLength": 1,
            "maxLength": 2048}},
        },
    },
    "Set": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "type", "options", "fields"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "type": {"enum": list(widget_types.NAMES)},
            "options": {
                "type": "array",
                "description": "In their order; `value` is what is sent.",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["value", "label", "icon"],
                    "properties": {name: {"type": "string"} for name in ("value", "label", "icon")},
                },
            },
            "fields": {
                "type": "array",
                "description": "Of a form, in their order. `min` and `max` bound a number, or a text's length.",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string"},
                        "kind": {"enum": ["text", "email", "number", "boolean", "choice"], "default": "text"},
                        "label": {"type": "string"},
                        "required": {"type": "boolean", "default": False},
                        "min": {"type": "number"},
                        "max": {"type": "number"},
                        "choices": {"type": "array", "items": {"type": "string"}},
                    },
                },
            },
        },
    },
    "Stats": {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Counts"}}},
    },
    "Counts": {
        "type": "object",
        "additionalProperties": False,
        "required": ["set", "key", "counts", "total", "positive", "neutral", "negative", "sentiment", "average",
        "score"],
        "properties": {
            "set": {"type": "string", "format": "uuid"},
            "key": {"type": "string", "description": "As it was asked for; where a content was, its key."},
            "counts": {
                "type": "object",
                "description": "The count of each option, by its value, in the set's order.",
                "additionalProperties": {"type": "integer", "minimum": 0},
            },
            "total": {"type": "integer", "minimum": 0},
            "positive": {**_SHARE, "description": "The share of options with a weight above 0."},
            "neutral": {**_SHARE, "description": "The share of options with the weight 0."},
            "negative": {**_SHARE, "description": "The share of options with a weight below 0."},
            "sentiment": {"type": ["number", "null"], "minimum": -1, "maximum": 1, "description": "The mean weight."},
            "average": {"type": ["number", "null"], "description": "The mean of ratings; null for other types."},
            "score": {
                "type": ["number", "null"],
                "description": "To rank by. Votes: the lower end of Wilson's 95 % interval for the share of"
                " positive ones. Ratings: their"
                " Bayesian average, as if five of the middle had come before. Null for messages and forms.",
            },
        },
    },
    "Error": {"type": "object", "additionalProperties": False, "required": ["error", "message", "data"],
    "properties": _ERROR},
}  # fmt: skip

COMPONENTS: Part = {
    "schemas": SCHEMAS,
    "headers": {
        "AllowOrigin": {
            "description": "The page's origin where the project lists it, or `*`; missing where it does not.",
            "schema": {"type": "string"},
        }
    },
    "parameters": {
        "id": {"name": "id", "in": "path", "required": True, "description": "The signal.",
        "schema": {"type": "string", "format": "uuid"}},
        "token": {
            "name": "Feelback-Token",
            "in": "header",
            "description": "The token that came with the signal; it may be in the body instead.",
            "schema": {"type": "string"},
        },
        "set": {"name": "set", "in": "query", "description": "The content set.", "schema": {"type": "string",
        "format": "uuid"}},
        "key": {
            "name": "key",
            "in": "query",
            "description": "A key, as often as there are; escaped as any query is (`+` is a space, `%2B` a plus).",
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "minItems": 1, "maxItems": 200, "items": {"type": "string", "minLength": 1,
            "maxLength": 2048}},
            "example": [PAGE],
        },
        "content": {"name": "content", "in": "query", "description": "A content, instead.",
        "schema": {"type": "string", "format": "uuid"}},
        "known": {"name": "If-None-Match", "in": "header", "description": "The `ETag` that is known.",
        "schema": {"type": "string"}},
    },
    "securitySchemes": {
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "For a server's calls, which have no origin, and for managing: an API key of the project,"
            " made in the panel. Pages send without.",
        }
    },
}  # fmt: skip
