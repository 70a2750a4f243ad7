"""`/v0`: the protocol of the published SDKs. Their names (contentSetId, feelbackId) are translated here."""

from typing import Any
from uuid import uuid4

from app.errors import FeelbackError
from app.http.v0_argument import v0_argument
from app.ingest.growth import growth
from app.ingest.lookups import Names
from app.ingest.request import Answer, Request, read, written
from app.ingest.responses import Ingest
from app.ingest.stored import Stored
from app.ingest.widgets import Widget
from app.ingest.wire import encode, read_arguments
from app.text.strict_json import loads
from app.text.widget_types import WITH_TEXT

NAMES = Names("contentSetId", "key", "contentId")
TAGGED = frozenset(("tag", "message"))
NONE: dict[str, Any] = {"reasons": [], "message": False}


async def create(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/create`: {contentId} or {contentSetId, key}, value, context?, revokable?."""
    argument = await _argument(ingest, request)
    sender = request.sender
    lookups = ingest.lookups
    widget, key = lookups.cached_target(sender, argument, NAMES) or await lookups.target(sender, argument, NAMES)
    request.widget = widget
    value, parts = _split(widget, argument.get("value"))
    if parts:
        _validate(ingest, widget, value, parts)
    is_revokable = argument.get("revokable") is True
    stored = await ingest.create(sender, widget, key, value, argument.get("context"), None, is_revokable)
    if parts and stored.id is not None and stored.outcome != "ignored":
        await ingest.grow(sender, widget, stored.id, parts)
    return _stored(stored)


async def edit(ingest: Ingest, request: Request) -> Answer:
    """`feelbacks/edit`: {feelbackId, revokeToken, value}."""
    argument = await _argument(ingest, request)
    id, token = argument.get("feelbackId"), argument.get("revokeToken")
    request.widget = await ingest.lookups.widget_of(id, token)
    value, parts = _split(request.widget, argument.get("value"))
    return _stored(await ingest.edit(request.sender, id, token, {"value": value, **parts}))


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
        argument = loads(await request.body(ingest.settings, ingest.loop))
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
    return read(request, encode(list((rows[0].counts or {}).values())))


async def _argument(ingest: Ingest, request: Request) -> dict[str, Any]:
    _ask_json(request)
    return v0_argument(loads(await request.body(ingest.settings, ingest.loop)))


def _split(widget: Widget, value: Any) -> tuple[Any, dict[str, Any]]:
    """The value of a vote, and the reasons and message that a tagged message adds to it.

    The published components for tags send {tag, message?}. For a widget whose options have follow-ups the tag is a
    reason, or the option itself, so that the parts of a split message end up in one response. A reason that several
    options have belongs to no vote that one could tell.
    """
    if type(value) is not dict or not widget.follow_ups or widget.type in WITH_TEXT or not value.keys() <= TAGGED:
        return value, {}
    tag, message = value.get("tag"), value.get("message")
    parts: dict[str, Any] = {"message": message} if message else {}
    if type(tag) is not str or tag in widget.positions:
        return tag, parts
    options = [
        name
        for name in widget.values
        if any(
            reason["value"] == tag
            for reason in widget.follow_ups.get(widget.positions[name].option_no, NONE)["reasons"]
        )
    ]
    return (options[0], {"reasons": [tag], **parts}) if len(options) == 1 else (tag, parts)


def _validate(ingest: Ingest, widget: Widget, value: Any, parts: dict[str, Any]) -> None:
    """Refuse parts before the vote is stored, which nobody could tell from one without them afterwards."""
    option = widget.positions.get(value) if type(value) is str else None
    if option is not None and "message" in parts and not widget.follow_ups.get(option.option_no, NONE)["message"]:
        raise FeelbackError(422, "Message must be left out: this option takes none.", field="message", limit=0)
    growth(widget, parts, ingest.settings)


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
