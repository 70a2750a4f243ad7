"""Signals: every single feelback of a project, filtered; one with its context and history; deleting."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.redirects import see_other
from app.panel.responses.response_list import PAGE, ResponseList, id_of, response_filter
from app.panel.shared import auth, read
from app.queries import projects, responses

blueprint = Blueprint("signals", __name__, url_prefix="/projects/<slug:slug>/signals")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_signals(slug: str) -> str:
    """The newest signals that the address asks for."""
    project = await projects.project(auth.tenant(), slug)
    gone = read.number(request.args, "deleted", 0, 0, 10**9)
    listing = await _listing(project)
    return await render_template("responses/page.html", project=project, section="Signals", listing=listing, gone=gone)


@blueprint.get("/listing")
async def get_listing(slug: str) -> Response:
    """The list by itself; the browser shows the address of the whole page."""
    project = await projects.project(auth.tenant(), slug)
    listing = await _listing(project)
    text = await render_template("responses/_listing.html", project=project, listing=listing)
    return Response(text, 200, {"HX-Push-Url": listing.url()})


@blueprint.get("/<uuid:id>")
async def get_signal(slug: str, id: UUID) -> str:
    """One signal: what it says, of what, in which context, and what it said before."""
    project = await projects.project(auth.tenant(), slug)
    signal = await responses.feelback(auth.tenant(), project.id, id)
    return await render_template("responses/signal.html", project=project, section="Signals", signal=signal)


@blueprint.post("/<uuid:id>/deletion")
async def post_deletion(slug: str, id: UUID) -> Response:
    """Deletes one signal."""
    project = await projects.project(auth.tenant(), slug)
    await responses.discard_feelback(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/signals?deleted=1")


@blueprint.post("/<uuid:id>/visitor-deletion")
async def post_visitor_deletion(slug: str, id: UUID) -> Response:
    """Deletes all signals of one's visitor."""
    project = await projects.project(auth.tenant(), slug)
    gone = await responses.discard_visitor(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/signals?deleted={gone}")


async def _listing(project: projects.Project) -> ResponseList:
    filter, before_id = response_filter(request.args), id_of(request.args, "before")
    sets = await responses.set_choices(auth.tenant(), project.id)
    rows = await responses.project_feelbacks(auth.tenant(), project.id, filter, before_id=before_id, limit=PAGE + 1)
    return ResponseList(project.slug, filter, before_id, sets, rows[:PAGE], len(rows) > PAGE)
