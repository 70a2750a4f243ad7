"""Payloads of at most 64 KiB: longer texts are cut, and the payload says so."""

from typing import Any

import msgspec

MOST_BYTES = 65_536
LENGTHS = (5000, 1000, 250, 60)  # characters, tried one after the other
FEW = 20  # pages and others of a digest that is too long even so


def fitted(payload: str) -> bytes:
    """A payload as it is sent; `truncated` in its data if texts were cut."""
    value = msgspec.json.decode(payload)
    body = msgspec.json.encode(value)
    for length in LENGTHS:
        if len(body) <= MOST_BYTES:
            return body
        value = _cut(value, length)
        value["data"]["truncated"] = True
        body = msgspec.json.encode(value)
    if len(body) > MOST_BYTES:
        for name in ("pages", "others"):
            value["data"][name] = value["data"].get(name, [])[:FEW]
        body = msgspec.json.encode(value)
    return body


def _cut(value: Any, length: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= length else f"{value[:length]}…"
    if isinstance(value, list):
        return [_cut(item, length) for item in value]
    return {name: _cut(item, length) for name, item in value.items()} if isinstance(value, dict) else value
