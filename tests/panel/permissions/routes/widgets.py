"""Widgets of a project: create, update, archive, delete."""

from tests.panel.permissions.cases import Route

WIDGET = "select id from widget where account_id = $1 and type = 'reaction'"
AT = "/projects/<slug:slug>/widgets"
NEW = {"type": "yesno", "name": "New", "value-0": "y", "value-1": "n", "edit_seconds": "3600"}
CHANGES = {"type": "reaction", "name": "Changed", "visitor_policy": "open", "edit_seconds": ""}
ROUTES = [
    Route("GET", AT),
    Route("GET", f"{AT}/new"),
    Route("POST", AT, "editor", 303, NEW),
    Route("GET", f"{AT}/<uuid:id>/settings", ids=WIDGET),
    Route("POST", f"{AT}/<uuid:id>/settings", "editor", 303, CHANGES, WIDGET),
    Route("POST", f"{AT}/<uuid:id>/archive", "editor", 303, ids=WIDGET),
    Route("POST", f"{AT}/<uuid:id>/unarchive", "editor", 303, ids=WIDGET),
    Route("POST", f"{AT}/<uuid:id>/delete", "admin", 303, ids=WIDGET),
]
