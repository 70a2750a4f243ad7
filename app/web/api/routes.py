"""All of the management API's addresses."""

from quart import Quart

from app.web.api import contents, exports, feelbacks, people, projects, sets, stats, v0


def install(app: Quart) -> None:
    """Registers them."""
    for area in (projects, sets, contents, feelbacks, stats, exports, people, v0):
        app.register_blueprint(area.blueprint)
