"""Answers of the API: rows as JSON with names in camelCase, lists by the page, errors in their one shape."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Any

import msgspec
from quart import Response

from app.errors import FeelbackError

# What rows call a thing that responses call otherwise.
NAMES = {
    "widget_id": "widget",
    "placement_id": "placement",
    "edit_seconds": "windowSeconds",
    "is_open_form": "openForm",
}
JSON_COLUMNS = {"key_rules", "fields", "options", "counts"}
RULES = {"trailing_slash": "trailingSlash", "hash_routes": "hashRoutes"}
_encode = msgspec.json.Encoder().encode


def camel(name: str) -> str:
    """The API's name of a column."""
    return NAMES.get(name) or re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def told(row: Any, *leave: str) -> dict[str, Any]:
    """A row of a query as an object; columns that hold JSON become a part of it."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if field.name in leave:
            continue
        if field.name in JSON_COLUMNS and value is not None:
            value = msgspec.json.decode(value)
            if field.name == "key_rules":
                value = {RULES.get(name, name): rule for name, rule in value.items()}
        found[camel(field.name)] = value
    return found


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer of JSON."""
    return Response(_encode(value), status, {**(headers or {}), "Content-Type": "application/json"})


def listed(items: Iterable[Any], following: Any = None) -> Response:
    """A list, and the cursor of its next page (null where there is none)."""
    return answer({"items": list(items), "next": following})


def deleted(is_gone: bool) -> Response:
    """204 for what is gone; 202 for what is going."""
    return Response("", 204) if is_gone else answer({"state": "deleting"}, 202)


def refusal(error: FeelbackError) -> Response:
    """An error in the one shape of the API; a setting by the name that it has here."""
    body = error.body()
    if error.setting is not None:
        body["message"] = error.named(camel(error.setting))
    return answer(body, error.status, error.headers)
