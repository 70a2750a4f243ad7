"""Deleting a project. Requires a fresh confirmation and the project's name."""

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import deletions
from app.queries.projects import Project

blueprint = Blueprint("project_deletion", __name__, url_prefix="/projects/<slug:slug>/delete")
auth.require_confirmation(blueprint, back="/projects", in_account=True)


@blueprint.get("")
async def get_delete(slug: str) -> str:
    return await _page(await _project(slug), "")


@blueprint.post("")
async def post_delete(slug: str) -> Response:
    """Delete the project if its name was typed. A large one is deleted in the background."""
    project = await _project(slug)
    if read.text(await request.form, "name", 200) != project.name:
        return Response(await _page(project, "Type the project’s name exactly as it is shown."), 422)
    is_deleted = await deletions.delete_project(auth.tenant(), project.id)
    return see_other("/projects" if is_deleted else f"/projects/{slug}/settings")


async def _project(slug: str) -> Project:
    project = await auth.project(slug)
    if project.role not in ("owner", "admin"):
        raise FeelbackError(403, "Only admins and the owner can delete a project.", hint="Ask one of them.")
    return project


async def _page(project: Project, wrong: str) -> str:
    return await render_template("project_settings/delete.html", section="Settings", project=project, wrong=wrong)
