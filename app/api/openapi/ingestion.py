"""The calls of the ingestion API in the OpenAPI document of `/v1`."""

from typing import Any

from app.api.openapi.responses import FORM, JSON, NOT_ALLOWED, TOO_LONG, cached, cors, error, errors, ref
from app.api.openapi.schemas import EXAMPLES

Part = dict[str, Any]


def paths() -> Part:
    """The paths, as OpenAPI has them."""
    return {
        "/v1/feelbacks": {"post": _post_feelbacks()},
        "/v1/feelbacks/{id}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "patch": _patch_feelback(),
            "delete": _delete_feelback(),
        },
        "/v1/beacons": {"post": _post_beacons()},
        "/v1/stats": {"get": _get_stats(), "post": _post_stats()},
        "/v1/sets/{id}": {
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "description": "The content set.",
                    "schema": {"type": "string", "format": "uuid"},
                }
            ],
            "get": _get_set(),
        },
        "/v1/openapi.json": {"get": _get_openapi()},
    }


def _post_feelbacks() -> Part:
    page = {"schema": {"type": "string"}}
    statuses = (400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503)
    refusals = {str(status): error(status, page=page) for status in statuses}
    return {
        "operationId": "postFeelbacks",
        "tags": ["feelbacks"],
        "summary": "Send one signal, or up to 500",
        "description": "A visitor is counted once a content for the types that can be counted; the last value wins."
        " The same"
        " message or form of one visitor within a minute is one. Known crawlers are answered, and not counted.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": {"oneOf": [ref("Signal"), ref("Signals")]},
                    "examples": {name: {"value": EXAMPLES[name]} for name in ("vote", "message", "rating", "batch")},
                },
                FORM: {"schema": ref("HtmlForm"), "examples": {"vote": {"value": EXAMPLES["html"]}}},
            },
        },
        "responses": {
            "200": {
                "description": "One signal: it was folded into the one that this visitor had sent. Several: the"
                " result of each,"
                " in their order. A form from a page that is not known: a page that says thank you.",
                "headers": cors(),
                "content": {
                    JSON: {
                        "schema": {"oneOf": [ref("Stored"), ref("Results")]},
                        "examples": {"several": {"value": EXAMPLES["results"]},
                        "folded": {"value": EXAMPLES["folded"]}},
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
    told = _post_feelbacks()
    told["operationId"] = "postBeacons"
    told["summary"] = "Send signals from a page, or on leaving it"
    told["description"] = (
        "What POST /v1/feelbacks takes as JSON, its content type being `text/plain`: browsers send that to another"
        " origin without a preflight, and from a page that is being left."
    )
    told["requestBody"] = {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string", "description": "JSON of `Signal` or `Signals`."}}},
    }
    told["responses"] = {
        **{status: told["responses"][status] for status in ("200", "201")},
        **errors(400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503),
    }
    return told


def _get_set() -> Part:
    headers = {**cors(), **cached()}
    headers["Cache-Control"] = {"required": True, "schema": {"const": "public, max-age=60, must-revalidate"}}
    return {
        "operationId": "getSet",
        "tags": ["sets"],
        "summary": "Read what a content set asks",
        "description": "Its type, its options in order, and the fields of a form. A copy is good for a minute.",
        "parameters": [{"$ref": "#/components/parameters/known"}],
        "responses": {
            "200": {
                "description": "The set.",
                "headers": headers,
                "content": {JSON: {"schema": ref("Set"), "example": EXAMPLES["set"]}},
            },
            "304": {"description": "It is as `If-None-Match` has it.", "headers": headers},
            **errors(400, 401, 404, 405, 422, 429, 500, 503),
        },
    }


def _patch_feelback() -> Part:
    return {
        "operationId": "patchFeelback",
        "tags": ["feelbacks"],
        "summary": "Give a signal a new value",
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


def _delete_feelback() -> Part:
    return {
        "operationId": "deleteFeelback",
        "tags": ["feelbacks"],
        "summary": "Take a signal back",
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
        "summary": "Read the counts of up to 200 contents",
        "description": "By a set and keys, or by a content's id. Further sets of the same project may follow, each"
        " with its keys behind it: `set=…&key=…&key=…&set=…&key=…`. A content that nobody has signalled yet reads as"
        " zeros.",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in ("set", "key", "content", "known")],
        "responses": {
            "200": {
                "description": "The counts, in the order of the keys.",
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
        "summary": "Read the counts of up to 200 contents, whose keys are too long for an address",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": ref("Question"), "example": {"set": EXAMPLES["vote"]["set"],
                "keys": [EXAMPLES["vote"]["key"]]}}
            },
        },
        "responses": {
            "200": {
                "description": "The counts, in the order of the keys.",
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
