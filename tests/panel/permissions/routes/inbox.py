"""The inbox."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.messages import ACT, MESSAGE

ID = MESSAGE.replace("as message", "as id")
ROUTES = [
    Route("GET", "/projects/<slug:slug>/inbox"),
    Route("GET", "/projects/<slug:slug>/inbox/arrivals"),
    Route("GET", "/projects/<slug:slug>/inbox/count"),
    Route("GET", "/projects/<slug:slug>/inbox/<uuid:id>", ids=ID),
    Route("POST", "/projects/<slug:slug>/inbox/actions", "editor", 303, {"action": "read"}),
    Route(
        "POST", "/projects/<slug:slug>/inbox/actions/<uuid:id>/undo", "editor", 303, ids=ACT.replace("as act", "as id")
    ),
]
