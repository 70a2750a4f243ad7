"""The inbox. There is no listener in these tests, so its stream of events answers 503."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.messages import ACT, MESSAGE

ID = MESSAGE.replace("as message", "as id")
ROUTES = [
    Route("GET", "/projects/<slug:slug>/inbox"),
    Route("GET", "/projects/<slug:slug>/inbox/arrivals"),
    Route("GET", "/projects/<slug:slug>/inbox/events", status=503),
    Route("GET", "/projects/<slug:slug>/inbox/<uuid:id>", ids=ID),
    Route("POST", "/projects/<slug:slug>/inbox/actions", "editor", 303, {"action": "read"}),
    Route(
        "POST", "/projects/<slug:slug>/inbox/actions/<uuid:id>/undo", "editor", 303, ids=ACT.replace("as act", "as id")
    ),
]
