"""JSON of RFC 8259 that can be stored: no NUL, no half of a surrogate pair, no deep nesting."""

import re
from typing import Any

import msgspec

from app.errors import FeelbackError

DEPTH = 16
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_decode = msgspec.json.Decoder().decode


def loads(raw: bytes) -> Any:
    """The JSON value in `raw`; of a name that an object has twice, the last value, as nearly every parser has it.

    Raises:
        FeelbackError: 400 where it is not JSON, nests deeper than 16 levels, or holds NUL or half a surrogate pair.
    """
    try:
        value = _decode(raw)
        _check_depth(value, DEPTH)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise FeelbackError(400, "The body is not valid JSON.") from None
    if b"\\u0000" in raw and _NUL.search(raw):  # the one character that JSON may hold and Postgres cannot store
        raise FeelbackError(400, "The JSON holds a NUL character.")
    return value


def _check_depth(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is not dict and kind is not list:
        return
    if depth == 0:
        raise FeelbackError(400, f"The JSON nests deeper than {DEPTH} levels.", limit=DEPTH)
    for item in value.values() if kind is dict else value:
        kind = type(item)
        if kind is dict or kind is list:
            _check_depth(item, depth - 1)
