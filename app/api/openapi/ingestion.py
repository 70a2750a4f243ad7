"""The calls of the ingestion API in the OpenAPI document of `/v1`."""

from typing import Any

from app.api.openapi.responses import FORM, JSON, NOT_ALLOWED, TOO_LONG, cached, cors, error, errors, ref
from app.api.openapi.schemas import EXAMPLES

Part = dict[str, Any]


def paths() -> Part:
    """The paths, as OpenAPI has them."""
    return {
        "/v1/responses": {"post": _post_responses()},
        "/v1/responses/{id}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "patch": _patch_response(),
            "delete": _delete_response(),
        },
        "/v1/beacons": {"post": _post_beacons()},
        "/v1/stats": {"get": _get_stats(), "post": _post_stats()},
        "/v1/widgets/{id}": {
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "description": "The widget.",
                    "schema": {"type": "string", "format": "uuid"},
                }
            ],
            "get": _get_widget(),
        },
        "/v1/openapi.json": {"get": _get_openapi()},
    }


def _post_responses() -> Part:
    page = {"schema": {"type": "string"}}
    statuses = (400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503)
    refusals = {str(status): error(status, page=page) for status in statuses}
    return {
        "operationId": "postResponses",
        "tags": ["responses"],
        "summary": "Send one response, or up to 500",
        "description": "A visitor is counted once a page for the types that can be counted; the last value wins."
        " The same"
        " message or form of one visitor within a minute is one. Known crawlers are answered, and not counted.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": {"oneOf": [ref("Response"), ref("Responses")]},
                    "examples": {name: {"value": EXAMPLES[name]} for name in ("vote", "message", "rating", "batch")},
                },
                FORM: {"schema": ref("HtmlForm"), "examples": {"vote": {"value": EXAMPLES["html"]}}},
            },
        },
        "responses": {
            "200": {
                "description": "One response: it was deduplicated into the one that this visitor had sent. Several: the"
                " result of each,"
                " in their order. A form from a page that is not known: a page that says thank you.",
                "headers": cors(),
                "content": {
                    JSON: {
                        "schema": {"oneOf": [ref("Stored"), ref("Results")]},
                        "examples": {"several": {"value": EXAMPLES["results"]},
                        "duplicate": {"value": EXAMPLES["duplicate"]}},
                    },
                    "text/html": page,
                },
            },
            "201": {
                "description": "It is stored and counted.",
                "headers": cors(),
                "content": {JSON: {"schema": ref("Stored"), "example": EXAMPLES["stored"]}},
            },
            "303": {
                "description": "A form was stored; back to the page that `return` names, or that it came from.",
                "headers": {
                    **cors(),
                    "Location": {"required": True, "schema": {"type": "string"}},
                    "Cache-Control": {"schema": {"const": "no-store"}},
                },
            },
            **refusals,
            "431": TOO_LONG,
        },
    }  # fmt: skip


def _post_beacons() -> Part:
    operation = _post_responses()
    operation["operationId"] = "postBeacons"
    operation["summary"] = "Send responses from a page, or on leaving it"
    operation["description"] = (
        "What POST /v1/responses takes as JSON, its content type being `text/plain`: browsers send that to another"
        " origin without a preflight, and from a page that is being left."
    )
    operation["requestBody"] = {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string", "description": "JSON of `Response` or `Responses`."}}},
    }
    operation["responses"] = {
        **{status: operation["responses"][status] for status in ("200", "201")},
        **errors(400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503),
    }
    return operation


def _get_widget() -> Part:
    headers = {**cors(), **cached()}
    headers["Cache-Control"] = {"required": True, "schema": {"const": "public, max-age=60, must-revalidate"}}
    return {
        "operationId": "getWidget",
        "tags": ["widgets"],
        "summary": "Read what a widget asks",
        "description": "Its type, its options in order, and the fields of a form. A copy is good for a minute.",
        "parameters": [{"$ref": "#/components/parameters/known"}],
        "responses": {
            "200": {
                "description": "The widget.",
                "headers": headers,
                "content": {JSON: {"schema": ref("Widget"), "example": EXAMPLES["widget"]}},
            },
            "304": {"description": "It is as `If-None-Match` has it.", "headers": headers},
            **errors(400, 401, 404, 405, 422, 429, 500, 503),
        },
    }


def _patch_response() -> Part:
    return {
        "operationId": "patchResponse",
        "tags": ["responses"],
        "summary": "Give a response a new value",
        "description": "Its context stays. The answer's fresh token keeps it editable. The same edit again changes"
        " nothing.",
        "parameters": [{"$ref": "#/components/parameters/token"}],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": ref("Edit"), "example": {"value": "-1"}}},
        },
        "responses": {
            "200": {
                "description": "It has the value.",
                "headers": cors(),
                "content": {JSON: {"schema": ref("Stored"), "example": {**EXAMPLES["stored"], "outcome": "edited"}}},
            },
            **errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
            "403": error(403, NOT_ALLOWED, closed=True),
        },
    }


def _delete_response() -> Part:
    return {
        "operationId": "deleteResponse",
        "tags": ["responses"],
        "summary": "Take a response back",
        "description": "Its count goes from the day on which it was counted. Again, it does nothing.",
        "parameters": [{"$ref": "#/components/parameters/token"}],
        "requestBody": {"required": False, "content": {JSON: {"schema": ref("Removal")}}},
        "responses": {
            "204": {"description": "It is gone.", "headers": cors()},
            **errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
            "403": error(403, NOT_ALLOWED, closed=True),
        },
    }


def _get_stats() -> Part:
    return {
        "operationId": "getStats",
        "tags": ["stats"],
        "summary": "Read the counts of up to 200 pages",
        "description": "By a widget and its pages, or by a placement. Further widgets of the same project may"
        " follow, each with its pages: `widget=…&page=…&page=…&widget=…&page=…`. A page without responses has zeros.",
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"} for name in ("widget", "page", "placement", "known")
        ],
        "responses": {
            "200": {
                "description": "The counts, in the order of the pages.",
                "headers": {**cors(), **cached()},
                "content": {JSON: {"schema": ref("Stats"), "example": EXAMPLES["stats"]}},
            },
            "304": {"description": "They are as `If-None-Match` has them.", "headers": {**cors(), **cached()}},
            **errors(400, 401, 404, 405, 422, 429, 500, 503),
        },
    }


def _post_stats() -> Part:
    return {
        "operationId": "postStats",
        "tags": ["stats"],
        "summary": "Read the counts of up to 200 pages, too long for a URL",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": ref("Question"), "example": {"widget": EXAMPLES["vote"]["widget"],
                "pages": [EXAMPLES["vote"]["page"]]}}
            },
        },
        "responses": {
            "200": {
                "description": "The counts, in the order of the pages.",
                "headers": cors(),
                "content": {JSON: {"schema": ref("Stats"), "example": EXAMPLES["stats"]}},
            },
            **errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
        },
    }  # fmt: skip


def _get_openapi() -> Part:
    return {
        "operationId": "getOpenapi",
        "summary": "Read this document",
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/known"}],
        "responses": {
            "200": {
                "description": "This document.",
                "headers": {**cors(), **cached()},
                "content": {JSON: {"schema": {"type": "object", "required": ["openapi", "info", "paths"]}}},
            },
            "304": {"description": "It is as `If-None-Match` has it.", "headers": {**cors(), **cached()}},
            **errors(405, 500, 503),
        },
    }
