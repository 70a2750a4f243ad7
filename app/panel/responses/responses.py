"""Responses of a project: filtered list, detail, delete."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.redirects import see_other
from app.panel.responses.response_list import PAGE, ResponseList, day_filter, response_filter
from app.panel.shared import auth, filters, fragments, read
from app.panel.shared.filters import id_of
from app.queries import projects, responses

blueprint = Blueprint("responses", __name__, url_prefix="/projects/<slug:slug>/responses")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_responses(slug: str) -> str:
    project = await auth.project(slug)
    deleted_count = read.number(request.args, "deleted", 0, 0, 10**9)
    listing = await _listing(project)
    return await render_template(
        "responses/page.html", section="Responses", deleted_count=deleted_count, **_context(project, listing)
    )


@blueprint.get("/listing")
async def get_listing(slug: str) -> Response:
    """The list's fragment. The browser shows the URL of the whole page."""
    project = await auth.project(slug)
    listing = await _listing(project)
    text = await render_template("responses/_listing.html", **_context(project, listing))
    return fragments.fragment(text, listing.own_url)


@blueprint.get("/<uuid:id>")
async def get_response(slug: str, id: UUID) -> str:
    """One response with its context and edit history."""
    project = await auth.project(slug)
    response = await responses.response(auth.tenant(), project.id, id)
    return await render_template("responses/response.html", project=project, section="Responses", response=response)


@blueprint.post("/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await responses.delete_project_response(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/responses?deleted=1")


@blueprint.post("/<uuid:id>/delete-visitor")
async def post_delete_visitor(slug: str, id: UUID) -> Response:
    """Delete all responses of this response's visitor."""
    project = await auth.project(slug)
    count = await responses.delete_visitor(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/responses?deleted={count}")


async def _listing(project: projects.Project) -> ResponseList:
    before_id = id_of(request.args, "before")
    filter = await filters.labelled(project, response_filter(request.args))
    widgets = await responses.widget_choices(auth.tenant(), project.id)
    rows = await responses.project_responses(
        auth.tenant(), project.id, await day_filter(project, filter), before_id=before_id, limit=PAGE + 1
    )
    return ResponseList(project.slug, filter, before_id, widgets, rows[:PAGE], len(rows) > PAGE)


def _context(project: projects.Project, listing: ResponseList) -> dict[str, object]:
    filter = listing.filter
    return {
        "project": project,
        "listing": listing,
        "filter": filter,
        "url_filter": filter,
        "address": f"/projects/{project.slug}/responses",
    }
