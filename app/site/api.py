"""The API reference, built from the OpenAPI document: what the site shows of each call and object."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.api.openapi import document
from app.site import markdown

Part = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
OTHER = "document"  # calls without a tag: the OpenAPI document itself


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a property of an object.

    `type` is in words; `object` names the schema that the value follows, or is empty.
    """

    name: str
    place: str
    type: str
    object: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible answer of a call; `object` names the schemas of its body."""

    status: str
    description: str
    object: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API; `body` names the schemas that it accepts, `curl` is a command to try it.

    It needs an API key with `scope`, or none where that is empty.
    """

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Field]
    body: list[str]
    answers: list[Answer]
    curl: str
    example: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The calls that share a tag of the OpenAPI document."""

    name: str
    description: str
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Object:
    """A schema of the OpenAPI document."""

    name: str
    description: str
    type: str
    fields: list[Field]


@lru_cache(maxsize=1)
def tags() -> list[Tag]:
    """Tags with their calls, in the order of the document."""
    whole = document.document()
    names = [*(tag["name"] for tag in whole["tags"]), OTHER]
    calls: dict[str, list[Call]] = {name: [] for name in names}
    for path, item in whole["paths"].items():
        for method in METHODS:
            if method in item:
                calls[item[method].get("tags", [OTHER])[0]].append(_call(whole, path, method, item))
    descriptions = {tag["name"]: tag["description"] for tag in whole["tags"]} | {OTHER: "The OpenAPI document itself."}
    return [Tag(name, descriptions[name], tagged) for name, tagged in calls.items() if tagged]


@lru_cache(maxsize=1)
def objects() -> list[Object]:
    """The schemas of the document, sorted by name."""
    schemas = document.document()["components"]["schemas"]
    return [_object(name, schema) for name, schema in sorted(schemas.items())]


def description() -> str:
    """Return the description of the API as Markdown."""
    return str(document.document()["info"]["description"])


def _call(whole: Part, path: str, method: str, item: Part) -> Call:
    call = item[method]
    parameters = [_resolved(whole, each) for each in [*item.get("parameters", []), *call.get("parameters", [])]]
    body = call.get("requestBody", {}).get("content", {})
    answers = [
        Answer(status, _resolved(whole, response).get("description", ""), ", ".join(_names(_schema(whole, response))))
        for status, response in sorted(call["responses"].items())
    ]
    example = _example(call["responses"])
    needs = [each["apiKey"][0] for each in call.get("security", []) if each]
    return Call(
        markdown.anchor(call["operationId"]), method.upper(), path, call["summary"], call.get("description", ""),
        "".join(needs), [_field(each["name"], each["in"], each, each.get("required", False)) for each in parameters],
        sorted({name for media in body.values() for name in _names(media.get("schema", {}))}), answers,
        _curl(path, method, body, parameters, bool(needs)), example,
    )  # fmt: skip


def _curl(path: str, method: str, body: Part, parameters: list[Part], needs_key: bool) -> str:
    parts = [f"curl {markdown.HOST}{path}" if method == "get" else f"curl -X {method.upper()} {markdown.HOST}{path}"]
    if needs_key:
        parts.append('-H "Authorization: Bearer $KEY"')
    parts += [f'-H "{each["name"]}: …"' for each in parameters if each["in"] == "header" and each.get("required")]
    kind = next(iter(body), "")
    if kind:
        parts.append(f'-H "Content-Type: {kind}"')
        example = _media_example(body[kind])
        if example is not None:
            parts.append(f"-d '{json.dumps(example, ensure_ascii=False)}'")
    query = [each for each in parameters if each["in"] == "query" and each.get("required")]
    parts += [f"-G --data-urlencode '{each['name']}=…'" for each in query]
    return " \\\n  ".join(parts)


def _example(responses: Part) -> str:
    for status in ("200", "201", "202"):
        example = _media_example(responses.get(status, {}).get("content", {}).get("application/json", {}))
        if example is not None:
            return json.dumps(example, ensure_ascii=False, indent=2)
    return ""


def _media_example(media: Part) -> Any:
    return media.get("example") or next((each["value"] for each in media.get("examples", {}).values()), None)


def _object(name: str, schema: Part) -> Object:
    required = set(schema.get("required", []))
    fields = [_field(key, "", {"schema": value, **value}, key in required) for key, value in _properties(schema)]
    return Object(name, schema.get("description", ""), _type(schema), fields)


def _properties(schema: Part) -> list[tuple[str, Part]]:
    properties = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        properties.update(part.get("properties", {}))
    return [(name, value) for name, value in properties.items() if isinstance(value, dict)]


def _field(name: str, place: str, part: Part, is_required: bool) -> Field:
    schema = part.get("schema", {})
    text = part.get("description") or schema.get("description", "")
    return Field(name, place, _type(schema), next(iter(_names(schema)), ""), is_required, text)


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
    limits = [f"{words} {schema[name]:,}" for name, words in names.items() if name in schema]
    return f", {' '.join(limits)}" if limits else ""


def _names(schema: Part) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    parts = [part for kind in ("oneOf", "anyOf", "allOf") for part in schema.get(kind, [])]
    parts += [schema["items"]] if schema.get("items") else []
    return list(dict.fromkeys(name for part in parts for name in _names(part)))


def _schema(whole: Part, response: Part) -> Part:
    content = _resolved(whole, response).get("content", {})
    return dict(content.get("application/json", {}).get("schema", {}))


def _resolved(whole: Part, part: Part) -> Part:
    if "$ref" not in part:
        return part
    target: Any = whole
    for name in part["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return dict(target)
