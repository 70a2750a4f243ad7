"""The calls of the ingestion API in the OpenAPI document of `/v1`."""

from typing import Any

from app.api.openapi.responses import FORM, JSON, NOT_ALLOWED, cached, cors, error, errors, ref
from app.api.openapi.schemas import EXAMPLES

Part = dict[str, Any]
READ = (400, 401, 404, 405, 422, 429, 500, 503)
WRITE = (*READ, 408, 413, 415)
SEND = (*WRITE, 402, 403)
PAGE: Part = {"schema": {"type": "string"}}  # a form gets an HTML page


def paths() -> Part:
    """The paths, as OpenAPI has them."""
    stored = _json("The response is stored and counted.", "Stored", EXAMPLES["stored"])
    edited = _json("The response has the new value.", "Stored", {**EXAMPLES["stored"], "outcome": "edited"})
    stats = _json("The counts, in the order of the pages.", "Stats", EXAMPLES["stats"])
    this = {JSON: {"schema": {"type": "object", "required": ["openapi", "info", "paths"]}}}
    question = {"widget": EXAMPLES["vote"]["widget"], "pages": [EXAMPLES["vote"]["page"]]}
    forbidden = {"403": error(403, NOT_ALLOWED, closed=True)}
    several = {"200": _deduplicated(), "201": stored}
    text = {"type": "string", "description": "JSON of `Response` or `Responses`."}
    return {
        "/v1/responses": {
            "post": _call(
                "postResponses", "responses", "Send one response, or up to 500",
                "For types that can be counted, a visitor counts once per page, and the last value wins. The same"
                " message or form from one visitor within a minute counts once. Known crawlers are not counted.",
                body={
                    JSON: {
                        "schema": {"oneOf": [ref("Response"), ref("Responses")]},
                        "examples": _examples("vote", "message", "rating", "batch"),
                    },
                    FORM: {"schema": ref("HtmlForm"), "examples": {"vote": {"value": EXAMPLES["html"]}}},
                },
                responses={**several, "303": _redirected(), **errors(*SEND, page=PAGE)},
            )
        },
        "/v1/responses/{id}": {
            "parameters": _parameters("id"),
            "patch": _call(
                "patchResponse", "responses", "Change a response, or add to it",
                "Send any of value, reasons, message, contact and passage: what is left out stays, null clears."
                " Another value drops the reasons of the one before. The new token in the result keeps the response"
                " editable. Repeating the call changes nothing. After an error nothing is changed; `data.field` names"
                " what was wrong.",
                "token",
                body={JSON: {"schema": ref("Edit"), "example": {"reasons": ["unclear"], "message": "Which key?"}}},
                responses={"200": edited, **errors(*WRITE), **forbidden},
            ),
            "delete": _call(
                "deleteResponse", "responses", "Take a response back",
                "It is subtracted from the day on which it was counted. Repeating the call changes nothing.",
                "token",
                body={JSON: {"schema": ref("Removal")}},
                is_required=False,
                responses={"204": {"description": "Deleted.", "headers": cors()}, **errors(*WRITE), **forbidden},
            ),
        },
        "/v1/beacons": {
            "post": _call(
                "postBeacons", "responses", "Send responses from a page, or while leaving it",
                "The JSON of POST /v1/responses with the content type `text/plain`, which browsers send to another"
                " origin without a preflight, and from a page that is being left.",
                body={"text/plain": {"schema": text}},
                responses={**several, **errors(*SEND)},
            )
        },
        "/v1/seen": {
            "post": _call(
                "postSeen", "stats", "Count the widgets seen in a page view",
                "One request a page view at most, as `text/plain`, with the JSON of `PageView`. Nothing but counts by"
                " placement and day is stored.",
                body={"text/plain": {"schema": {"type": "string", "description": "JSON of `PageView`."}}},
                responses={
                    "200": _json("The result of each, in their order.", "CountedViews", EXAMPLES["seen"]),
                    **errors(*WRITE),
                },
            )
        },
        "/v1/stats": {
            "get": _call(
                "getStats", "stats", "Read the counts of up to 200 pages",
                "By a widget and its pages, or by a placement. Further widgets of the same project may follow, each"
                " with its pages: `widget=…&page=…&page=…&widget=…&page=…`. A page without responses has zeros.",
                "widget", "page", "placement", "reasons", "seen", "known",
                responses={**_cacheable(stats, cached()), **errors(*READ, 403)},
            ),
            "post": _call(
                "postStats", "stats", "Read the counts of up to 200 pages that are too long for a URL",
                body={JSON: {"schema": ref("Question"), "example": question}},
                responses={"200": stats, **errors(*WRITE, 403)},
            ),
        },
        "/v1/widgets/{id}": {
            "parameters": _parameters("widgetId"),
            "get": _call(
                "getWidget", "widgets", "Read what a widget asks",
                "Its type, its options in order with what to ask once one was chosen, and the fields of a form. A"
                " copy may be used for a minute.",
                "known",
                responses={
                    **_cacheable(_json("The widget.", "Widget", EXAMPLES["widget"]), cached(60)), **errors(*READ)
                },
            ),
        },
        "/v1/openapi.json": {
            "get": {
                **_call(
                    "getOpenapi", "", "Read this document", "", "known",
                    responses={
                        **_cacheable({"description": "This document.", "headers": cors(), "content": this}, cached()),
                        **errors(405, 500, 503),
                    },
                ),
                "security": [],
            }
        },
    }  # fmt: skip


def _call(
    id: str, tag: str, summary: str, description: str = "", *parameters: str, responses: Part, body: Part | None = None,
    is_required: bool = True,
) -> Part:  # fmt: skip
    """An operation; `parameters` are names in the document's components, `body` its content types."""
    return {
        "operationId": id,
        **({"tags": [tag]} if tag else {}),
        "summary": summary,
        **({"description": description} if description else {}),
        **({"parameters": _parameters(*parameters)} if parameters else {}),
        **({"requestBody": {"required": is_required, "content": body}} if body else {}),
        "responses": responses,
    }


def _parameters(*names: str) -> list[Part]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _examples(*names: str) -> Part:
    return {name: {"value": EXAMPLES[name]} for name in names}


def _json(description: str, schema: str, example: Any) -> Part:
    return {
        "description": description,
        "headers": cors(),
        "content": {JSON: {"schema": ref(schema), "example": example}},
    }


def _cacheable(answer: Part, headers: Part) -> Part:
    """The answer with headers for caches, and the one that says that a cache's copy is current."""
    headers = {**cors(), **headers}
    unchanged = {"description": "The copy with the `ETag` in `If-None-Match` is current.", "headers": headers}
    return {"200": {**answer, "headers": headers}, "304": unchanged}


def _deduplicated() -> Part:
    schema = {"oneOf": [ref("Stored"), ref("Results")]}
    examples = {"several": {"value": EXAMPLES["results"]}, "duplicate": {"value": EXAMPLES["duplicate"]}}
    return {
        "description": "One response: the visitor had responded before, and that response has the new value. Several:"
        " the result of each, in their order. A form from an unknown page: a page that says thank you.",
        "headers": cors(),
        "content": {JSON: {"schema": schema, "examples": examples}, "text/html": PAGE},
    }


def _redirected() -> Part:
    return {
        "description": "A form was stored. It leads back to the page in `return`, or to the one it came from.",
        "headers": {
            **cors(),
            "Location": {"required": True, "schema": {"type": "string"}},
            "Cache-Control": {"schema": {"const": "no-store"}},
        },
    }
