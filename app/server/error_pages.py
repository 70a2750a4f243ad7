"""Whatever goes wrong becomes a page that says what happened and what to do next."""

import logging

from quart import Quart, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.api import json_response
from app.database import db
from app.errors import CODES, FeelbackError

log = logging.getLogger(__name__)

TITLES = {
    400: "That request makes no sense",
    401: "Sign in first",
    402: "This needs a payment",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That is not possible here",
    408: "That took too long",
    413: "That is too much",
    422: "Something is not right yet",
    429: "One moment, please",
    500: "Something went wrong here",
    503: "We will be right back",
}
MESSAGES = {
    404: "The address is wrong, or what was here is gone, or it is not yours to see.",
    405: "This address does not take that kind of request.",
    413: "What was sent is larger than this server takes.",
    500: "It is our fault, and it has been noted. Try again; if it happens again, tell us when.",
}


def install(app: Quart) -> None:
    """Answers every exception with a page."""
    app.register_error_handler(FeelbackError, _told)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


async def _told(error: FeelbackError) -> Response:
    if _is_api():
        return json_response.error_response(error)
    hint = error.data.get("hint", "")
    return await page(error.status, error.message, hint, error.headers)


async def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect that routing makes
        return error.response  # type: ignore[return-value]  # it is Quart's
    status = error.code if error.code in CODES else 500 if (error.code or 500) >= 500 else 400
    allowed = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return await page(status, MESSAGES.get(status, "The request could not be read."), "", allowed)


async def _unknown(error: Exception) -> Response:
    # A value that cannot be encoded is an InterfaceError too, but no lost connection.
    if isinstance(error, db.UNAVAILABLE) and not isinstance(error, ValueError):
        log.warning("The database is away: %s", type(error).__name__)
        return await _told(db.unavailable())
    log.error("%s %s failed", request.method, request.url_rule or "(no route)", exc_info=error)
    return await page(500, MESSAGES[500], "", {})


def _is_api() -> bool:
    return request.path.startswith(("/v0/", "/v1/"))


async def page(status: int, message: str, hint: str, headers: dict[str, str]) -> Response:
    """An error's page; where htmx asked, the same, swapped in for the whole body; to the API, JSON."""
    if _is_api():
        return json_response.error_response(FeelbackError(status, message, headers=headers))
    text = await render_template(
        "error.html", status=status, title=TITLES.get(status, TITLES[400]), message=message, hint=hint
    )
    response = Response(text, status, headers)
    if request.headers.get("HX-Request"):
        response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return response
