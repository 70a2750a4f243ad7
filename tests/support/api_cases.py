"""Calls of the API, each by its method and path."""

from dataclasses import dataclass
from typing import Any

OF = "/v1/projects/{project}"


@dataclass(frozen=True)
class Case:
    """A call; `writes` where a read key may not make it."""

    method: str
    path: str
    status: int = 200
    body: Any = None
    writes: bool = False


CASES = [
    Case("GET", OF),
    Case("PATCH", OF, body={"name": "New"}, writes=True),
    Case("PUT", f"{OF}/archival", writes=True),
    Case("DELETE", f"{OF}/archival", writes=True),
    Case("DELETE", f"{OF}/test-feelbacks", writes=True),
    Case("GET", f"{OF}/deletions"),
    Case("GET", f"{OF}/sets"),
    Case("POST", f"{OF}/sets", 201, {"name": "Stars", "type": "rating"}, writes=True),
    Case("GET", f"{OF}/sets/{{set}}"),
    Case("PATCH", f"{OF}/sets/{{set}}", body={"name": "New"}, writes=True),
    Case("PUT", f"{OF}/sets/{{set}}/options", body={"options": [{"value": "+1"}, {"value": "-1"}]}, writes=True),
    Case("PUT", f"{OF}/sets/{{set}}/archival", writes=True),
    Case("DELETE", f"{OF}/sets/{{set}}/archival", writes=True),
    Case("DELETE", f"{OF}/sets/{{set}}", 204, writes=True),
    Case("GET", f"{OF}/sets/{{set}}/windows"),
    Case("GET", f"{OF}/sets/{{set}}/periods"),
    Case("GET", f"{OF}/contents"),
    Case("GET", f"{OF}/contents/{{content}}"),
    Case("PATCH", f"{OF}/contents/{{content}}", body={"key": "/new"}, writes=True),
    Case("PUT", f"{OF}/contents/{{content}}/archival", writes=True),
    Case("DELETE", f"{OF}/contents/{{content}}/archival", writes=True),
    Case("DELETE", f"{OF}/contents/{{content}}", 204, writes=True),
    Case("GET", f"{OF}/contents/{{content}}/windows"),
    Case("GET", f"{OF}/contents/{{content}}/periods"),
    Case("GET", f"{OF}/feelbacks"),
    Case("DELETE", f"{OF}/feelbacks/{{feelback}}", 204, writes=True),
    Case("GET", f"{OF}/windows"),
    Case("GET", f"{OF}/periods"),
    Case("GET", f"{OF}/trend"),
    Case("GET", f"{OF}/leaders"),
    Case("GET", f"{OF}/members"),
    Case("GET", f"{OF}/keys"),
    Case("GET", f"{OF}/recap-recipients", writes=True),
    Case("GET", f"{OF}/rejections"),
    Case("GET", f"{OF}/exports"),
]
