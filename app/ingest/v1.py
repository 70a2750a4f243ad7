"""`/v1`: our own protocol. One response, or up to 500; what was seen; and the description of a widget."""

import asyncio
import logging
import time
from typing import Any

from app.database import db
from app.errors import FeelbackError, trace
from app.ingest import forms
from app.ingest.admission import wrong_page
from app.ingest.json_object import json_object
from app.ingest.lookups import Names
from app.ingest.request import Answer, Request, Sender, read, written
from app.ingest.responses import Ingest
from app.ingest.stored import Stored
from app.ingest.wire import encode

log = logging.getLogger(__name__)

MOST_ITEMS = 500
MOST_SEEN = 50
WIDGET_SECONDS = 60
NEW = ("counted", "test")
NAMES = Names("widget", "page", "placement")
ITEM = frozenset(("widget", "page", "placement", "value", "context", "visitor", "revokable", "title", "passage"))


async def post_responses(ingest: Ingest, request: Request) -> Answer:
    """Store one response, or each of `items` on its own. Takes plain HTML forms too."""
    if forms.is_form(request):
        return await forms.post_response(ingest, request)
    body = await json_object(ingest, request)
    if "items" in body:
        return await _items(ingest, request, body)
    return _stored(*await _create(ingest, request, request.sender, body))


async def post_beacons(ingest: Ingest, request: Request) -> Answer:
    """The same as `text/plain`, which browsers send across origins without a preflight, even while a page unloads."""
    body = await json_object(ingest, request, b"text/plain")
    if "items" in body:
        return await _items(ingest, request, body)
    return _stored(*await _create(ingest, request, request.sender, body))


def _stored(stored: Stored, canonical: dict[str, str]) -> Answer:
    status = 201 if stored.outcome in NEW else 200
    if stored.token is None or stored.follow_up is not None or canonical:
        return written(status, encode({**stored.json(), **canonical}))
    return written(
        status,
        f'{{"id":"{stored.id}","outcome":"{stored.outcome}","revokable":{{"token":"{stored.token}",'
        f'"expireAt":"{stored.expire_at}"}}}}'.encode(),
    )


async def _items(ingest: Ingest, request: Request, body: dict[str, Any]) -> Answer:
    sender, items = request.sender, body["items"]
    if type(items) is not list or not 1 <= len(items) <= MOST_ITEMS or len(body) > 1:
        raise FeelbackError(
            422, f"items must be a list of 1 to {MOST_ITEMS} responses, with nothing beside it.", limit=MOST_ITEMS
        )
    results = await asyncio.gather(*(_create(ingest, request, sender, item) for item in items), return_exceptions=True)
    results_json = []
    for result in results:
        if isinstance(result, BaseException):
            error = _refusal(result)
            results_json.append({"status": error.status, **error.body()})
        else:
            stored, canonical = result
            results_json.append({"status": 201 if stored.outcome in NEW else 200, **stored.json(), **canonical})
    return written(200, encode({"items": results_json}))


async def post_seen(ingest: Ingest, request: Request) -> Answer:
    """Count a page view in which `items` were seen, each {widget, page} or {placement}: text/plain, as beacons are."""
    ingest.admission.take_view(request.sender)
    body = await json_object(ingest, request, b"text/plain")
    items = body.get("items")
    if type(items) is not list or not 1 <= len(items) <= MOST_SEEN or len(body) > 1:
        raise FeelbackError(
            422, f"items must be a list of 1 to {MOST_SEEN} placements, with nothing beside it.", limit=MOST_SEEN
        )
    counted: set[tuple[Any, str]] = set()
    results: list[dict[str, Any]] = []
    for item in items:
        try:
            results.append({"status": 200, "outcome": await _count_view(ingest, request, item, counted)})
        except Exception as failure:
            error = _refusal(failure)
            results.append({"status": error.status, **error.body()})
    return written(200, encode({"items": results}))


