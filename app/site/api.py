"""The reference of the API, drawn from its OpenAPI document: what pages of the site show of each call and object."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.api.openapi import document
from app.site import markdown

Part = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
OTHER = "document"  # what has no tag: the description itself


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a property of an object; `type` in words, `object` the object that it is, if any."""

    name: str
    place: str
    type: str
    object: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call may answer."""

    status: str
    description: str
    object: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API; `body` the objects that it takes, `curl` how it is tried."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs_key: bool
    parameters: list[Field]
    body: list[str]
    answers: list[Answer]
    curl: str
    example: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The calls about one thing."""

    name: str
    description: str
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Object:
    """What is sent or answered, by the name that the document gives it."""

    name: str
    description: str
    type: str
    fields: list[Field]


@lru_cache(maxsize=1)
def tags() -> list[Tag]:
    """Every tag with its calls, in the document's order."""
    whole = document.document()
    names = [*(tag["name"] for tag in whole["tags"]), OTHER]
    found: dict[str, list[Call]] = {name: [] for name in names}
    for path, item in whole["paths"].items():
        for method in METHODS:
            if method in item:
                found[item[method].get("tags", [OTHER])[0]].append(_call(whole, path, method, item))
    said = {tag["name"]: tag["description"] for tag in whole["tags"]} | {OTHER: "The OpenAPI document itself."}
    return [Tag(name, said[name], calls) for name, calls in found.items() if calls]


@lru_cache(maxsize=1)
def objects() -> list[Object]:
    """Every object of the document, by name."""
    schemas = document.document()["components"]["schemas"]
    return [_object(name, schema) for name, schema in sorted(schemas.items())]


def description() -> str:
    """What the document says of the whole."""
    return str(document.document()["info"]["description"])


def _call(whole: Part, path: str, method: str, item: Part) -> Call:
    call = item[method]
    parameters = [_resolved(whole, each) for each in [*item.get("parameters", []), *call.get("parameters", [])]]
    placement = call.get("requestBody", {}).get("placement", {})
    answers = [
        Answer(status, _resolved(whole, told).get("description", ""), ", ".join(_names(_schema(whole, told))))
        for status, told in sorted(call["responses"].items())
    ]
    example = _example(call["responses"])
    needs_key = call.get("security") == [{"apiKey": []}]
    return Call(
        markdown.anchor(call["operationId"]), method.upper(), path, call["summary"], call.get("description", ""),
        needs_key, [_field(each["name"], each["in"], each, each.get("required", False)) for each in parameters],
        sorted({name for kind in placement.values() for name in _names(kind.get("schema", {}))}), answers,
        _curl(path, method, placement, parameters, needs_key), example,
    )  # fmt: skip


def _curl(path: str, method: str, placement: Part, parameters: list[Part], needs_key: bool) -> str:
    parts = [f"curl {markdown.HOST}{path}" if method == "get" else f"curl -X {method.upper()} {markdown.HOST}{path}"]
    if needs_key:
        parts.append('-H "Authorization: Bearer $KEY"')
    parts += [f'-H "{each["name"]}: …"' for each in parameters if each["in"] == "header" and each.get("required")]
    kind = next(iter(placement), "")
    if kind:
        parts.append(f'-H "Content-Type: {kind}"')
        given = placement[kind]
        example = given.get("example") or next((each["value"] for each in given.get("examples", {}).values()), None)
        if example is not None:
            parts.append(f"-d '{json.dumps(example, ensure_ascii=False)}'")
    query = [each for each in parameters if each["in"] == "query" and each.get("required")]
    parts += [f"-G --data-urlencode '{each['name']}=…'" for each in query]
    return " \\\n  ".join(parts)


def _example(responses: Part) -> str:
    for status in ("200", "201", "202"):
        told = responses.get(status, {}).get("placement", {}).get("application/json", {})
        example = told.get("example") or next((each["value"] for each in told.get("examples", {}).values()), None)
        if example is not None:
            return json.dumps(example, ensure_ascii=False, indent=2)
    return ""


def _object(name: str, schema: Part) -> Object:
    required = set(schema.get("required", []))
    fields = [_field(key, "", {"schema": value, **value}, key in required) for key, value in _properties(schema)]
    return Object(name, schema.get("description", ""), _type(schema), fields)


def _properties(schema: Part) -> list[tuple[str, Part]]:
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found.update(part.get("properties", {}))
    return [(name, value) for name, value in found.items() if isinstance(value, dict)]


def _field(name: str, place: str, given: Part, is_required: bool) -> Field:
    schema = given.get("schema", {})
    said = given.get("description") or schema.get("description", "")
    return Field(name, place, _type(schema), next(iter(_names(schema)), ""), is_required, said)


def _type(schema: Part) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if "oneOf" in schema or "anyOf" in schema:
        each_kind = [_type(each) for each in [*schema.get("oneOf", []), *schema.get("anyOf", [])]]
        return " or ".join(dict.fromkeys(kind for kind in each_kind if kind)) or "object"
    kind = schema.get("type", "")
    kinds: list[str] = kind if isinstance(kind, list) else [kind]
    words = " or ".join("nothing" if each == "null" else each for each in kinds if each)
    if "array" in kinds:
        words = f"list of {_type(schema.get('items', {})) or 'values'}"
    return words + (f" ({schema['format']})" if "format" in schema else "") + _limits(schema)


def _limits(schema: Part) -> str:
    names = {"minimum": "from", "maximum": "to", "minLength": "at least", "maxLength": "at most", "maxItems": "at most"}
    found = [f"{words} {schema[name]:,}" for name, words in names.items() if name in schema]
    return f", {' '.join(found)}" if found else ""


def _names(schema: Part) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    parts = [part for kind in ("oneOf", "anyOf", "allOf") for part in schema.get(kind, [])]
    parts += [schema["items"]] if schema.get("items") else []
    return list(dict.fromkeys(name for part in parts for name in _names(part)))


def _schema(whole: Part, told: Part) -> Part:
    placement = _resolved(whole, told).get("placement", {})
    return dict(placement.get("application/json", {}).get("schema", {}))


def _resolved(whole: Part, part: Part) -> Part:
    if "$ref" not in part:
        return part
    found: Any = whole
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)
