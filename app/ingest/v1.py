"""`/v1`: our own protocol, plain REST: one response or up to 500, and what a widget asks."""

import asyncio
import logging
from typing import Any

from app.database import db
from app.errors import FeelbackError, trace
from app.ingest import forms
from app.ingest.callers import given_object, sender_of
from app.ingest.request import Answer, Request, Sender, read, written
from app.ingest.responses import Ingest, Stored
from app.ingest.wire import encode

log = logging.getLogger(__name__)

MOST_ITEMS = 500
SET_SECONDS = 60
NEW = ("counted", "test")
ITEM = frozenset(("widget", "key", "placement", "value", "context", "visitor", "revokable"))


async def post_responses(ingest: Ingest, request: Request) -> Answer:
    """Stores one response, or each of `items` by itself; a plain HTML form is taken too."""
    if forms.is_form(request):
        return await forms.post_response(ingest, request)
    return await _responses(ingest, request, await given_object(ingest, request))


async def post_beacons(ingest: Ingest, request: Request) -> Answer:
    """The same as `text/plain`, which browsers send to another origin without asking, even from a page being left."""
    return await _responses(ingest, request, await given_object(ingest, request, b"text/plain"))


async def _responses(ingest: Ingest, request: Request, given: dict[str, Any]) -> Answer:
    sender = await sender_of(ingest, request)
    if "items" not in given:
        stored = await _create(ingest, request, sender, given)
        status = 201 if stored.outcome in NEW else 200
        if stored.token is None:
            return written(status, f'{{"id":"{stored.id}","outcome":"{stored.outcome}"}}'.encode())
        return written(
            status,
            f'{{"id":"{stored.id}","outcome":"{stored.outcome}","revokable":{{"token":"{stored.token}",'
            f'"expireAt":"{stored.expire_at}"}}}}'.encode(),
        )
    items = given["items"]
    if type(items) is not list or not 1 <= len(items) <= MOST_ITEMS or len(given) > 1:
        raise FeelbackError(422, f"items is a list of 1 to {MOST_ITEMS} responses, and stands alone.", limit=MOST_ITEMS)
    results = await asyncio.gather(*(_create(ingest, request, sender, item) for item in items), return_exceptions=True)
    told = []
    for result in results:
        if isinstance(result, BaseException):
            error = _refusal(result)
            told.append({"status": error.status, **error.body()})
        else:
            told.append({"status": 201 if result.outcome in NEW else 200, **_told(result)})
    return written(200, encode({"items": told}))


async def patch_response(ingest: Ingest, request: Request) -> Answer:
    """Gives a response a new value: {token, value}, or the token in the header Feelback-Token."""
    given = await given_object(ingest, request)
    id, token = request.path.rpartition("/")[2], _token(request, given)
    request.widget = await ingest.lookups.widget_of(id, token)
    if "value" not in given:
        raise FeelbackError(422, "The new value is missing.")
    return written(200, encode(_told(await ingest.edit(await sender_of(ingest, request), id, token, given["value"]))))


async def delete_response(ingest: Ingest, request: Request) -> Answer:
    """Takes a response back; the token is in the header Feelback-Token or in the body."""
    given = await given_object(ingest, request) if request.media_type() else {}
    id, token = request.path.rpartition("/")[2], _token(request, given)
    request.widget = await ingest.lookups.widget_of(id, token)
    await ingest.remove(await sender_of(ingest, request), id, token)
    return Answer(204, b"", [])


async def get_widget(ingest: Ingest, request: Request) -> Answer:
    """What a page must know to draw a widget: its type, its options in order, and the fields of a form."""
    if request.query:
        raise FeelbackError(422, "A widget is described without a query.")
    sender = await sender_of(ingest, request)
    request.widget = await ingest.lookups.widget(request.path.rpartition("/")[2], sender)
    return read(request, request.widget.described, SET_SECONDS)


async def get_openapi(ingest: Ingest, request: Request) -> Answer:
    """The description of this API."""
    return read(request, ingest.openapi)


async def _create(ingest: Ingest, request: Request, sender: Sender, given: Any) -> Stored:
    if type(given) is not dict:
        raise FeelbackError(422, "A response is an object.")
    if not given.keys() <= ITEM:
        unknown = sorted(given.keys() - ITEM)[0][:64]
        raise FeelbackError(422, f"A response has no {unknown}; it takes {', '.join(sorted(ITEM))}.")
    if type(given.get("revokable", True)) is not bool:
        raise FeelbackError(422, "revokable is true or false.")
    widget, key = ingest.lookups.known(given, "widget", "placement") or await ingest.lookups.target(
        sender, given, "widget", "placement"
    )
    request.widget = widget
    return await ingest.create(
        sender,
        widget,
        key,
        given.get("value"),
        given.get("context"),
        given.get("visitor"),
        given.get("revokable", True),
    )


def _refusal(error: BaseException) -> FeelbackError:
    # Whatever became of one item, what became of the others is told.
    if isinstance(error, FeelbackError):
        return error
    if isinstance(error, db.UNAVAILABLE):
        return db.unavailable()
    if not isinstance(error, Exception):
        raise error
    log.error("A response of a batch failed: %s", trace(error))
    return FeelbackError(500, "Something went wrong here. It has been noted.")


def _told(stored: Stored) -> dict[str, Any]:
    told: dict[str, Any] = {"id": stored.id, "outcome": stored.outcome}
    if stored.token is not None:
        told["revokable"] = {"token": stored.token, "expireAt": stored.expire_at}
    return told


def _token(request: Request, given: dict[str, Any]) -> object:
    header = request.headers.get(b"feelback-token")
    token = given.get("token") if header is None else header.decode("latin-1")
    if token is None:
        raise FeelbackError(422, "The token is missing: give it in the header Feelback-Token.")
    return token
