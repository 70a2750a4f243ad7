"""`/v1`: our own protocol, plain REST: one signal or up to 500, counts of up to 200 contents; a set's description."""

import asyncio
import logging
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from app import db
from app.errors import FeelbackError, trace
from app.ingest import forms
from app.ingest.request import Answer, Request, Sender, bearer, read, written
from app.ingest.signals import Ingest, Stored
from app.ingest.wire import encode, loads
from app.openapi import document
from app.queries.tallies import Tallies

log = logging.getLogger(__name__)

MOST_ITEMS = 500
MOST_KEYS = 200
SET_SECONDS = 60
NEW = ("counted", "test")
ITEM = frozenset(("set", "key", "content", "value", "context", "visitor", "revokable"))
OPENAPI = encode(document())


async def post_feelbacks(ingest: Ingest, request: Request) -> Answer:
    """Stores one signal, or each of `items` by itself; a plain HTML form is taken too."""
    if forms.is_form(request):
        return await forms.post_feelback(ingest, request)
    return await _feelbacks(ingest, request, await _object(ingest, request))


async def post_beacons(ingest: Ingest, request: Request) -> Answer:
    """The same as `text/plain`, which browsers send to another origin without asking, even from a page being left."""
    return await _feelbacks(ingest, request, await _object(ingest, request, b"text/plain"))


async def _feelbacks(ingest: Ingest, request: Request, given: dict[str, Any]) -> Answer:
    sender = await _sender(ingest, request)
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
        raise FeelbackError(422, f"items is a list of 1 to {MOST_ITEMS} signals, and stands alone.", limit=MOST_ITEMS)
    results = await asyncio.gather(*(_create(ingest, request, sender, item) for item in items), return_exceptions=True)
    told = []
    for result in results:
        if isinstance(result, BaseException):
            error = _refusal(result)
            told.append({"status": error.status, **error.body()})
        else:
            told.append({"status": 201 if result.outcome in NEW else 200, **_told(result)})
    return written(200, encode({"items": told}))


async def patch_feelback(ingest: Ingest, request: Request) -> Answer:
    """Gives a signal a new value: {token, value}, or the token in the header Feelback-Token."""
    given = await _object(ingest, request)
    id, token = request.path.rpartition("/")[2], _token(request, given)
    request.content_set = await ingest.look_ups.set_of(id, token)
    if "value" not in given:
        raise FeelbackError(422, "The new value is missing.")
    return written(200, encode(_told(await ingest.edit(await _sender(ingest, request), id, token, given["value"]))))


async def delete_feelback(ingest: Ingest, request: Request) -> Answer:
    """Takes a signal back; the token is in the header Feelback-Token or in the body."""
    given = await _object(ingest, request) if request.media_type() else {}
    id, token = request.path.rpartition("/")[2], _token(request, given)
    request.content_set = await ingest.look_ups.set_of(id, token)
    await ingest.remove(await _sender(ingest, request), id, token)
    return Answer(204, b"", [])


async def get_stats(ingest: Ingest, request: Request) -> Answer:
    """Counts of the contents named by `?set=…&key=…&key=…`, for further sets `&set=…&key=…`, or by `?content=…`."""
    return read(request, await _stats(ingest, request, _asked(_pairs(request.query))))


