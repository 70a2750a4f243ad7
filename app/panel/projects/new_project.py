"""Creating a project: its name, site and time zone."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import project_settings
from app.text import slugs

blueprint = Blueprint("new_project", __name__, url_prefix="/projects")
auth.require_actor(blueprint)


@blueprint.get("/new")
async def get_new_project() -> str:
    return await _page({}, "")


@blueprint.post("")
async def post_project() -> Response:
    """Create the project and go on to its first widget, or show the form with what is wrong."""
    form = await request.form
    name, site = read.text(form, "name", 200), read.text(form, "site", 300)
    slug, zone = slugs.slug(name), read.text(form, "time_zone", 64) or "UTC"
    origins = [slugs.origin(site)] if site else []
    try:
        await project_settings.create_project(auth.tenant(), name, slug, zone, origins)
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        return Response(await _page(form, f"{error.message} {error.data.get('hint', '')}".rstrip()), error.status)
    return see_other(f"/projects/{slug}/widgets/new")


async def _page(form: dict[str, str], wrong: str) -> str:
    return await render_template("projects/new.html", form=form, wrong=wrong, zones=slugs.time_zones())
