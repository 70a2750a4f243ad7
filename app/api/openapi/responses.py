"""Errors, headers and references in the OpenAPI document of `/v1`."""

from typing import Any

from app.errors import CODES

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
Part = dict[str, Any]

WHY = {
    400: "The JSON or the query cannot be read: not RFC 8259, NUL, or nested deeper than 16 levels.",
    401: "The API key is unknown, expired or revoked, or the header is malformed.",
    402: "The account has received ten times the responses of its plan this month; `data.renewsAt` says until when.",
    403: "This origin or API key may not send responses here.",
    404: "There is no such widget, page or response.",
    405: "The address does not take this method; `Allow` lists those that it takes.",
    408: "The body took too long to arrive.",
    413: "The body is larger than the limit, by default 64 KiB.",
    415: "The content type is not supported.",
    422: "A part is missing, of the wrong type, or not a value of the widget; `data` says which, and the limit.",
    429: "Too many requests from this address, or for this project or page; or too many visitors behind one address"
    " on a page and day.",
    500: "An error in Feelback.",
    503: "Too many responses are waiting, or the database is unavailable.",
}
NOT_ALLOWED = (
    "The token belongs to another response or has expired; `data.closedAt` says when. Or this origin or API key may not"
    " send responses here."
)
TOO_LONG = {"description": "The address and headers together exceed 16 KiB. The response has no body."}


def errors(*statuses: int, page: Part | None = None) -> Part:
    return {**{str(status): error(status, page=page) for status in sorted(statuses)}, "431": TOO_LONG}


def error(status: int, why: str = "", *, closed: bool = False, page: Part | None = None) -> Part:
    """An error of a call that pages make; `page` is what a form gets."""
    message = WHY[status].split(";")[0].split(":")[0].rstrip(".") + "."
    data = {"closedAt": "2026-05-01T12:00:00.000Z"} if closed else {}
    answer = plain_error(status, why or WHY[status], cors())
    answer["content"][JSON]["example"] = {"error": CODES[status], "message": message, "data": data}
    if page is not None:
        answer["content"]["text/html"] = page
    return answer


def plain_error(status: int, why: str, headers: Part) -> Part:
    """An error with the headers that every call sends with its status, besides `headers`."""
    headers = dict(headers)
    if status in (429, 503):
        schema: Part = {"type": "integer", "minimum": 1}
        headers["Retry-After"] = {"description": "Seconds to wait.", "required": True, "schema": schema}
    if status == 405:
        headers["Allow"] = {"required": True, "schema": {"type": "string"}}
    schema = {"allOf": [ref("Error"), {"properties": {"error": {"const": CODES[status]}}}]}
    return {"description": why, "headers": headers, "content": {JSON: {"schema": schema}}}


def ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def cors() -> Part:
    return {
        "Access-Control-Allow-Origin": {"$ref": "#/components/headers/AllowOrigin"},
        "Vary": {"schema": {"type": "string"}},
    }


def cached(seconds: int = 0) -> Part:
    """Headers of what caches may keep, for some seconds or with a check at each use."""
    return {
        "ETag": {"required": True, "schema": {"type": "string"}},
        "Cache-Control": {
            "required": True,
            **({} if seconds else {"description": "Counts are exact at each read: a cache must check its copy."}),
            "schema": {"const": f"public, max-age={seconds}, must-revalidate"},
        },
    }
