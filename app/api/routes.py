"""All of the management API's addresses."""

from quart import Quart

from app.api import exports, pages, people, placements, projects, releases, responses, stats, v0, widgets


def install(app: Quart) -> None:
    """Register the blueprints."""
    for area in (projects, widgets, pages, releases, placements, responses, stats, exports, people, v0):
        app.register_blueprint(area.blueprint)
