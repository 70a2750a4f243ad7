"""`/v1/stats`: counts of up to 200 pages, of one widget or several of a project."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from app.errors import FeelbackError
from app.ingest.json_object import json_object
from app.ingest.lookups import Names
from app.ingest.request import Answer, Request, read, written
from app.ingest.responses import Ingest
from app.ingest.wire import encode
from app.queries.tallies import Tallies

MOST_PAGES = 200
NAMES = Names("widget", "page", "placement")
MORE = ("reasons", "seen")  # what is counted if asked for


async def get_stats(ingest: Ingest, request: Request) -> Answer:
    """Counts by `?widget=…&page=…&page=…`, further widgets as `&widget=…&page=…`, or by `?placement=…`."""
    return read(request, await _stats(ingest, request, _question(_pairs(request.query)), is_page=True))


def _question(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    widgets: list[dict[str, Any]] = []
    placements: list[str] = []
    more: dict[str, Any] = {}
    early: list[str] = []  # pages named before the only widget belong to it
    for name, value in pairs:
        if name == "widget":
            widgets.append({"widget": value, "pages": []})
        elif name == "page":
            (widgets[-1]["pages"] if widgets else early).append(value)
        elif name == "placement":
            placements.append(value)
        elif name in MORE and value in ("0", "1"):
            more[name] = value == "1"
        else:
            raise FeelbackError(
                422,
                "The query takes widget, each followed by its page values, or one placement, and reasons=1 or seen=1.",
            )
    if placements:
        if len(placements) > 1 or widgets or early:
            raise FeelbackError(422, "Send widget and page, or one placement, not both.")
        return {"placement": placements[0], **more}
    if len(widgets) > 1:
        return {"widgets": widgets, **({"pages": early} if early else {}), **more}
    return {**(widgets[0] if widgets else {}), "pages": early + (widgets[0]["pages"] if widgets else []), **more}


def _pairs(query: bytes) -> list[tuple[str, str]]:
    parts = query.split(b"&")
    try:
        if len(parts) > 2 * MOST_PAGES or not query.isascii():
            raise ValueError
        return [_pair(part) if len(part) <= 300 else _pair.__wrapped__(part) for part in parts if part]
    except ValueError:
        raise FeelbackError(400, "The query is not UTF-8, or has too many parts.") from None


@lru_cache(maxsize=10_000)  # the same pages are asked for again and again
def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    text = unquote_to_bytes(value).decode()
    if "\0" in text:
        raise FeelbackError(400, "The query must not contain NUL characters.")
    return unquote_to_bytes(name).decode(), text


async def post_stats(ingest: Ingest, request: Request) -> Answer:
    """The same for pages too long for a URL: {widget, pages}, {widgets: [{widget, pages}]} or {placement}; and MORE."""
    return written(200, await _stats(ingest, request, await json_object(ingest, request)))


async def _stats(ingest: Ingest, request: Request, body: dict[str, Any], *, is_page: bool = False) -> bytes:
    sender = request.sender
    more = {name: body.pop(name, False) for name in MORE}
    for name, is_wanted in more.items():
        if type(is_wanted) is not bool:
            raise FeelbackError(422, f"{name} must be true or false.")
    if "placement" in body:
        if len(body) > 1:
            raise FeelbackError(422, "Send widget and pages, or one placement, not both.")
        request.widget, page = await ingest.lookups.target(sender, body, NAMES)
        questions = [(request.widget, [page])]
        canonical = [[page]]
    else:
        questions = [(await ingest.lookups.widget(id, sender), pages) for id, pages in _questions(body)]
        request.widget = questions[0][0]
        if any(widget.project_id != request.widget.project_id for widget, _ in questions):
            # CORS admits the pages of one project.
            raise FeelbackError(422, "The widgets belong to different projects. Send one request for each project.")
        canonical = [[ingest.lookups.key(widget, page, sender) for page in pages] for widget, pages in questions]
    if is_page:
        ingest.admission.check_reader(request, request.widget)
    key = sender.api_key
    if more["seen"] and (key is None or key.project_id != request.widget.project_id or not key.may_read):
        raise FeelbackError(
            403, "How often pages are seen needs an API key of the project that may read. Create one in its settings."
        )
    reads = [ingest.tallies(sender, widget, keys) for (widget, _), keys in zip(questions, canonical, strict=True)]
    results = await asyncio.gather(*reads) if len(reads) > 1 else [await reads[0]]  # gather would cost a task
    extras: Iterable[dict[str, Any]] = repeat({})
    if any(more.values()):
        pairs = [(widget, key) for (widget, _), keys in zip(questions, canonical, strict=True) for key in keys]
        columns = [of.account_id for of, _ in pairs], [of.id for of, _ in pairs], [key for _, key in pairs]
        extras = [{} for _ in pairs]
        for item, reasons in zip(extras, await ingest.reasons(*columns) if more["reasons"] else (), strict=False):
            item["reasons"] = reasons
        for item, views in zip(extras, await ingest.seen_tallies(*columns) if more["seen"] else (), strict=False):
            item["seen"] = SeenCount(**asdict(views))
    each = iter(extras)
    items = [
        _item(id, page, key, row, next(each))
        for (widget, pages), keys, rows in zip(questions, canonical, results, strict=True)
        for id in (encode(str(widget.id)),)
        for page, key, row in zip(pages, keys, rows, strict=True)
    ]
    return b'{"items":[%b]}' % b",".join(items)


def _questions(body: dict[str, Any]) -> list[tuple[object, list[Any]]]:
    widgets = body.get("widgets", [body])
    if type(widgets) is not list or not widgets or ("widgets" in body and len(body) > 1) or len(widgets) > MOST_PAGES:
        raise FeelbackError(
            422, f"Send widget and up to {MOST_PAGES} pages, or a list of these as widgets, or placement."
        )
    for one in widgets:
        if type(one) is not dict or not one.keys() <= {"widget", "pages"}:
            raise FeelbackError(422, f"Send widget and up to {MOST_PAGES} pages, or placement.", limit=MOST_PAGES)
        if "widget" not in one or type(one.get("pages")) is not list or not one["pages"]:
            raise FeelbackError(422, "Nothing to count. Send widget and page, or placement.")
    if sum(len(one["pages"]) for one in widgets) > MOST_PAGES:
        raise FeelbackError(422, f"At most {MOST_PAGES} pages can be read at once.", limit=MOST_PAGES)
    return [(one["widget"], one["pages"]) for one in widgets]


class SeenCount(msgspec.Struct, rename="camel"):
    """How often one placement was seen; see SeenTally."""

    count: int
    responses: int
    since: date | None
    rate: float | None
    rate_interval: list[float] | None


def _item(widget: bytes, page: str, key: str, row: Tallies, more: dict[str, Any]) -> bytes:
    """The counts of one placement as JSON; `widget` is its widget's id as JSON.

    They are encoded once for all requests that were answered by one query.
    """
    json = row.json
    if json is msgspec.UNSET:
        json = row.json = encode(row)
    if key != page:
        more = {**more, "canonical": key}
    if more:
        return b'{"widget":%b,"page":%b,%b,%b' % (widget, encode(page), json[1:-1], encode(more)[1:])
    return b'{"widget":%b,"page":%b,%b' % (widget, encode(page), json[1:])
