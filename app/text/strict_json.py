"""JSON as it was meant, or an error: nothing that other readers would read otherwise, or that could not be stored."""

import json
import re
from typing import Any, NoReturn

import msgspec

from app.errors import FeelbackError

DEPTH = 16
_decode = msgspec.json.Decoder().decode


def loads(raw: bytes) -> Any:
    """The JSON value in `raw`.

    Raises:
        FeelbackError: 400 where it is not JSON (RFC 8259), nests deeper than 16, names a key twice, or holds NUL or
            half a surrogate pair: none of it could be stored or told back as it was meant.
    """
    try:
        value = _decode(raw)
        strings = _strings(value, DEPTH)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise FeelbackError(400, "The body is not valid JSON.") from None
    # Every string has its two quotes. More of them than its keys and texts account for mean that a key was given twice;
    # escapes may hide NUL, so they are read the slow way too.
    quotes, has_escapes = raw.count(b'"'), b"\\" in raw
    if has_escapes:
        quotes -= raw.replace(b"\\\\", b"").count(b'\\"')
    if quotes != 2 * strings or (has_escapes and b"\\u" in raw):
        _loads_slowly(raw)
    return value


def _strings(value: Any, depth: int) -> int:
    """How many keys and texts there are in a value."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return int(kind is str)
    if depth == 0:
        raise FeelbackError(400, f"The JSON nests deeper than {DEPTH} levels.", limit=DEPTH)
    found = 0
    if kind is dict:
        found, value = len(value), value.values()
    for item in value:
        kind = type(item)
        if kind is str:
            found += 1
        elif kind is dict or kind is list:
            found += _strings(item, depth - 1)
    return found


def _loads_slowly(raw: bytes) -> None:
    if b"\\u0000" in raw and re.search(rb"(?<!\\)(?:\\\\)*\\u0000", raw):
        raise FeelbackError(400, "The JSON holds a NUL character.")
    try:
        json.loads(raw, object_pairs_hook=_object, parse_constant=_refuse)
    except FeelbackError:
        raise
    except (ValueError, RecursionError):
        raise FeelbackError(400, "The body is not valid JSON.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FeelbackError(400, "The JSON names a key of an object twice.")
    return found


def _refuse(_name: str) -> NoReturn:
    raise ValueError
