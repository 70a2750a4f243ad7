"""Integrate: what goes on pages, the setup checker, and a site that may send by a press of a button."""

from tests.panel.permissions.cases import Route

AT = "/projects/<slug:slug>/integrate"
ROUTES = [
    Route("GET", AT),
    Route("GET", f"{AT}/setup", status=404),  # without a widget; tests/panel/integrate/test_integrate.py asks for one
    Route("POST", f"{AT}/origins", "admin", 303, {"origin": "https://walk.example"}),
]
