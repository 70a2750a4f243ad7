"""`/v1/stats`: counts of up to 200 pages, of one widget or several of a project."""

import asyncio
from dataclasses import asdict
from datetime import date
from operator import attrgetter
from typing import Any

import msgspec

from app.errors import FeelbackError
from app.ingest.json_object import json_object
from app.ingest.lookups import Names
from app.ingest.questions import MORE, Pages, Question, by_widget, pages_of
from app.ingest.request import Answer, Request, Sender, read, written
from app.ingest.responses import Ingest
from app.ingest.widgets import Widget
from app.ingest.wire import encode

NAMES = Names("widget", "page", "placement")
JSON = attrgetter("json")  # of Tallies


async def get_stats(ingest: Ingest, request: Request) -> Answer:
    """Counts by `?widget=…&page=…&page=…`, further widgets as `&widget=…&page=…`, or by `?placement=…`."""
    question = ingest.lookups.questions.question(request.query)
    return read(request, await _stats(ingest, request, question, is_page=True))


async def post_stats(ingest: Ingest, request: Request) -> Answer:
    """The same for pages too long for a URL: {widget, pages}, {widgets: [{widget, pages}]} or {placement}; and MORE."""
    question = Question(await json_object(ingest, request), {})
    return written(200, await _stats(ingest, request, question))


async def _stats(ingest: Ingest, request: Request, question: Question, *, is_page: bool = False) -> bytes:
    sender, body = request.sender, {**question.body}
    more = {name: body.pop(name, False) for name in MORE}
    for name, is_wanted in more.items():
        if type(is_wanted) is not bool:
            raise FeelbackError(422, f"{name} must be true or false.")
    if "placement" in body:
        if len(body) > 1:
            raise FeelbackError(422, "Send widget and pages, or one placement, not both.")
        request.widget, page = await ingest.lookups.target(sender, body, NAMES)
        parts = [(request.widget, pages_of(request.widget.id, [page], [page]))]
    else:
        targets = [(await ingest.lookups.widget(id, sender), pages) for id, pages in by_widget(body)]
        request.widget = targets[0][0]
        if any(widget.project_id != request.widget.project_id for widget, _ in targets):
            # CORS admits the pages of one project.
            raise FeelbackError(422, "The widgets belong to different projects. Send one request for each project.")
        parts = [
            (widget, _pages(ingest, question, at, widget, pages, sender)) for at, (widget, pages) in enumerate(targets)
        ]
    if is_page:
        ingest.admission.check_reader(request, request.widget)
    key = sender.api_key
    if more["seen"] and (key is None or key.project_id != request.widget.project_id or not key.may_read):
        raise FeelbackError(
            403, "How often pages are seen needs an API key of the project that may read. Create one in its settings."
        )
    reads = [ingest.tallies(sender, widget, of.keys) for widget, of in parts]
    results = await asyncio.gather(*reads) if len(reads) > 1 else [await reads[0]]  # gather would cost a task
    ends = [end for rows in results for end in map(JSON, rows)]
    if any(more.values()):
        ends = await _with_more(ingest, more, [(widget, key) for widget, of in parts for key in of.keys], ends)
    heads = parts[0][1].heads if len(parts) == 1 else [head for _, of in parts for head in of.heads]
    return b'{"items":[%b]}' % b",".join(map(bytes.__add__, heads, ends))


def _pages(ingest: Ingest, question: Question, at: int, widget: Widget, pages: list[Any], sender: Sender) -> Pages:
    """The keys of the `at`th widget's pages. They are the same until its project's rules for keys change."""
    known = question.pages.get((at, widget.key_rules))
    if known is None:
        keys = [ingest.lookups.key(widget, page, sender) for page in pages]
        known = question.pages[at, widget.key_rules] = pages_of(widget.id, pages, keys)
    return known


async def _with_more(
    ingest: Ingest, more: dict[str, bool], placements: list[tuple[Widget, str]], ends: list[bytes]
) -> list[bytes]:
    columns = [of.account_id for of, _ in placements], [of.id for of, _ in placements], [key for _, key in placements]
    extras: list[dict[str, Any]] = [{} for _ in placements]
    for item, reasons in zip(extras, await ingest.reasons(*columns) if more["reasons"] else (), strict=False):
        item["reasons"] = reasons
    for item, views in zip(extras, await ingest.seen_tallies(*columns) if more["seen"] else (), strict=False):
        item["seen"] = SeenCount(**asdict(views))
    return [b"%b,%b" % (end[:-1], encode(extra)[1:]) for end, extra in zip(ends, extras, strict=True)]


class SeenCount(msgspec.Struct, rename="camel"):
    """How often one placement was seen; see SeenTally."""

    count: int
    responses: int
    since: date | None
    rate: float | None
    rate_interval: list[float] | None
