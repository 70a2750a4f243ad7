"""The theme of the panel: the system's, or light or dark as somebody chose in this browser."""

from quart import Blueprint, Quart, Response, request

from app.http.context import settings
from app.http.redirects import see_other
from app.panel.shared import read, signed_out

blueprint = Blueprint("theme", __name__)
COOKIE, CHOICES = "feelback-theme", ("light", "dark")
YEAR_SECONDS = 365 * 24 * 60 * 60


def install(app: Quart) -> None:
    """Give templates `theme()`."""
    app.jinja_env.globals["theme"] = theme


def theme() -> str:
    """The theme that was chosen: light or dark, or empty for the system's."""
    chosen = request.cookies.get(COOKIE, "") if request else ""
    return chosen if chosen in CHOICES else ""


@blueprint.post("/theme")
async def post_theme() -> Response:
    """Remember the theme in a cookie and return to the page."""
    form = await request.form
    chosen = read.text(form, "theme", 10)
    response = see_other(signed_out.path_of(request.headers.get("Referer", "")))
    is_https = settings().base_url.startswith("https://")
    seconds = YEAR_SECONDS if chosen in CHOICES else 0
    response.set_cookie(COOKIE, chosen, max_age=seconds, path="/", secure=is_https, httponly=True, samesite="Lax")
    return response
