"""`/v0`: what the published SDKs speak."""

from typing import Any

from app.errors import FeelbackError
from app.http.v0_argument import v0_argument
from app.ingest.request import Answer, Request, read, written
from app.ingest.responses import Ingest, Stored
from app.ingest.wire import encode, read_arguments
from app.text.strict_json import loads


async def create(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/create`: {contentId} or {contentSetId, key}, value, context?, revokable?."""
    given = await _argument(ingest, request)
    sender = request.sender(ingest.addresses)
    widget, key = ingest.lookups.known(given, "contentSetId", "contentId") or await ingest.lookups.target(
        sender, given, "contentSetId", "contentId"
    )
    request.widget = widget
    stored = await ingest.create(
        sender,
        widget,
        key,
        given.get("value"),
        given.get("context"),
        None,
        given.get("revokable") is True,
    )
    return _stored(stored)


async def edit(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/edit`: {feelbackId, revokeToken, value}."""
    given = await _argument(ingest, request)
    request.widget = await ingest.lookups.widget_of(given.get("feelbackId"), given.get("revokeToken"))
    sender = request.sender(ingest.addresses)
    return _stored(await ingest.edit(sender, given.get("feelbackId"), given.get("revokeToken"), given.get("value")))


async def remove(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/remove`: {feelbackId, revokeToken}."""
    given = await _argument(ingest, request)
    request.widget = await ingest.lookups.widget_of(given.get("feelbackId"), given.get("revokeToken"))
    await ingest.remove(request.sender(ingest.addresses), given.get("feelbackId"), given.get("revokeToken"))
    return Answer(204, b"", [])


async def get_aggregates(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/getAggregates`: a contentId or {contentSetId, key}; the counts in the order of the widget's values."""
    is_cut = False
    if request.method != "POST":
        given, is_cut = read_arguments(request.query)
    else:
        _ask_json(request)
        given = loads(await request.body(ingest.settings))
    if type(given) is list:
        given = given[0] if len(given) == 1 else None
    if type(given) is str:
        given = {"contentId": given}
    if type(given) is not dict:
        raise FeelbackError(400, "getAggregates takes one argument: a contentId, or contentSetId and key.")
    sender = request.sender(ingest.addresses)
    if is_cut and given.get("key") == "":  # a literal key that begins with #
        request.widget, key = await ingest.lookups.widget(given.get("contentSetId"), sender), ""
    else:
        request.widget, key = await ingest.lookups.target(sender, given, "contentSetId", "contentId")
    if is_cut and (request.widget.key_rules.hash_routes or "://" not in key):
        key = await ingest.lookups.whole_key(request.widget, key)
    found = await ingest.tallies(sender, request.widget, [key])
    return read(request, encode(found[0].counts))


async def _argument(ingest: Ingest, request: Request) -> dict[str, Any]:
    _ask_json(request)
    return v0_argument(loads(await request.body(ingest.settings)))


def _ask_json(request: Request) -> None:
    if request.media_type() != b"application/json":
        raise FeelbackError(415, "The content type must be application/json.")


def _stored(stored: Stored) -> Answer:
    if stored.token is None:
        return written(200, b'{"feelbackId":"%s"}' % stored.id.encode())
    return written(
        200,
        f'{{"feelbackId":"{stored.id}","revokable":{{"token":"{stored.token}","expireAt":"{stored.expire_at}"}}}}'.encode(),
    )