async def patch_response(ingest: Ingest, request: Request) -> Answer:
    """Change a response: {token, value?, reasons?, message?, contact?, passage?}; the token may be a header."""
    body = await json_object(ingest, request)
    id, token = request.path.rpartition("/")[2], _token(request, body)
    request.widget = await ingest.lookups.widget_of(id, token)
    stored = await ingest.edit(request.sender, id, token, body)
    return written(200, encode(stored.json()))


async def delete_response(ingest: Ingest, request: Request) -> Answer:
    """Delete a response. The token is in the header Feelback-Token or in the body."""
    body = await json_object(ingest, request) if request.media_type() else {}
    id, token = request.path.rpartition("/")[2], _token(request, body)
    request.widget = await ingest.lookups.widget_of(id, token)
    await ingest.remove(request.sender, id, token)
    return Answer(204, b"", [])


async def get_widget(ingest: Ingest, request: Request) -> Answer:
    """Describe a widget: its type, its options in order, and the fields of a form."""
    if request.query:
        raise FeelbackError(422, "This address takes no query.")
    request.widget = await ingest.lookups.widget(request.path.rpartition("/")[2], request.sender)
    ingest.admission.check_reader(request, request.widget)
    return read(request, request.widget.described, WIDGET_SECONDS)


async def get_openapi(ingest: Ingest, request: Request) -> Answer:
    """The description of this API."""
    return read(request, ingest.openapi)


async def _create(ingest: Ingest, request: Request, sender: Sender, body: Any) -> tuple[Stored, dict[str, str]]:
    """Store a response; with it, as `canonical`, the page key if it is another text than `page`."""
    if type(body) is not dict:
        raise FeelbackError(422, "A response must be an object.")
    if not body.keys() <= ITEM:
        unknown = sorted(body.keys() - ITEM)[0][:64]
        raise FeelbackError(422, f"A response has no field {unknown}. It takes {', '.join(sorted(ITEM))}.")
    if type(body.get("revokable", True)) is not bool:
        raise FeelbackError(422, "revokable must be true or false.")
    widget, key = ingest.lookups.cached_target(sender, body, NAMES) or await ingest.lookups.target(sender, body, NAMES)
    request.widget = widget
    stored = await ingest.create(
        sender,
        widget,
        key,
        body.get("value"),
        body.get("context"),
        body.get("visitor"),
        body.get("revokable", True),
        body.get("title"),
        body.get("passage"),
    )
    return stored, {"canonical": key} if key != body.get("page", key) else {}


async def _count_view(ingest: Ingest, request: Request, item: Any, counted: set[tuple[Any, str]]) -> str:
    if type(item) is not dict or not item.keys() <= set(NAMES):
        raise FeelbackError(422, "An item must be an object of widget and page, or of placement.")
    sender = request.sender
    widget, key = ingest.lookups.cached_target(sender, item, NAMES) or await ingest.lookups.target(sender, item, NAMES)
    request.widget = widget
    ingest.admission.check_source(sender, widget)
    if sender.api_key is None and not widget.takes_page(key):
        raise wrong_page()
    if sender.is_bot or widget.test_mode or widget.is_archived or widget.is_stopped:
        return "ignored"
    if not widget.day_starts_ms <= time.time_ns() // 1_000_000 < widget.day_ends_ms:
        widget = await ingest.lookups.renewed(widget)
    if (widget.id, key) not in counted:
        ingest.seen_counts.add(widget, key)
        counted.add((widget.id, key))
    return "counted"


def _refusal(error: BaseException) -> FeelbackError:
    # One item that failed must not hide the results of the others.
    if isinstance(error, FeelbackError):
        return error
    if isinstance(error, db.UNAVAILABLE):
        return db.unavailable()
    if not isinstance(error, Exception):
        raise error
    log.error("A response of a batch failed: %s", trace(error))
    return FeelbackError(500, "Something went wrong on our side. We have logged it.")


def _token(request: Request, body: dict[str, Any]) -> object:
    header = request.headers.get(b"feelback-token")
    token = body.get("token") if header is None else header.decode("latin-1")
    if token is None:
        raise FeelbackError(422, "The token is missing. Send it in the header Feelback-Token.")
    return token
