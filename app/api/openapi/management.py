"""The calls of the management API in the OpenAPI document of `/v1`: one row each."""

from typing import Any

from app.api.models import events
from app.api.openapi import responses
from app.api.openapi.parameters import IDS, PARAMETERS
from app.api.openapi.responses import JSON, TOO_LONG, plain_error, ref

Part = dict[str, Any]
OF = "/v1/projects/{project}"
WIDGET, PAGE = f"{OF}/widgets/{{widget}}", f"{OF}/pages/{{page}}"
PLACEMENT, RESPONSE = f"{OF}/placements/{{placement}}", f"{OF}/responses/{{response}}"
RELEASE = f"{OF}/releases/{{release}}"
DESTINATIONS = f"{OF}/destinations"
DESTINATION = f"{DESTINATIONS}/{{destination}}"
DELIVERY = f"{DESTINATION}/deliveries/{{delivery}}"
WHY = {
    **responses.WHY,
    401: "There is no API key, or it is unknown, expired or revoked.",
    403: "The scope of the key does not include this; `message` says which does.",
    404: "There is nothing with that id in the key's project.",
    409: "The name is taken, or the thing is being deleted.",
    422: "A value is not valid; `message` says which and why.",
    429: "The key has used all its requests; `Retry-After` is the number of seconds to wait.",
    503: "The database is unavailable.",
}

