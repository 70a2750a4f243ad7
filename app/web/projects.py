"""The list of projects, and the overview of one."""

from typing import cast

from quart import Blueprint, Response, redirect, render_template

from app.queries import projects
from app.web import auth, trend

blueprint = Blueprint("projects", __name__)
auth.require_actor(blueprint)


@blueprint.get("/")
async def get_start() -> Response:
    """Leads to the only project, or to the list."""
    found = await projects.account_projects(auth.acting(), auth.actor().account_id)
    return cast(Response, redirect(f"/projects/{found[0].slug}" if len(found) == 1 else "/projects", 303))


@blueprint.get("/projects")
async def get_projects() -> str:
    """The list of the account's projects."""
    found = await projects.account_projects(auth.acting(), auth.actor().account_id)
    return await render_template("projects/list.html", projects=found)


@blueprint.get("/projects/<slug:slug>")
async def get_overview(slug: str) -> str:
    """How a project does: the last 30 days against the 30 before."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    overview = await projects.project_overview(auth.acting(), auth.actor().account_id, slug)
    drawn = trend.drawn(overview.trend)
    return await render_template(
        "projects/overview.html", project=project, section="Overview", overview=overview, trend=drawn
    )
