"""Single signals."""

from tests.panel.permissions.cases import Route

SIGNAL = "select id from feelback where account_id = $1 and visitor is not null order by id desc limit 1"
ROUTES = [
    Route("GET", "/projects/<slug:slug>/signals"),
    Route("GET", "/projects/<slug:slug>/signals/listing"),
    Route("GET", "/projects/<slug:slug>/signals/<uuid:id>", ids=SIGNAL),
    Route("POST", "/projects/<slug:slug>/signals/<uuid:id>/deletion", "editor", 303, ids=SIGNAL),
    Route("POST", "/projects/<slug:slug>/signals/<uuid:id>/visitor-deletion", "admin", 303, ids=SIGNAL),
]
