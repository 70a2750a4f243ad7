"""The inbox."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.messages import ACT, ADDRESS, MESSAGE, NOTE, TAG, VIEW

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
    Route("GET", f"{AT}/tags"),
    Route("POST", f"{AT}/tags", "editor", 303, {"name": "Idea"}),
    Route("POST", f"{AT}/tags/<uuid:id>", "editor", 303, {"name": "Idea"}, TAG.replace("as tag", "as id")),
    Route("POST", f"{AT}/tags/<uuid:id>/delete", "editor", 303, ids=TAG.replace("as tag", "as id")),
    Route("POST", f"{AT}/views", "editor", 303, {"name": "Open", "status": "open"}),
    Route("POST", f"{AT}/views/<uuid:id>", "editor", 303, {"name": "Mine"}, VIEW.replace("as view", "as id")),
    Route("POST", f"{AT}/views/<uuid:id>/delete", "editor", 303, ids=VIEW.replace("as view", "as id")),
]  # fmt: skip
