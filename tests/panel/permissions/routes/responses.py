"""Responses."""

from tests.panel.permissions.cases import Route

RESPONSE = "select id from response where account_id = $1 and visitor is not null order by id desc limit 1"
ROUTES = [
    Route("GET", "/projects/<slug:slug>/responses"),
    Route("GET", "/projects/<slug:slug>/responses/listing"),
    Route("GET", "/projects/<slug:slug>/responses/<uuid:id>", ids=RESPONSE),
    Route("POST", "/projects/<slug:slug>/responses/<uuid:id>/delete", "editor", 303, ids=RESPONSE),
    Route("POST", "/projects/<slug:slug>/responses/<uuid:id>/delete-visitor", "admin", 303, ids=RESPONSE),
]