# method, path, operationId, tag, what it does, query, body, answer
CALLS: list[tuple[str, str, str, str, str, tuple[str, ...], str, str]] = [
    ("get", "/v1/projects", "getProjects", "projects", "List the projects of the key", (), "", "Projects"),
    ("get", OF, "getProject", "projects", "Read a project's settings", (), "", "Project"),
    ("patch", OF, "patchProject", "projects", "Update a project's settings", (), "ProjectChanges", "Project"),
    ("get", f"{OF}/admission", "getAdmission", "projects", "Read which pages a project takes, and its daily limits",
     (), "", "Admission"),
    ("patch", f"{OF}/admission", "patchAdmission", "projects", "Update them", (), "AdmissionChanges", "Admission"),
    ("post", f"{OF}/archive", "archiveProject", "projects", "Archive a project", (), "", "Project"),
    ("post", f"{OF}/unarchive", "unarchiveProject", "projects", "Unarchive a project", (), "", "Project"),
    ("delete", f"{OF}/test-responses", "deleteTestResponses", "projects", "Delete test responses", (), "",
     "Deleted"),
    ("get", f"{OF}/deletions", "getDeletions", "projects", "Read the progress of deletions", (), "", "Deletions"),
    ("get", f"{OF}/widgets", "getWidgets", "widgets", "List widgets", (), "", "WidgetsOfProject"),
    ("post", f"{OF}/widgets", "postWidget", "widgets", "Create a widget", (), "NewWidget", "WidgetOfProject"),
    ("get", WIDGET, "getWidgetOfProject", "widgets", "Read a widget's settings", (), "", "WidgetOfProject"),
    ("patch", WIDGET, "patchWidget", "widgets", "Update a widget's settings", (), "WidgetChanges", "WidgetOfProject"),
    ("put", f"{WIDGET}/options", "putOptions", "widgets", "Replace a widget's options", (), "NewOptions",
     "WidgetOfProject"),
    ("get", f"{WIDGET}/follow-ups", "getFollowUps", "widgets", "Read what a widget asks after an option", (), "",
     "FollowUps"),
    ("put", f"{WIDGET}/follow-ups", "putFollowUps", "widgets", "Replace what a widget asks after an option", (),
     "NewFollowUps", "FollowUps"),
    ("post", f"{WIDGET}/archive", "archiveWidget", "widgets", "Archive a widget", (), "", "WidgetOfProject"),
    ("post", f"{WIDGET}/unarchive", "unarchiveWidget", "widgets", "Unarchive a widget", (), "", "WidgetOfProject"),
    ("delete", WIDGET, "deleteWidget", "widgets", "Delete a widget", (), "", "Going"),
    ("get", f"{OF}/pages", "getPages", "pages", "List pages", ("text", "archived", "cursor", "limit"), "", "Pages"),
    ("get", PAGE, "getPage", "pages", "Read a page", (), "", "Page"),
    ("patch", PAGE, "patchPage", "pages", "Update a page's key or title", (), "PageChanges", "Page"),
    ("post", f"{PAGE}/archive", "archivePage", "pages", "Archive a page", (), "", "Page"),
    ("post", f"{PAGE}/unarchive", "unarchivePage", "pages", "Unarchive a page", (), "", "Page"),
    ("post", f"{PAGE}/merge", "mergePage", "pages", "Merge a page into another", (), "NewMerge", "Merge"),
    ("post", f"{PAGE}/unmerge", "unmergePage", "pages", "Undo the merge of a page", (), "", "Merge"),
    ("get", f"{PAGE}/merges", "getMerges", "pages", "List the merges of a page", (), "", "Merges"),
    ("get", f"{OF}/releases", "getReleases", "releases", "List releases, the latest first", ("cursor", "limit"), "",
     "Releases"),
    ("post", f"{OF}/releases", "postRelease", "releases", "Create a release", (), "NewRelease", "Release"),
    ("get", RELEASE, "getRelease", "releases", "Read a release", (), "", "Release"),
    ("delete", RELEASE, "deleteRelease", "releases", "Delete a release", (), "", ""),
    ("get", DESTINATIONS, "getDestinations", "destinations", "List destinations", (), "", "Destinations"),
    ("post", DESTINATIONS, "postDestination", "destinations", "Create a destination", (), "NewDestination",
     "DestinationWithSecret"),
    ("get", DESTINATION, "getDestination", "destinations", "Read a destination", (), "", "Destination"),
    ("patch", DESTINATION, "patchDestination", "destinations", "Change a destination", (), "DestinationChanges",
     "Destination"),
    ("delete", DESTINATION, "deleteDestination", "destinations", "Delete a destination", (), "", ""),
    ("post", f"{DESTINATION}/secret", "postSecret", "destinations", "Replace the secret of a webhook", (), "",
     "DestinationWithSecret"),
    ("post", f"{DESTINATION}/test", "postTest", "destinations", "Send a test event", (), "", "DeliveryWithRequest"),
    ("post", f"{DESTINATION}/replay", "postReplay", "destinations", "Send events again since a time", (), "NewReplay",
     "Replay"),
    ("get", f"{DESTINATION}/deliveries", "getDeliveries", "destinations", "List deliveries, the newest first",
     ("cursor", "limit"), "", "Deliveries"),
    ("get", DELIVERY, "getDelivery", "destinations", "Read a delivery", (), "", "DeliveryWithRequest"),
    ("post", f"{DELIVERY}/resend", "postResend", "destinations", "Send a delivery again", (), "",
     "DeliveryWithRequest"),
    ("get", f"{OF}/placements", "getPlacements", "placements", "List placements",
     ("widget", "text", "archived", "cursor", "limit"), "", "Placements"),
    ("get", PLACEMENT, "getPlacement", "placements", "Read a placement", (), "", "Placement"),
    ("delete", PLACEMENT, "deletePlacement", "placements", "Delete a placement", (), "", "Going"),
    ("get", f"{OF}/responses", "getResponses", "responses", "List single responses",
     ("widget", "placement", "type", "option", "reason", "fromTime", "toTime", "text", "state", "status", "assignee",
      "tag", "group", "cursor", "limit"), "", "ResponsesOfProject"),
    ("delete", RESPONSE, "deleteResponseOfProject", "responses", "Delete a response", (), "", ""),
    ("post", f"{OF}/triage", "postTriage", "triage", "Change status, assignee, tags or group of messages", (),
     "NewTriage", "Triage"),
    ("post", f"{OF}/triage/undo", "undoTriage", "triage", "Undo a change of the last hour", (), "UndoneTriage",
     "Undone"),
    ("get", f"{OF}/tags", "getTags", "triage", "List tags", (), "", "Tags"),
    ("post", f"{OF}/tags", "postTag", "triage", "Create a tag", (), "NewTag", "Tag"),
    ("patch", f"{OF}/tags/{{tag}}", "patchTag", "triage", "Rename a tag", (), "NewTag", "Tag"),
    ("delete", f"{OF}/tags/{{tag}}", "deleteTag", "triage", "Delete a tag", (), "", ""),
    ("get", f"{RESPONSE}/notes", "getNotes", "triage", "List the notes about a message", (), "", "Notes"),
    ("post", f"{RESPONSE}/notes", "postNote", "triage", "Add a note to a message", (), "NewNote", "Note"),
    ("delete", f"{OF}/notes/{{note}}", "deleteNote", "triage", "Delete a note", (), "", ""),
    ("get", f"{RESPONSE}/replies", "getReplies", "triage", "List the replies to a message", (), "", "Replies"),
    ("post", f"{RESPONSE}/replies", "postReply", "triage", "Reply to a message by email", (), "NewReply", "Reply"),
    ("get", f"{OF}/issues", "getIssues", "triage", "List issues", ("cursor", "limit"), "", "Issues"),
    ("get", f"{RESPONSE}/issue", "getIssue", "triage", "Read the issue of a message", (), "", "Issue"),
    ("post", f"{RESPONSE}/issue", "postIssue", "triage", "Open an issue for a message", (), "", "Issue"),
    ("delete", f"{RESPONSE}/issue", "deleteIssue", "triage", "Remove the link to the issue of a message", (), "", ""),
    ("get", f"{RESPONSE}/similar", "getSimilar", "triage", "List messages that read like one", (), "",
     "SimilarMessages"),
    ("get", f"{OF}/views", "getViews", "triage", "List saved views of the inbox", (), "", "SavedViews"),
    ("post", f"{OF}/views", "postView", "triage", "Save a view of the inbox", (), "NewSavedView", "SavedView"),
    ("patch", f"{OF}/views/{{view}}", "patchView", "triage", "Rename a saved view", (), "SavedViewName", "SavedView"),
    ("delete", f"{OF}/views/{{view}}", "deleteView", "triage", "Delete a saved view", (), "", ""),
    ("get", f"{OF}/windows", "getWindows", "stats", "Read a project's windows", (), "", "Windows"),
    ("get", f"{WIDGET}/windows", "getWidgetWindows", "stats", "Read a widget's windows", ("reasons", "seen"), "",
     "Windows"),
    ("get", f"{PLACEMENT}/windows", "getPlacementWindows", "stats", "Read a placement's windows",
     ("reasons", "seen"), "", "Windows"),
    ("get", f"{OF}/periods", "getPeriods", "stats", "Read a project's closed periods", ("unit", "fromDay", "toDay"),
     "", "Periods"),
    ("get", f"{WIDGET}/periods", "getWidgetPeriods", "stats", "Read a widget's closed periods",
     ("unit", "fromDay", "toDay", "reasons"), "", "Periods"),
    ("get", f"{PLACEMENT}/periods", "getPlacementPeriods", "stats", "Read a placement's closed periods",
     ("unit", "fromDay", "toDay", "reasons"), "", "Periods"),
    ("get", f"{OF}/trend", "getTrend", "stats", "Read the responses of each day", ("fromDay", "toDay", "widget"), "",
     "Trend"),
    ("get", f"{OF}/leaders", "getLeaders", "stats", "Read the leading pages", ("days",), "", "Leaders"),
    ("get", f"{OF}/refusals", "getRefusals", "projects", "Read refusals", ("fromTime", "toTime"), "",
     "Refusals"),
    ("get", f"{OF}/exports", "getExports", "exports", "Read a project's data as a file",
     ("kind", "format", "widget", "placement", "option", "reason", "fromDay", "toDay", "text"), "", "File"),
    ("get", f"{OF}/members", "getMembers", "people", "List the account's members", (), "", "Members"),
    ("get", f"{OF}/api-keys", "getApiKeys", "people", "List the project's API keys", (), "", "ApiKeys"),
    ("get", f"{OF}/recap-recipients", "getRecapRecipients", "people", "List recipients of recaps who are not members",
     (), "", "Recipients"),
]  # fmt: skip


