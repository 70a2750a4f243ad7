"""`/v1/stats`: counts of up to 200 pages, of one widget or several of a project."""

import asyncio
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from app.errors import FeelbackError
from app.ingest.callers import given_object, sender_of
from app.ingest.request import Answer, Request, read, written
from app.ingest.responses import Ingest
from app.ingest.wire import encode
from app.queries.tallies import Tallies

MOST_KEYS = 200


async def get_stats(ingest: Ingest, request: Request) -> Answer:
    """Counts of the pages named by `?widget=…&page=…&page=…`, for further sets `&widget=…&page=…`, or by
    `?placement=…`.
    """
    return read(request, await _stats(ingest, request, _asked(_pairs(request.query))))


def _asked(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    widgets: list[dict[str, Any]] = []
    placements: list[str] = []
    early: list[str] = []  # keys before the widget are its own, where there is but one
    for name, value in pairs:
        if name == "widget":
            widgets.append({"widget": value, "keys": []})
        elif name == "key":
            (widgets[-1]["keys"] if widgets else early).append(value)
        elif name == "placement":
            placements.append(value)
        else:
            raise FeelbackError(422, "The query takes widgets, each followed by its keys, or one page.")
    if placements:
        if len(placements) > 1 or widgets or early:
            raise FeelbackError(422, "Give sets with their keys, or one page, not both.")
        return {"placement": placements[0]}
    if len(widgets) > 1:
        return {"widgets": widgets, "keys": early} if early else {"widgets": widgets}
    return {**widgets[0], "keys": early + widgets[0]["keys"]} if widgets else {"keys": early}


def _pairs(query: bytes) -> list[tuple[str, str]]:
    parts = query.split(b"&")
    try:
        if len(parts) > 2 * MOST_KEYS or not query.isascii():
            raise ValueError
        return [_pair(part) if len(part) <= 300 else _pair.__wrapped__(part) for part in parts if part]
    except ValueError:
        raise FeelbackError(400, "The query is not UTF-8, or has too many parts.") from None


@lru_cache(maxsize=10_000)  # pages ask for the same keys again and again
def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    text = unquote_to_bytes(value).decode()
    if "\0" in text:
        raise FeelbackError(400, "The query holds a NUL character.")
    return unquote_to_bytes(name).decode(), text


async def post_stats(ingest: Ingest, request: Request) -> Answer:
    """The same for keys that are too long for an address: {set, keys}, {sets: [{set, keys}]} or {page}."""
    return written(200, await _stats(ingest, request, await given_object(ingest, request)))


async def _stats(ingest: Ingest, request: Request, given: dict[str, Any]) -> bytes:
    sender = await sender_of(ingest, request)
    if "placement" in given:
        if len(given) > 1:
            raise FeelbackError(422, "Give sets with their keys, or a page, not both.")
        request.widget, key = await ingest.lookups.target(sender, given, "widget", "placement")
        questions = [(request.widget, [key])]
        wanted = [[key]]
    else:
        questions = [(await ingest.lookups.widget(id, sender), keys) for id, keys in _questions(given)]
        request.widget = questions[0][0]
        if any(asked.project_id != request.widget.project_id for asked, _ in questions):
            # An answer is read by the pages of one project.
            raise FeelbackError(422, "The widgets are of different projects: ask for those of each by themselves.")
        wanted = [[ingest.lookups.key(asked, key) for key in keys] for asked, keys in questions]
    asking = [ingest.tallies(sender, asked, keys) for (asked, _), keys in zip(questions, wanted, strict=True)]
    found = await asyncio.gather(*asking) if len(asking) > 1 else [await asking[0]]  # to gather one costs a task
    items = [
        _counted(str(asked.id), key, row)
        for (asked, named), rows in zip(questions, found, strict=True)
        for key, row in zip(named, rows, strict=True)
    ]
    return encode({"items": items})


def _questions(given: dict[str, Any]) -> list[tuple[object, list[Any]]]:
    widgets = given.get("widgets", [given])
    if type(widgets) is not list or not widgets or ("widgets" in given and len(given) > 1) or len(widgets) > MOST_KEYS:
        raise FeelbackError(422, f"Give set and up to {MOST_KEYS} keys, or a list of such as widgets, or page.")
    for one in widgets:
        if type(one) is not dict or not one.keys() <= {"widget", "keys"}:
            raise FeelbackError(422, f"Give set and up to {MOST_KEYS} keys, or page.", limit=MOST_KEYS)
        if "widget" not in one or type(one.get("keys")) is not list or not one["keys"]:
            raise FeelbackError(422, "Say what to count: give set and key, or page.")
    if sum(len(one["keys"]) for one in widgets) > MOST_KEYS:
        raise FeelbackError(422, f"Counts of at most {MOST_KEYS} keys are read at once.", limit=MOST_KEYS)
    return [(one["widget"], one["keys"]) for one in widgets]


class Counted(msgspec.Struct):
    """What is told of one page; written many a request, and so of the kind that is made and encoded fastest."""

    set: str
    key: str
    counts: dict[str, int]
    total: int
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    average: float | None
    score: float | None


def _counted(widget_id: str, key: str, row: Tallies) -> Counted:
    values, counts, total, positive, neutral, negative, sentiment, average, score = row
    told = dict(zip(values or (), counts or (), strict=True))
    return Counted(widget_id, key, told, total, positive, neutral, negative, sentiment, average, score)
