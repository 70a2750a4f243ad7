"""What the responses of the ingestion API have in common, in the OpenAPI document of `/v1`."""

from typing import Any

from app.errors import CODES

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
Part = dict[str, Any]

WHY = {
    400: "The JSON or the query is broken: not RFC 8259, NUL, nested deeper than 16 levels.",
    401: "The API key does not hold: it is unknown, expired or revoked, or the header is of another kind.",
    402: "The account has taken ten times the responses of its plan this month; `data.renewsAt` says until when.",
    403: "This origin or API key may not send here.",
    404: "There is no such widget, page or response.",
    405: "The method is not possible here; `Allow` names those that are.",
    408: "The body took too long to arrive.",
    413: "The body is larger than the limit, 64 KiB unless it was set.",
    415: "The content type is another.",
    422: "A part is missing, of a wrong kind, or none that the widget takes; `data` says which and the limit.",
    429: "Too many requests from this address, or for this project or page; or more visitors behind one address"
    " than"
    " a page counts in a day.",
    500: "A fault of ours.",
    503: "Too many responses wait, or the database is away for a moment.",
}
NOT_ALLOWED = (
    "The token is another response's or has expired: then `data.closedAt` says since when. Or this origin or API key"
    " may not send here."
)


TOO_LONG = {
    "description": "Address and headers are too long together: up to 16 KiB are taken for sure. There is no body."
}


def errors(*statuses: int) -> Part:
    return {**{str(status): error(status) for status in statuses}, "431": TOO_LONG}


def error(status: int, why: str = "", *, closed: bool = False, page: Part | None = None) -> Part:
    headers = cors()
    if status in (429, 503):
        headers["Retry-After"] = {
            "description": "In so many seconds it may be sent again.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        }
    if status == 405:
        headers["Allow"] = {"required": True, "schema": {"type": "string"}}
    schema = {"allOf": [ref("Error"), {"properties": {"error": {"const": CODES[status]}}}]}
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


def ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def cors() -> Part:
    return {
        "Access-Control-Allow-Origin": {"$ref": "#/components/headers/AllowOrigin"},
        "Vary": {"schema": {"type": "string"}},
    }


def cached() -> Part:
    return {
        "ETag": {"required": True, "schema": {"type": "string"}},
        "Cache-Control": {
            "required": True,
            "description": "Counts are exact at each read: a copy may be kept and must be asked about.",
            "schema": {"const": "public, max-age=0, must-revalidate"},
        },
    }
