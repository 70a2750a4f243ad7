"""Integrate: snippets, setup checker, allowing a site."""

from tests.panel.permissions.cases import Route

AT = "/projects/<slug:slug>/integrate"
ROUTES = [
    Route("GET", AT),
    Route("GET", f"{AT}/setup", status=404),  # without a widget
    Route("POST", f"{AT}/origins", "admin", 303, {"origin": "https://new.example"}),
]