def paths() -> Part:
    """The paths, as OpenAPI has them."""
    items: dict[str, Part] = {}
    for method, path, id, tag, summary, query, body, answer in CALLS:
        names = [name for name in IDS if "{" + name + "}" in path]
        item = items.setdefault(path, {"parameters": [_parameter(f"path_{name}") for name in names]} if names else {})
        item[method] = {
            "operationId": id,
            "tags": [tag],
            "summary": summary,
            "security": [{"apiKey": [scope(method, id)]}],
            "parameters": [_parameter(f"query_{name}") for name in query],
            **({"requestBody": {"required": True, "content": {JSON: {"schema": ref(body)}}}} if body else {}),
            "responses": {**_answers(id, answer), **_errors(method, body)},
        }
    return items


def webhooks() -> Part:
    """What destinations of the type `webhook` get, by type of event, signed as Standard Webhooks asks."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in names]
    return {
        type: {
            "post": {
                "operationId": events.model_name(type),
                "tags": ["destinations"],
                "summary": f"The event {type}",
                "x-version": version,
                "security": [],
                "parameters": headers,
                "requestBody": {"required": True, "content": {JSON: {"schema": ref(events.model_name(type))}}},
                "responses": {
                    "2XX": {"description": "Received. Anything else is sent again; 410 disables the destination."}
                },
            }
        }
        for type, (version, _) in events.VERSIONS.items()
    }


def scope(method: str, id: str) -> str:
    """The scope that an API key needs for a call, as fn.allow requires it."""
    if method != "get" or id in (*PEOPLE, *DESTINATION_READS):
        return "manage"
    return "read_messages" if id in MESSAGES else "read_counts"


STATUSES = {
    **dict.fromkeys(
        ("postWidget", "postRelease", "postDestination", "postTag", "postNote", "postReply", "postView"), "201"
    ),
    "postIssue": "202", "postTest": "202", "postResend": "202", "postReplay": "202",
}  # fmt: skip
# An export of anything but responses takes read_counts.
MESSAGES = (
    "getResponses",
    "getExports",
    "getTags",
    "getNotes",
    "getReplies",
    "getSimilar",
    "getViews",
    "getIssues",
    "getIssue",
)
PEOPLE = ("getMembers", "getApiKeys", "getRecapRecipients")
DESTINATION_READS = ("getDestinations", "getDestination", "getDeliveries", "getDelivery")


def _answers(id: str, answer: str) -> Part:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in LIMITS}
    if answer in ("", "Going"):
        responses: Part = {"204": {"description": "Deleted.", "headers": headers}}
        if answer:
            description = "It has many responses and is deleted in the background; see its progress under deletions."
            content = {JSON: {"schema": ref(answer)}}
            responses["202"] = {"description": description, "headers": headers, "content": content}
        return responses
    if answer == "File":
        description = "The file, streamed, with any number of rows."
        content = {kind: {"schema": {"type": "string"}} for kind in FILES}
        named = {"Content-Disposition": {"required": True, "schema": {"type": "string"}}}
        return {"200": {"description": description, "headers": {**headers, **named}, "content": content}}
    status = STATUSES.get(id, "200")
    return {status: {"description": f"{answer}.", "headers": headers, "content": {JSON: {"schema": ref(answer)}}}}


FILES = ("text/csv", "application/jsonl")
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def _errors(method: str, body: str) -> Part:
    statuses = {401, 403, 404, 405, 422, 429, 500, 503} | ({400, 408, 413, 415} if body else set())
    if method != "get":
        statuses.add(409)
    return {**{str(status): plain_error(status, WHY[status], {}) for status in sorted(statuses)}, "431": TOO_LONG}


def _parameter(name: str) -> Part:
    assert name in PARAMETERS
    return {"$ref": f"#/components/parameters/{name}"}
