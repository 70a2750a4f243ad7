"""Error pages: what happened, and what to do next."""

import logging

from quart import Quart, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.api import json_response
from app.database import db
from app.errors import CODES, FeelbackError
from app.http.body_limits import EVENTS

log = logging.getLogger(__name__)

TITLES = {
    400: "This request is not valid",
    401: "Sign in to continue",
    402: "Payment required",
    403: "You don't have access",
    404: "Page not found",
    405: "Method not allowed",
    408: "The request took too long",
    413: "The request is too large",
    422: "Check what you entered",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Temporarily unavailable",
}
MESSAGES = {
    404: "The address may be wrong, the page deleted, or you may not have access to it.",
    405: "This address does not accept this kind of request.",
    413: "The request is larger than this server accepts.",
    500: "This is an error on our side, and it is in our log. Try again. If it recurs, contact support with the time.",
}


def install(app: Quart) -> None:
    """Answer every exception with a page."""
    app.register_error_handler(FeelbackError, _feelback_error)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


async def _feelback_error(error: FeelbackError) -> Response:
    if _is_api():
        return json_response.error_response(error)
    hint = error.data.get("hint", "")
    return await page(error.status, error.message, hint, error.headers)


async def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect of the router
        return error.response  # type: ignore[return-value]  # it is a Quart response
    status = error.code if error.code in CODES else 500 if (error.code or 500) >= 500 else 400
    allowed = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return await page(status, MESSAGES.get(status, "The request could not be read."), "", allowed)


async def _unknown(error: Exception) -> Response:
    # asyncpg also raises InterfaceError for a value that it cannot encode; that one is a ValueError too.
    if isinstance(error, db.UNAVAILABLE) and not isinstance(error, ValueError):
        log.warning("The database is unavailable: %s", type(error).__name__)
        return await _feelback_error(db.unavailable())
    log.error("%s %s failed", request.method, request.url_rule or "(no route)", exc_info=error)
    return await page(500, MESSAGES[500], "", {})


def _is_api() -> bool:
    # Stripe shows an operator what its webhooks were answered: a message, not a page.
    return request.path.startswith(("/v0/", "/v1/")) or request.path == EVENTS


async def page(status: int, message: str, hint: str, headers: dict[str, str]) -> Response:
    """Render the page of an error; for programs JSON. To htmx the response replaces the whole body."""
    if _is_api():
        return json_response.error_response(FeelbackError(status, message, headers=headers))
    text = await render_template(
        "error.html", status=status, title=TITLES.get(status, TITLES[400]), message=message, hint=hint
    )
    response = Response(text, status, headers)
    if request.headers.get("HX-Request"):
        response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return response
