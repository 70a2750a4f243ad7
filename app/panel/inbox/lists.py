"""The tags and the saved views of a project's inbox: created, renamed and deleted."""

from collections.abc import Awaitable
from dataclasses import replace
from uuid import UUID

from quart import Blueprint, Response, flash, get_flashed_messages, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.inbox.inbox import project_filter
from app.panel.shared import auth, read
from app.queries import saved_views, triage
from app.queries.projects import Project

blueprint = Blueprint("inbox_lists", __name__, url_prefix="/projects/<slug:slug>/inbox")
auth.require_actor(blueprint)


@blueprint.get("/tags")
async def get_tags(slug: str) -> str:
    """The tags and the saved views, each with the forms to change it."""
    return await _page(await auth.project(slug))


@blueprint.post("/tags")
async def post_tag(slug: str) -> Response:
    project, form = await auth.project(slug), await request.form
    name = read.text(form, "name", 41)
    return await _done(project, triage.create_tag(auth.tenant(), project.id, name), "Tag created")


@blueprint.post("/tags/<uuid:id>")
async def post_tag_name(slug: str, id: UUID) -> Response:
    project, form = await auth.project(slug), await request.form
    name = read.text(form, "name", 41)
    return await _done(project, triage.update_tag(auth.tenant(), project.id, id, name), "Tag renamed")


@blueprint.post("/tags/<uuid:id>/delete")
async def post_tag_deletion(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    return await _done(project, triage.delete_tag(auth.tenant(), project.id, id), "Tag deleted")


@blueprint.post("/views")
async def post_view(slug: str) -> Response:
    """Save the filter of the form by a name, and show what it leaves in."""
    project, form = await auth.project(slug), await request.form
    filter = replace(await project_filter(project, form), before=None)
    await saved_views.create_saved_view(auth.tenant(), project.id, read.text(form, "name", 61), filter.query)
    await flash("View saved")
    return see_other(filter.url())


@blueprint.post("/views/<uuid:id>")
async def post_view_name(slug: str, id: UUID) -> Response:
    project, form = await auth.project(slug), await request.form
    name = read.text(form, "name", 61)
    return await _done(project, saved_views.update_saved_view(auth.tenant(), project.id, id, name), "View renamed")


@blueprint.post("/views/<uuid:id>/delete")
async def post_view_deletion(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    return await _done(project, saved_views.delete_saved_view(auth.tenant(), project.id, id), "View deleted")


async def _done(project: Project, change: Awaitable[object], result: str) -> Response:
    """The page with the result of a change, or with what is wrong with it."""
    try:
        await change
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        return Response(await _page(project, error.text), error.status)
    await flash(result)
    return see_other(f"/projects/{project.slug}/inbox/tags")


async def _page(project: Project, wrong: str = "") -> str:
    return await render_template(
        "inbox/tags.html",
        project=project,
        section="Inbox",
        tags=await triage.tags(auth.tenant(), project.id),
        saved_views=await saved_views.saved_views(auth.tenant(), project.id),
        wrong=wrong,
        result="" if wrong else next(iter(get_flashed_messages()), ""),
    )
