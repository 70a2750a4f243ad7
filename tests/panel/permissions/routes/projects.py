"""The list of projects, the overview, a content set."""

from tests.panel.permissions.cases import Route

SET = "select id from content_set where account_id = $1 and type = 'updown'"
ROUTES = [
    Route("GET", "/projects"),
    Route("GET", "/projects/<slug:slug>"),
    Route("GET", "/projects/<slug:slug>/window"),
    Route("GET", "/projects/<slug:slug>/sets/<uuid:id>", ids=SET),
    Route("GET", "/projects/<slug:slug>/sets/<uuid:id>/contents", ids=SET),
]
