"""The content sets of a project; and one, what it was told, content by content."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import discards, projects, widget_settings, widgets

blueprint = Blueprint("sets", __name__, url_prefix="/projects/<slug:slug>/sets")
auth.require_actor(blueprint)
PAGE = 25
MOST_PAGES = 4000


@blueprint.get("")
async def get_sets(slug: str) -> str:
    """The list of sets."""
    project = await projects.project(auth.tenant(), slug)
    found = await widget_settings.set_settings(auth.tenant(), project.id)
    going = await discards.deletions(auth.tenant(), project.id)
    return await render_template(
        "widgets/list.html", section="Sets", project=project, sets=found, going={each.id: each for each in going}
    )


@blueprint.get("/<uuid:id>")
async def get_set(slug: str, id: UUID) -> str:
    """A set's page."""
    project = await projects.project(auth.tenant(), slug)
    return await render_template("widgets/page.html", section="Sets", project=project, **await _listing(slug, id))


@blueprint.get("/<uuid:id>/contents")
async def get_contents(slug: str, id: UUID) -> Response:
    """The list of a set's contents by itself; the browser shows the address of the whole page."""
    shown = await _listing(slug, id)
    listing = shown["listing"]
    headers = {"HX-Replace-Url": listing.url(listing.page)}
    return Response(await render_template("widgets/_contents.html", **shown), 200, headers)


async def _listing(slug: str, id: UUID) -> dict[str, Any]:
    content_set = await widgets.content_set(auth.tenant(), slug, id)
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, MOST_PAGES)
    contents = await widgets.set_contents(auth.tenant(), id, search, PAGE, (page - 1) * PAGE)
    path, total = f"/projects/{slug}/sets/{id}", contents[0].found if contents else 0
    listing = Listing(path, {"q": search}, page, PAGE, total)
    return {"set": content_set, "contents": contents, "search": search, "listing": listing}
