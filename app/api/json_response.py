"""JSON responses of the API: rows with names in camelCase, lists by the page, errors in one shape."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from quart import Response

from app.errors import FeelbackError

# Columns whose name in the API is not their own in camelCase.
NAMES = {
    "widget_id": "widget",
    "placement_id": "placement",
    "edit_seconds": "windowSeconds",
    "is_open_form": "openForm",
}
JSON_COLUMNS = {"key_rules", "fields", "options", "counts", "placements", "appearance", "texts", "follow_ups"}
RULES = {"trailing_slash": "trailingSlash", "hash_routes": "hashRoutes"}
_encode = msgspec.json.Encoder().encode


def camel(name: str) -> str:
    """The API's name of a column."""
    return NAMES.get(name) or re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def row_object(row: Any, *omitted: str, rename: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A query's row as an object without the `omitted` columns; columns that hold JSON are decoded."""
    result: dict[str, Any] = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if field.name in omitted:
            continue
        if field.name in JSON_COLUMNS and isinstance(value, str):
            value = msgspec.json.decode(value)
            if field.name == "key_rules":
                value = {RULES.get(name, name): rule for name, rule in value.items()}
        result[(rename or {}).get(field.name) or camel(field.name)] = value
    return result


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(_encode(value), status, {**(headers or {}), "Content-Type": "application/json"})


def json_list(items: Iterable[Any], cursor: Any = None) -> Response:
    """A page of a list, with the cursor of the next page or null."""
    return json_response({"items": list(items), "next": cursor})


def deletion(is_complete: bool) -> Response:
    """204 for a complete deletion; 202 for one that continues in the background."""
    return Response("", 204) if is_complete else json_response({"state": "deleting"}, 202)


def error_response(error: FeelbackError) -> Response:
    """An error, with a setting by its name in the API."""
    body = error.body()
    if error.setting is not None:
        body["message"] = error.message_for(camel(error.setting))
    return json_response(body, error.status, error.headers)
