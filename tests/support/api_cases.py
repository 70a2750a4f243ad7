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
    Case("POST", f"{OF}/archive", writes=True),
    Case("POST", f"{OF}/unarchive", writes=True),
    Case("DELETE", f"{OF}/test-responses", writes=True),
    Case("GET", f"{OF}/deletions"),
    Case("GET", f"{OF}/widgets"),
    Case("POST", f"{OF}/widgets", 201, {"name": "Stars", "type": "rating"}, writes=True),
    Case("GET", f"{OF}/widgets/{{widget}}"),
    Case("PATCH", f"{OF}/widgets/{{widget}}", body={"name": "New"}, writes=True),
    Case("PUT", f"{OF}/widgets/{{widget}}/options", body={"options": [{"value": "+1"}, {"value": "-1"}]}, writes=True),
    Case("POST", f"{OF}/widgets/{{widget}}/archive", writes=True),
    Case("POST", f"{OF}/widgets/{{widget}}/unarchive", writes=True),
    Case("DELETE", f"{OF}/widgets/{{widget}}", 204, writes=True),
    Case("GET", f"{OF}/widgets/{{widget}}/windows"),
    Case("GET", f"{OF}/widgets/{{widget}}/periods"),
    Case("GET", f"{OF}/pages"),
    Case("GET", f"{OF}/pages/{{page}}"),
    Case("PATCH", f"{OF}/pages/{{page}}", body={"key": "/new", "title": "New"}, writes=True),
    Case("POST", f"{OF}/pages/{{page}}/archive", writes=True),
    Case("POST", f"{OF}/pages/{{page}}/unarchive", writes=True),
    Case("GET", f"{OF}/placements"),
    Case("GET", f"{OF}/placements/{{placement}}"),
    Case("DELETE", f"{OF}/placements/{{placement}}", 204, writes=True),
    Case("GET", f"{OF}/placements/{{placement}}/windows"),
    Case("GET", f"{OF}/placements/{{placement}}/periods"),
    Case("GET", f"{OF}/responses"),
    Case("DELETE", f"{OF}/responses/{{response}}", 204, writes=True),
    Case("GET", f"{OF}/windows"),
    Case("GET", f"{OF}/periods"),
    Case("GET", f"{OF}/trend"),
    Case("GET", f"{OF}/leaders"),
    Case("GET", f"{OF}/members"),
    Case("GET", f"{OF}/api-keys"),
    Case("GET", f"{OF}/recap-recipients", writes=True),
    Case("GET", f"{OF}/refusals"),
    Case("GET", f"{OF}/exports"),
]
