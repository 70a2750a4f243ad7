"""Exports."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.exports import EXPORT

ID = EXPORT.replace("as export", "as id")
ROUTES = [
    Route("GET", "/projects/<slug:slug>/exports"),
    Route("GET", "/projects/<slug:slug>/exports/list"),
    Route("POST", "/projects/<slug:slug>/exports", status=303, form={"kind": "days", "format": "csv"}),
    Route("GET", "/projects/<slug:slug>/exports/file"),
    Route("GET", "/projects/<slug:slug>/exports/<uuid:id>/file", ids=ID.replace("1 from project", "0 from project")),
    Route("POST", "/projects/<slug:slug>/exports/<uuid:id>/delete", "editor", 303, ids=ID),
]
