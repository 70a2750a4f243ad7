"""Creating a project: its site, name and time zone."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import project_settings
from app.text import slugs

blueprint = Blueprint("new_project", __name__, url_prefix="/projects")
auth.require_actor(blueprint)
# The field that an error is about, by words of its message; all others are about the name.
FIELDS = (("is not an origin", "site"), ("time zone", "time_zone"))


@blueprint.get("/new")
async def get_new_project() -> str:
    return await _page({}, {})


@blueprint.post("")
async def post_project() -> Response:
    """Create the project and go on to its first widget, or show the form with what is wrong."""
    form = await request.form
    site = read.text(form, "site", 300)
    name, zone = read.text(form, "name", 200) or slugs.site_name(site)[:200], read.text(form, "time_zone", 64) or "UTC"
    if not name:
        return Response(await _page(form, {"site": "Enter the address of your site, or a name."}), 422)
    origins = slugs.site_origins(site) if site else []
    try:
        id = await project_settings.create_named_project(auth.tenant(), name, slugs.slug(name), zone, origins)
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        field = next((field for words, field in FIELDS if words in error.message), "name")
        return Response(await _page(form, {field: error.text}), error.status)
    (project,) = await project_settings.project_settings(auth.tenant(), id)
    return see_other(f"/projects/{project.slug}/widgets/new")


async def _page(form: dict[str, str], errors: dict[str, str]) -> str:
    return await render_template("projects/new.html", form=form, errors=errors, zones=slugs.time_zones())
