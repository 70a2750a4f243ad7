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
    Case("PUT", f"{OF}/archive", writes=True),
    Case("DELETE", f"{OF}/archive", writes=True),
    Case("DELETE", f"{OF}/test-responses", writes=True),
    Case("GET", f"{OF}/deletions"),
    Case("GET", f"{OF}/widgets"),
    Case("POST", f"{OF}/widgets", 201, {"name": "Stars", "type": "rating"}, writes=True),
    Case("GET", f"{OF}/widgets/{{set}}"),
    Case("PATCH", f"{OF}/widgets/{{set}}", body={"name": "New"}, writes=True),
    Case("PUT", f"{OF}/widgets/{{set}}/options", body={"options": [{"value": "+1"}, {"value": "-1"}]}, writes=True),
    Case("PUT", f"{OF}/widgets/{{set}}/archive", writes=True),
    Case("DELETE", f"{OF}/widgets/{{set}}/archive", writes=True),
    Case("DELETE", f"{OF}/widgets/{{set}}", 204, writes=True),
    Case("GET", f"{OF}/widgets/{{set}}/windows"),
    Case("GET", f"{OF}/widgets/{{set}}/periods"),
    Case("GET", f"{OF}/pages"),
    Case("GET", f"{OF}/pages/{{placement}}"),
    Case("PATCH", f"{OF}/pages/{{placement}}", body={"key": "/new"}, writes=True),
    Case("PUT", f"{OF}/pages/{{placement}}/archive", writes=True),
    Case("DELETE", f"{OF}/pages/{{placement}}/archive", writes=True),
    Case("DELETE", f"{OF}/pages/{{placement}}", 204, writes=True),
    Case("GET", f"{OF}/pages/{{placement}}/windows"),
    Case("GET", f"{OF}/pages/{{placement}}/periods"),
    Case("GET", f"{OF}/responses"),
    Case("DELETE", f"{OF}/responses/{{feelback}}", 204, writes=True),
    Case("GET", f"{OF}/windows"),
    Case("GET", f"{OF}/periods"),
    Case("GET", f"{OF}/trend"),
    Case("GET", f"{OF}/leaders"),
    Case("GET", f"{OF}/members"),
    Case("GET", f"{OF}/keys"),
    Case("GET", f"{OF}/recap-recipients", writes=True),
    Case("GET", f"{OF}/refusals"),
    Case("GET", f"{OF}/exports"),
]
