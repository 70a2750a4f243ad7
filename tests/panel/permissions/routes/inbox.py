"""The inbox."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.messages import ACT, ADDRESS, ISSUE, MESSAGE, NOTE, TAG, TRACKER, VIEW

ID = MESSAGE.replace("as message", "as id")
AT = "/projects/<slug:slug>/inbox"
ROUTES = [
    Route("GET", "/projects/<slug:slug>/inbox"),
    Route("GET", "/projects/<slug:slug>/inbox/arrivals"),
    Route("GET", "/projects/<slug:slug>/inbox/count"),
    Route("GET", "/projects/<slug:slug>/inbox/<uuid:id>", ids=ID),
    Route("POST", "/projects/<slug:slug>/inbox/actions", "editor", 303, {"action": "read"}),
    Route(
        "POST", "/projects/<slug:slug>/inbox/actions/<uuid:id>/undo", "editor", 303, ids=ACT.replace("as act", "as id")
    ),
    Route("POST", f"{AT}/<uuid:id>/notes", "editor", 303, {"note": "A note"}, ID),
    Route(
        "POST", f"{AT}/<uuid:id>/notes/<uuid:note_id>/delete", "admin", 303,
        ids=NOTE.replace("as message", "as id").replace("id as note", "id as note_id"),
    ),
    Route("POST", f"{AT}/<uuid:id>/replies", "editor", 303, {"reply": "A reply"}, ADDRESS.replace("as message", "")),
    Route("POST", f"{AT}/<uuid:id>/issue", "editor", 303, ids=ISSUE.replace("id as message", "id")),
    Route("GET", "/projects/<slug:slug>/issues"),
    Route(
        "POST", "/projects/<slug:slug>/issues", "admin", 303,
        {"type": "github", "path": "a/b", "token": "x", "title": "t", "body": "b"},
    ),
    Route("POST", "/projects/<slug:slug>/issues/secret", "admin", 303, ids=TRACKER),
    Route("POST", "/projects/<slug:slug>/issues/delete", "admin", 303, ids=TRACKER),
    Route("POST", "/issue-events/<uuid:hook_id>", status=403, is_public=True, ids=TRACKER.replace("as hook", "")),
    # Without a GitHub App.
    Route("GET", "/projects/<slug:slug>/issues/github", "admin", 404),
    Route("POST", "/projects/<slug:slug>/issues/github", "admin", 404),
    Route("GET", "/github/callback", status=303),
    Route("POST", "/github/events", status=404, is_public=True),
    Route("GET", f"{AT}/tags"),
    Route("POST", f"{AT}/tags", "editor", 303, {"name": "Idea"}),
    Route("POST", f"{AT}/tags/<uuid:id>", "editor", 303, {"name": "Idea"}, TAG.replace("as tag", "as id")),
    Route("POST", f"{AT}/tags/<uuid:id>/delete", "editor", 303, ids=TAG.replace("as tag", "as id")),
    Route("POST", f"{AT}/views", "editor", 303, {"name": "Open", "status": "open"}),
    Route("POST", f"{AT}/views/<uuid:id>", "editor", 303, {"name": "Mine"}, VIEW.replace("as view", "as id")),
    Route("POST", f"{AT}/views/<uuid:id>/delete", "editor", 303, ids=VIEW.replace("as view", "as id")),
]  # fmt: skip
