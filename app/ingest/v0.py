"""`/v0`: the protocol of the published SDKs. Their names (contentSetId, feelbackId) are translated here."""

from typing import Any
from uuid import uuid4

from app.errors import FeelbackError
from app.http.v0_argument import v0_argument
from app.ingest.lookups import Names
from app.ingest.request import Answer, Request, read, written
from app.ingest.responses import Ingest, Stored
from app.ingest.wire import encode, read_arguments
from app.text.strict_json import loads

NAMES = Names("contentSetId", "key", "contentId")


async def create(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/create`: {contentId} or {contentSetId, key}, value, context?, revokable?."""
    argument = await _argument(ingest, request)
    sender = request.sender
    widget, key = ingest.lookups.known(sender, argument, NAMES) or await ingest.lookups.target(sender, argument, NAMES)
    request.widget = widget
    stored = await ingest.create(
        sender,
        widget,
        key,
        argument.get("value"),
        argument.get("context"),
        None,
        argument.get("revokable") is True,
    )
    return _stored(stored)


async def edit(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/edit`: {feelbackId, revokeToken, value}."""
    argument = await _argument(ingest, request)
    request.widget = await ingest.lookups.widget_of(argument.get("feelbackId"), argument.get("revokeToken"))
    return _stored(
        await ingest.edit(
            request.sender, argument.get("feelbackId"), argument.get("revokeToken"), {"value": argument.get("value")}
        )
    )


async def remove(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/remove`: {feelbackId, revokeToken}."""
    argument = await _argument(ingest, request)
    request.widget = await ingest.lookups.widget_of(argument.get("feelbackId"), argument.get("revokeToken"))
    await ingest.remove(request.sender, argument.get("feelbackId"), argument.get("revokeToken"))
    return Answer(204, b"", [])


async def get_aggregates(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/getAggregates`: a contentId or {contentSetId, key}; the counts in the order of the widget's values."""
    is_cut = False
    if request.method != "POST":
        argument, is_cut = read_arguments(request.query)
    else:
        _ask_json(request)
        argument = loads(await request.body(ingest.settings))
    if type(argument) is list:
        argument = argument[0] if len(argument) == 1 else None
    if type(argument) is str:
        argument = {"contentId": argument}
    if type(argument) is not dict:
        raise FeelbackError(400, "getAggregates takes one argument: a contentId, or contentSetId and key.")
    sender = request.sender
    if is_cut and argument.get("key") == "":  # a literal key that begins with #
        request.widget, key = await ingest.lookups.widget(argument.get("contentSetId"), sender), ""
    else:
        request.widget, key = await ingest.lookups.target(sender, argument, NAMES)
    if is_cut:
        key = await ingest.lookups.whole_key(request.widget, key)
    rows = await ingest.tallies(sender, request.widget, [key])
    return read(request, encode(rows[0].counts))


async def _argument(ingest: Ingest, request: Request) -> dict[str, Any]:
    _ask_json(request)
    return v0_argument(loads(await request.body(ingest.settings)))


def _ask_json(request: Request) -> None:
    if request.media_type() != b"application/json":
        raise FeelbackError(415, "The content type must be application/json.")


def _stored(stored: Stored) -> Answer:
    if stored.token is None:
        id = stored.id or str(uuid4())  # the published SDKs expect one; without a token they do not use it
        return written(200, f'{{"feelbackId":"{id}"}}'.encode())
    return written(
        200,
        f'{{"feelbackId":"{stored.id}","revokable":{{"token":"{stored.token}","expireAt":"{stored.expire_at}"}}}}'.encode(),
    )
