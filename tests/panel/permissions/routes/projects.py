"""The list of projects, the overview, a widget. Without a listener the stream of events answers 503."""

from tests.panel.permissions.cases import Route

WIDGET = "select id from widget where account_id = $1 and type = 'updown'"
ROUTES = [
    Route("GET", "/projects"),
    Route("GET", "/find"),
    Route("GET", "/find/list"),
    Route("GET", "/projects/<slug:slug>"),
    Route("GET", "/projects/<slug:slug>/started"),
    Route("GET", "/projects/<slug:slug>/window"),
    Route("GET", "/projects/<slug:slug>/events", status=503),
    Route("GET", "/projects/<slug:slug>/newest"),
    Route("GET", "/projects/<slug:slug>/widgets/<uuid:id>", ids=WIDGET),
    Route("GET", "/projects/<slug:slug>/widgets/<uuid:id>/figures", ids=WIDGET),
    Route("GET", "/projects/<slug:slug>/widgets/<uuid:id>/pages", ids=WIDGET),
]
