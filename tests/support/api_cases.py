"""Calls of the API, each by its method and path."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.settings import CITUS

SCOPES = ("send", "read_counts", "read_messages", "manage")
HOUR_AGO = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
OF = "/v1/projects/{project}"
DELETED = 202 if CITUS else 204  # on Citus it goes on in the background
NO_ID = "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f"


@dataclass(frozen=True)
class Case:
    """A call, and the least scope of an API key that may make it."""

    method: str
    path: str
    status: int = 200
    body: Any = None
    scope: str = "read_counts"


CASES = [
    Case("GET", OF),
    Case("PATCH", OF, body={"name": "New"}, scope="manage"),
    Case("GET", f"{OF}/admission"),
    Case("PATCH", f"{OF}/admission", body={"freeKeys": True, "networkPages": 7}, scope="manage"),
    Case("POST", f"{OF}/archive", scope="manage"),
    Case("POST", f"{OF}/unarchive", scope="manage"),
    Case("DELETE", f"{OF}/test-responses", scope="manage"),
    Case("GET", f"{OF}/deletions"),
    Case("GET", f"{OF}/widgets"),
    Case("POST", f"{OF}/widgets", 201, {"name": "Stars", "type": "rating"}, scope="manage"),
    Case("GET", f"{OF}/widgets/{{widget}}"),
    Case("PATCH", f"{OF}/widgets/{{widget}}", body={"name": "New"}, scope="manage"),
    Case(
        "PUT", f"{OF}/widgets/{{widget}}/options", body={"options": [{"value": "+1"}, {"value": "-1"}]}, scope="manage"
    ),
    Case("GET", f"{OF}/widgets/{{widget}}/follow-ups"),
    Case(
        "PUT",
        f"{OF}/widgets/{{widget}}/follow-ups",
        body={"followUps": [{"option": "-1", "question": "Why?", "reasons": [{"value": "unclear"}]}]},
        scope="manage",
    ),
    Case("POST", f"{OF}/widgets/{{widget}}/archive", scope="manage"),
    Case("POST", f"{OF}/widgets/{{widget}}/unarchive", scope="manage"),
    Case("DELETE", f"{OF}/widgets/{{widget}}", DELETED, scope="manage"),
    Case("GET", f"{OF}/widgets/{{widget}}/windows"),
    Case("GET", f"{OF}/widgets/{{widget}}/periods"),
    Case("GET", f"{OF}/pages"),
    Case("GET", f"{OF}/pages/{{page}}"),
    Case("PATCH", f"{OF}/pages/{{page}}", body={"key": "/new", "title": "New"}, scope="manage"),
    Case("POST", f"{OF}/pages/{{page}}/archive", scope="manage"),
    Case("POST", f"{OF}/pages/{{page}}/unarchive", scope="manage"),
    Case("POST", f"{OF}/pages/{{page}}/merge", 404, {"into": "00000000-0000-0000-0000-000000000000"}, scope="manage"),
    Case("POST", f"{OF}/pages/{{page}}/unmerge", 404, scope="manage"),
    Case("GET", f"{OF}/pages/{{page}}/merges"),
    Case("GET", f"{OF}/releases"),
    Case("POST", f"{OF}/releases", 201, {"name": "v2", "pages": ["/docs/*"]}, scope="manage"),
    Case("GET", f"{OF}/releases/{{release}}"),
    Case("DELETE", f"{OF}/releases/{{release}}", 204, scope="manage"),
    Case("GET", f"{OF}/destinations", scope="manage"),
    Case(
        "POST",
        f"{OF}/destinations",
        201,
        {"name": "Hook", "type": "webhook", "url": "https://a.example/hook", "events": ["message.created"]},
        scope="manage",
    ),
    Case("GET", f"{OF}/destinations/{{destination}}", scope="manage"),
    Case("PATCH", f"{OF}/destinations/{{destination}}", body={"pace": "daily", "hour": 7}, scope="manage"),
    Case("DELETE", f"{OF}/destinations/{{destination}}", 204, scope="manage"),
    Case("POST", f"{OF}/destinations/{{destination}}/secret", scope="manage"),
    Case("POST", f"{OF}/destinations/{{destination}}/test", 202, scope="manage"),
    Case("POST", f"{OF}/destinations/{{destination}}/replay", 202, {"since": HOUR_AGO}, scope="manage"),
    Case("GET", f"{OF}/destinations/{{destination}}/deliveries", scope="manage"),
    Case("GET", f"{OF}/destinations/{{destination}}/deliveries/{{delivery}}", scope="manage"),
    Case("POST", f"{OF}/destinations/{{destination}}/deliveries/{{delivery}}/resend", 202, scope="manage"),
    Case("GET", f"{OF}/placements"),
    Case("GET", f"{OF}/placements/{{placement}}"),
    Case("DELETE", f"{OF}/placements/{{placement}}", DELETED, scope="manage"),
    Case("GET", f"{OF}/placements/{{placement}}/windows"),
    Case("GET", f"{OF}/placements/{{placement}}/periods"),
    Case("GET", f"{OF}/responses", scope="read_messages"),
    Case("DELETE", f"{OF}/responses/{{response}}", 204, scope="manage"),
    Case("POST", f"{OF}/triage", body={"ids": [NO_ID], "status": "resolved"}, scope="manage"),
    Case("POST", f"{OF}/triage/undo", 404, {"action": NO_ID}, scope="manage"),
    Case("GET", f"{OF}/tags", scope="read_messages"),
    Case("POST", f"{OF}/tags", 201, {"name": "Idea"}, scope="manage"),
    Case("PATCH", f"{OF}/tags/{{tag}}", body={"name": "Defect"}, scope="manage"),
    Case("DELETE", f"{OF}/tags/{{tag}}", 204, scope="manage"),
    Case("GET", f"{OF}/responses/{{response}}/notes", scope="read_messages"),
    Case("POST", f"{OF}/responses/{{response}}/notes", 201, {"body": "A note"}, scope="manage"),
    Case("DELETE", f"{OF}/notes/{{note}}", 204, scope="manage"),
    Case("GET", f"{OF}/responses/{{response}}/replies", scope="read_messages"),
    Case(
        "POST", f"{OF}/responses/{{response}}/replies", 201, {"body": "A reply", "replyTo": "{owner}"}, scope="manage"
    ),
    Case("GET", f"{OF}/issues", scope="read_messages"),
    Case("GET", f"{OF}/responses/{{response}}/issue", scope="read_messages"),
    Case("POST", f"{OF}/responses/{{response}}/issue", 202, scope="manage"),
    Case("DELETE", f"{OF}/responses/{{response}}/issue", 204, scope="manage"),
    Case("GET", f"{OF}/responses/{{response}}/similar", scope="read_messages"),
    Case("GET", f"{OF}/views", scope="read_messages"),
    Case("POST", f"{OF}/views", 201, {"name": "Mine", "query": "assignee=me"}, scope="manage"),
    Case("PATCH", f"{OF}/views/{{view}}", body={"name": "Ours"}, scope="manage"),
    Case("DELETE", f"{OF}/views/{{view}}", 204, scope="manage"),
    Case("GET", f"{OF}/windows"),
    Case("GET", f"{OF}/periods"),
    Case("GET", f"{OF}/trend"),
    Case("GET", f"{OF}/leaders"),
    Case("GET", f"{OF}/members", scope="manage"),
    Case("GET", f"{OF}/api-keys", scope="manage"),
    Case("GET", f"{OF}/recap-recipients", scope="manage"),
    Case("GET", f"{OF}/refusals"),
    Case("GET", f"{OF}/exports", scope="read_messages"),
]
