"""The OpenAPI 3.1 document of `/v1`."""

from typing import Any

from app import __version__
from app.api.openapi import management, management_schemas
from app.api.openapi.schemas import COMPONENTS, EXAMPLES
from app.errors import CODES

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
Part = dict[str, Any]

WHY = {
    400: "The JSON or the query is broken: not RFC 8259, NUL, nested deeper than 16 levels.",
    401: "The API key does not hold: it is unknown, expired or revoked, or the header is of another kind.",
    402: "The account has taken ten times the signals of its plan this month; `data.renewsAt` says until when.",
    403: "This origin or API key may not send here.",
    404: "There is no such content set, content or signal.",
    405: "The method is not possible here; `Allow` names those that are.",
    408: "The body took too long to arrive.",
    413: "The body is larger than the limit, 64 KiB unless it was set.",
    415: "The content type is another.",
    422: "A part is missing, of a wrong kind, or none that the content set takes; `data` says which and the limit.",
    429: "Too many requests from this address, or for this project or content; or more visitors behind one address"
    " than"
    " a content counts in a day.",
    500: "A fault of ours.",
    503: "Too many signals wait, or the database is away for a moment.",
}
NOT_ALLOWED = (
    "The token is not this signal's, or its time is over: then `data.closedAt` says since when. Or this origin or API "
    "key may not send here."
)


def document() -> Part:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Feelback",
            "version": __version__,
            "summary": "Signals of a page's visitors in, their counts out; and a project, managed by its API key.",
            "description": "A 2xx answer comes after the commit: what it acknowledges is stored, and is in every"
            " count that is"
            " read from then on. Errors say what was wrong in one form, `Error`. Every path that pages call"
            " answers a preflight (`OPTIONS`). Under `/v1/projects` a key manages its project: one for reading looks,"
            " one for writing changes; 600 requests a minute each. Lists are read by the page, in an order that stays.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"apiKey": []}],
        "tags": [
            {"name": "feelbacks", "description": "Signals: likes, votes, ratings, reactions, messages, forms."},
            {"name": "sets", "description": "What a page must know of a content set to draw it; and its settings."},
            {"name": "stats", "description": "What a content has been told; what windows and periods say."},
            {"name": "projects", "description": "The project of an API key."},
            {"name": "contents", "description": "What signals are about."},
            {"name": "exports", "description": "A project's data as files."},
            {"name": "people", "description": "Who works on a project and is told of it."},
        ],
        "paths": {
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
            **management.paths(),
        },
        "components": {
            **COMPONENTS,
            "schemas": {**COMPONENTS["schemas"], **management_schemas.SCHEMAS},
            "parameters": {**COMPONENTS["parameters"], **management_schemas.PARAMETERS},
            "headers": {**COMPONENTS["headers"], **management_schemas.HEADERS},
        },
    }


def _post_feelbacks() -> Part:
    page = {"schema": {"type": "string"}}
    statuses = (400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503)
    told = {str(status): _error(status, page=page) for status in statuses}
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
                    "schema": {"oneOf": [_ref("Signal"), _ref("Signals")]},
                    "examples": {name: {"value": EXAMPLES[name]} for name in ("vote", "message", "rating", "batch")},
                },
                FORM: {"schema": _ref("HtmlForm"), "examples": {"vote": {"value": EXAMPLES["html"]}}},
            },
        },
        "responses": {
            "200": {
                "description": "One signal: it was folded into the one that this visitor had sent. Several: the"
                " result of each,"
                " in their order. A form from a page that is not known: a page that says thank you.",
                "headers": _cors(),
                "content": {
                    JSON: {
                        "schema": {"oneOf": [_ref("Stored"), _ref("Results")]},
                        "examples": {"several": {"value": EXAMPLES["results"]},
                        "folded": {"value": EXAMPLES["folded"]}},
                    },
                    "text/html": page,
                },
            },
            "201": {
                "description": "It is stored and counted.",
                "headers": _cors(),
                "content": {JSON: {"schema": _ref("Stored"), "example": EXAMPLES["stored"]}},
            },
            "303": {
                "description": "A form was stored; back to the page that `return` names, or that it came from.",
                "headers": {
                    **_cors(),
                    "Location": {"required": True, "schema": {"type": "string"}},
                    "Cache-Control": {"schema": {"const": "no-store"}},
                },
            },
            **told,
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
        **_errors(400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503),
    }
    return told


