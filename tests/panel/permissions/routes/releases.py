"""Releases."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.releases import RELEASE as NEW_RELEASE

RELEASE = NEW_RELEASE.replace(" as release", " as id")
AT = "/projects/<slug:slug>/releases"
ROUTES = [
    Route("GET", AT),
    Route("POST", AT, "editor", 303, {"name": "v2"}),
    Route("GET", f"{AT}/<uuid:id>", ids=RELEASE),
    Route("POST", f"{AT}/<uuid:id>/delete", "editor", 303, ids=RELEASE),
]