def _asked(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    sets: list[dict[str, Any]] = []
    contents: list[str] = []
    early: list[str] = []  # keys before the set are its own, where there is but one
    for name, value in pairs:
        if name == "set":
            sets.append({"set": value, "keys": []})
        elif name == "key":
            (sets[-1]["keys"] if sets else early).append(value)
        elif name == "content":
            contents.append(value)
        else:
            raise FeelbackError(422, "The query takes sets, each followed by its keys, or one content.")
    if contents:
        if len(contents) > 1 or sets or early:
            raise FeelbackError(422, "Give sets with their keys, or one content, not both.")
        return {"content": contents[0]}
    if len(sets) > 1:
        return {"sets": sets, "keys": early} if early else {"sets": sets}
    return {**sets[0], "keys": early + sets[0]["keys"]} if sets else {"keys": early}


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
    """The same for keys that are too long for an address: {set, keys}, {sets: [{set, keys}]} or {content}."""
    return written(200, await _stats(ingest, request, await _object(ingest, request)))


async def get_set(ingest: Ingest, request: Request) -> Answer:
    """What a page must know to draw a set: its type, its options in order, and the fields of a form."""
    if request.query:
        raise FeelbackError(422, "A set is described without a query.")
    sender = await _sender(ingest, request)
    request.content_set = await ingest.look_ups.content_set(request.path.rpartition("/")[2], sender)
    return read(request, request.content_set.described, SET_SECONDS)


async def get_openapi(ingest: Ingest, request: Request) -> Answer:
    """The description of this API."""
    return read(request, OPENAPI)


async def _create(ingest: Ingest, request: Request, sender: Sender, given: Any) -> Stored:
    if type(given) is not dict:
        raise FeelbackError(422, "A signal is an object.")
    if not given.keys() <= ITEM:
        unknown = sorted(given.keys() - ITEM)[0][:64]
        raise FeelbackError(422, f"A signal has no {unknown}; it takes {', '.join(sorted(ITEM))}.")
    if type(given.get("revokable", True)) is not bool:
        raise FeelbackError(422, "revokable is true or false.")
    content_set, key = ingest.look_ups.known(given, "set", "content") or await ingest.look_ups.target(
        sender, given, "set", "content"
    )
    request.content_set = content_set
    return await ingest.create(
        sender,
        content_set,
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
    log.error("A signal of a batch failed: %s", trace(error))
    return FeelbackError(500, "Something went wrong here. It has been noted.")


def _told(stored: Stored) -> dict[str, Any]:
    told: dict[str, Any] = {"id": stored.id, "outcome": stored.outcome}
    if stored.token is not None:
        told["revokable"] = {"token": stored.token, "expireAt": stored.expire_at}
    return told


async def _stats(ingest: Ingest, request: Request, given: dict[str, Any]) -> bytes:
    sender = await _sender(ingest, request)
    if "content" in given:
        if len(given) > 1:
            raise FeelbackError(422, "Give sets with their keys, or a content, not both.")
        request.content_set, key = await ingest.look_ups.target(sender, given, "set", "content")
        questions = [(request.content_set, [key])]
        wanted = [[key]]
    else:
        questions = [(await ingest.look_ups.content_set(id, sender), keys) for id, keys in _questions(given)]
        request.content_set = questions[0][0]
        if any(asked.project_id != request.content_set.project_id for asked, _ in questions):
            # An answer is read by the pages of one project.
            raise FeelbackError(422, "The sets are of different projects: ask for those of each by themselves.")
        wanted = [[ingest.look_ups.key(asked, key) for key in keys] for asked, keys in questions]
    found = await asyncio.gather(
        *(ingest.tallies(sender, asked, keys) for (asked, _), keys in zip(questions, wanted, strict=True))
    )
    items = [
        _counted(str(asked.id), key, row)
        for (asked, named), rows in zip(questions, found, strict=True)
        for key, row in zip(named, rows, strict=True)
    ]
    return encode({"items": items})


def _questions(given: dict[str, Any]) -> list[tuple[object, list[Any]]]:
    sets = given.get("sets", [given])
    if type(sets) is not list or not sets or ("sets" in given and len(given) > 1) or len(sets) > MOST_KEYS:
        raise FeelbackError(422, f"Give set and up to {MOST_KEYS} keys, or a list of such as sets, or content.")
    for one in sets:
        if type(one) is not dict or not one.keys() <= {"set", "keys"}:
            raise FeelbackError(422, f"Give set and up to {MOST_KEYS} keys, or content.", limit=MOST_KEYS)
        if "set" not in one or type(one.get("keys")) is not list or not one["keys"]:
            raise FeelbackError(422, "Say what to count: give set and key, or content.")
    if sum(len(one["keys"]) for one in sets) > MOST_KEYS:
        raise FeelbackError(422, f"Counts of at most {MOST_KEYS} keys are read at once.", limit=MOST_KEYS)
    return [(one["set"], one["keys"]) for one in sets]


class Counted(msgspec.Struct):
    """What is told of one content; written many a request, and so of the kind that is made and encoded fastest."""

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


def _counted(set_id: str, key: str, row: Tallies) -> Counted:
    values, counts, total, positive, neutral, negative, sentiment, average, score = row
    told = dict(zip(values or (), counts or (), strict=True))
    return Counted(set_id, key, told, total, positive, neutral, negative, sentiment, average, score)


async def _sender(ingest: Ingest, request: Request) -> Sender:
    sender = request.sender(ingest.addresses)
    if b"authorization" in request.headers:
        await _authorize(ingest, request, sender)
    return sender


async def _authorize(ingest: Ingest, request: Request, sender: Sender) -> None:
    sender.api_key, sender.is_bot = await ingest.look_ups.api_key(sender, bearer(request)), False


async def _object(ingest: Ingest, request: Request, kind: bytes = b"application/json") -> dict[str, Any]:
    if request.media_type() != kind:
        raise FeelbackError(415, f"The content type must be {kind.decode()}.")
    given = loads(await request.body(ingest.settings))
    if type(given) is not dict:
        raise FeelbackError(422, "The body must be an object.")
    return given


def _token(request: Request, given: dict[str, Any]) -> object:
    header = request.headers.get(b"feelback-token")
    token = given.get("token") if header is None else header.decode("latin-1")
    if token is None:
        raise FeelbackError(422, "The token is missing: give it in the header Feelback-Token.")
    return token
