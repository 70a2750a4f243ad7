"""The panel and the public pages: what people see in a browser."""

from quart import Quart

from app.config import ROOT, Settings
from app.web import csrf, demo, errors, headers, health, projects, render, sets, sign_in
from app.web.attempts import Attempts
from app.web.converters import Slug


def create_app(settings: Settings) -> Quart:
    """The Quart application; whoever runs it puts the database's pool at `extensions["pool"]`."""
    app = Quart(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = settings.limit_body_bytes
    app.config["BODY_TIMEOUT"] = settings.limit_body_seconds
    app.extensions["settings"] = settings
    app.extensions["attempts"] = Attempts(enabled=settings.limits)
    app.url_map.converters["slug"] = Slug
    for part in (headers, csrf, render, errors):
        part.install(app)
    for area in (health, sign_in, projects, sets, demo):
        app.register_blueprint(area.blueprint)
    return app
