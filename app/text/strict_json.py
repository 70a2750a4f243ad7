"""Parses JSON (RFC 8259) that Postgres can store: no NUL, no lone surrogates, no deep nesting."""

import re
from typing import Any

import msgspec

from app.errors import FeelbackError

DEPTH = 16
# What msgspec raises for bytes that somebody else has sent.
UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_decode = msgspec.json.Decoder().decode


def loads(raw: bytes) -> Any:
    """Parse JSON. If an object repeats a name the last value counts, as in nearly every parser.

    Raises:
        FeelbackError: 400 if it is not JSON, nests deeper than 16 levels, or contains NUL or a lone surrogate.
    """
    try:
        value = _decode(raw)
        if raw.count(b"{") + raw.count(b"[") > DEPTH:  # else it cannot be too deep
            _check_depth(value, DEPTH)
    except UNREADABLE:
        raise FeelbackError(400, "The body is not valid JSON.") from None
    if raw.find(b"\\u0000") >= 0 and _NUL.search(raw):  # the one character of JSON that Postgres cannot store
        raise FeelbackError(400, "The JSON must not contain a NUL character.")
    return value


def _check_depth(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is not dict and kind is not list:
        return
    if depth == 0:
        raise FeelbackError(400, f"The JSON must not nest deeper than {DEPTH} levels.", limit=DEPTH)
    for item in value.values() if kind is dict else value:
        kind = type(item)
        if kind is dict or kind is list:
            _check_depth(item, depth - 1)
