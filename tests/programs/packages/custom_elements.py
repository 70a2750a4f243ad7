"""The manifest of the elements for editors (custom-elements.json), read from the SDK's types and its README."""

import json
import re
from pathlib import Path
from typing import Any

_MEMBER = r"(?:/\*\* (?P<doc>[^*]+?) \*/\s*)?\"?(?P<name>[\w:-]+)\"?\??: (?P<type>[^;]+);"


def manifest(sdk: Path) -> bytes:
    """Make the manifest, of schema 1.0.0: each element with its attributes, events, parts and custom properties."""
    props, events = (sdk / "props.d.ts").read_text(), (sdk / "core.d.ts").read_text()
    looks = (sdk / "README.md").read_text().partition("## Looks")[2].partition("## ")[0]
    shared = {
        "events": [
            {**_described(each), "type": {"text": each["type"]}}
            for each in re.finditer(_MEMBER, events.partition("interface GlobalEventHandlersEventMap")[2])
        ],
        "cssProperties": [{"name": name} for name in dict.fromkeys(re.findall(r"`(--feelback-[\w-]+)`", looks))],
        "cssParts": [
            {"name": name} for name in dict.fromkeys(re.findall(r"`([a-z-]+)`", looks.partition("::part()")[2]))
        ],
    }
    elements = re.findall(r'"(feelback-[\w-]+)": Attributes<(\w+)', (sdk / "jsx.d.ts").read_text())
    declarations = [_declaration(tag, _attributes(props, interface), shared) for tag, interface in elements]
    exports = [
        {"kind": "custom-element-definition", "name": each["tagName"], "declaration": {"name": each["name"]}}
        for each in declarations
    ]
    module = {"kind": "javascript-module", "path": "feelback.js", "declarations": declarations, "exports": exports}
    return (json.dumps({"schemaVersion": "1.0.0", "modules": [module]}, indent=2) + "\n").encode()


def _declaration(tag: str, attributes: list[dict[str, Any]], shared: dict[str, Any]) -> dict[str, Any]:
    name = "".join(word.capitalize() for word in tag.split("-"))
    return {"kind": "class", "name": name, "customElement": True, "tagName": tag, "attributes": attributes, **shared}


def _attributes(props: str, interface: str) -> list[dict[str, Any]]:
    """Read the attributes of an interface and those that it extends."""
    match = re.search(rf"interface {interface}(?: extends (\w+))? \{{(.*?)^\}}", props, re.DOTALL | re.MULTILINE)
    if match is None:
        raise LookupError(interface)
    own = [{**_described(each), "type": {"text": each["type"]}} for each in re.finditer(_MEMBER, match[2])]
    return (_attributes(props, match[1]) if match[1] else []) + own


def _described(member: re.Match[str]) -> dict[str, Any]:
    return {"name": member["name"], **({"description": member["doc"]} if member["doc"] else {})}