def _get_set() -> Part:
    headers = {**_cors(), **_cached()}
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
                "content": {JSON: {"schema": _ref("Set"), "example": EXAMPLES["set"]}},
            },
            "304": {"description": "It is as `If-None-Match` has it.", "headers": headers},
            **_errors(400, 401, 404, 405, 422, 429, 500, 503),
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
            "content": {JSON: {"schema": _ref("Edit"), "example": {"value": "-1"}}},
        },
        "responses": {
            "200": {
                "description": "It has the value.",
                "headers": _cors(),
                "content": {JSON: {"schema": _ref("Stored"), "example": {**EXAMPLES["stored"], "outcome": "edited"}}},
            },
            **_errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
            "403": _error(403, NOT_ALLOWED, closed=True),
        },
    }


def _delete_feelback() -> Part:
    return {
        "operationId": "deleteFeelback",
        "tags": ["feelbacks"],
        "summary": "Take a signal back",
        "description": "Its count goes from the day on which it was counted. Again, it does nothing.",
        "parameters": [{"$ref": "#/components/parameters/token"}],
        "requestBody": {"required": False, "content": {JSON: {"schema": _ref("Removal")}}},
        "responses": {
            "204": {"description": "It is gone.", "headers": _cors()},
            **_errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
            "403": _error(403, NOT_ALLOWED, closed=True),
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
                "headers": {**_cors(), **_cached()},
                "content": {JSON: {"schema": _ref("Stats"), "example": EXAMPLES["stats"]}},
            },
            "304": {"description": "They are as `If-None-Match` has them.", "headers": {**_cors(), **_cached()}},
            **_errors(400, 401, 404, 405, 422, 429, 500, 503),
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
                JSON: {"schema": _ref("Question"), "example": {"set": EXAMPLES["vote"]["set"],
                "keys": [EXAMPLES["vote"]["key"]]}}
            },
        },
        "responses": {
            "200": {
                "description": "The counts, in the order of the keys.",
                "headers": _cors(),
                "content": {JSON: {"schema": _ref("Stats"), "example": EXAMPLES["stats"]}},
            },
            **_errors(400, 401, 404, 405, 408, 413, 415, 422, 429, 500, 503),
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
                "headers": {**_cors(), **_cached()},
                "content": {JSON: {"schema": {"type": "object", "required": ["openapi", "info", "paths"]}}},
            },
            "304": {"description": "It is as `If-None-Match` has it.", "headers": {**_cors(), **_cached()}},
            **_errors(405, 500, 503),
        },
    }


TOO_LONG = {
    "description": "Address and headers are too long together: up to 16 KiB are taken for sure. There is no body."
}


def _errors(*statuses: int) -> Part:
    return {**{str(status): _error(status) for status in statuses}, "431": TOO_LONG}


def _error(status: int, why: str = "", *, closed: bool = False, page: Part | None = None) -> Part:
    headers = _cors()
    if status in (429, 503):
        headers["Retry-After"] = {
            "description": "In so many seconds it may be sent again.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        }
    if status == 405:
        headers["Allow"] = {"required": True, "schema": {"type": "string"}}
    schema = {"allOf": [_ref("Error"), {"properties": {"error": {"const": CODES[status]}}}]}
    data = {"closedAt": "2026-05-01T12:00:00.000Z"} if closed else {}
    example = {
        "error": CODES[status],
        "message": WHY[status].split(";")[0].split(":")[0].rstrip(".") + ".",
        "data": data,
    }
    content: Part = {JSON: {"schema": schema, "example": example}}
    if page is not None:
        content["text/html"] = page
    return {"description": why or WHY[status], "headers": headers, "content": content}


def _ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _cors() -> Part:
    return {
        "Access-Control-Allow-Origin": {"$ref": "#/components/headers/AllowOrigin"},
        "Vary": {"schema": {"type": "string"}},
    }


def _cached() -> Part:
    return {
        "ETag": {"required": True, "schema": {"type": "string"}},
        "Cache-Control": {
            "required": True,
            "description": "Counts are exact at each read: a copy may be kept and must be asked about.",
            "schema": {"const": "public, max-age=0, must-revalidate"},
        },
    }
