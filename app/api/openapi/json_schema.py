"""JSON Schema 2020-12 from typed models, as OpenAPI 3.1 takes it."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

Part = dict[str, Any]


def schemas(models: Iterable[type[msgspec.Struct]], rules: Mapping[str, Part]) -> Part:
    """The schemas of the models and of all that they are made of, by name; `rules` adds what a model cannot say."""
    _, schemas_by_name = msgspec.json.schema_components(models, ref_template="#/components/schemas/{name}")
    return {name: {**_plain(schema), **rules.get(name, {})} for name, schema in sorted(schemas_by_name.items())}


def _plain(schema: Any) -> Any:
    """The schema without titles, and with `type: [string, null]` for a choice of plain types."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        name: {key: _plain(value) for key, value in part.items()} if name == "properties" else _plain(part)
        for name, part in schema.items()
        if name != "title" and part != []
    }
    choices = plain.get("anyOf")
    if choices and all(isinstance(choice.get("type"), str) and "enum" not in choice for choice in choices):
        merged: Part = {}
        for choice in choices:
            merged |= {name: value for name, value in choice.items() if name != "type"}
        rest = {name: value for name, value in plain.items() if name != "anyOf"}
        return {**merged, **rest, "type": [choice["type"] for choice in choices]}
    return plain
