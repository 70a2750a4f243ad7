"""Signals: every single feelback of a project, filtered; one with its context and history; deleting."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.redirects import see_other
from app.panel.responses.response_filter import PAGE, Filter, Listing, asked
from app.panel.shared import auth, read
from app.queries import projects, responses

blueprint = Blueprint("signals", __name__, url_prefix="/projects/<slug:slug>/signals")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_signals(slug: str) -> str:
    """The newest signals that the address asks for."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    gone = read.number(request.args, "deleted", 0, 0, 10**9)
    listing = await _listing(project, asked(request.args))
    return await render_template("responses/page.html", project=project, section="Signals", listing=listing, gone=gone)


@blueprint.get("/listing")
async def get_listing(slug: str) -> Response:
    """The list by itself; the browser shows the address of the whole page."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    listing = await _listing(project, asked(request.args))
    text = await render_template("responses/_listing.html", project=project, listing=listing)
    return Response(text, 200, {"HX-Push-Url": listing.url()})


@blueprint.get("/<uuid:id>")
async def get_signal(slug: str, id: UUID) -> str:
    """One signal: what it says, of what, in which context, and what it said before."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    signal = await responses.feelback(auth.acting(), auth.actor().account_id, project.id, id)
    return await render_template("responses/signal.html", project=project, section="Signals", signal=signal)


@blueprint.post("/<uuid:id>/deletion")
async def post_deletion(slug: str, id: UUID) -> Response:
    """Deletes one signal."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    await responses.discard_feelback(auth.acting(), auth.actor().account_id, project.id, id)
    return see_other(f"/projects/{slug}/signals?deleted=1")


@blueprint.post("/<uuid:id>/visitor-deletion")
async def post_visitor_deletion(slug: str, id: UUID) -> Response:
    """Deletes all signals of one's visitor."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    gone = await responses.discard_visitor(auth.acting(), auth.actor().account_id, project.id, id)
    return see_other(f"/projects/{slug}/signals?deleted={gone}")


async def _listing(project: projects.Project, wanted: Filter) -> Listing:
    acting, account_id = auth.acting(), auth.actor().account_id
    sets = await responses.set_choices(acting, account_id, project.id)
    found = await responses.project_feelbacks(
        acting,
        account_id,
        project.id,
        wanted.content_set_id,
        wanted.content_id,
        wanted.option or None,
        wanted.from_day,
        wanted.to_day,
        wanted.text,
        wanted.before_id,
        PAGE + 1,
    )
    return Listing(project.slug, wanted, sets, found[:PAGE], len(found) > PAGE)
