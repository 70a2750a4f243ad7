"""All of the management API's addresses."""

from quart import Quart

from app.api import exports, pages, people, projects, responses, stats, v0, widgets


def install(app: Quart) -> None:
    """Registers them."""
    for area in (projects, widgets, pages, responses, stats, exports, people, v0):
        app.register_blueprint(area.blueprint)
