"""The list of projects and a project's overview."""

from quart import Blueprint, Response, render_template, request

from app.panel.projects import trend, windows
from app.panel.projects.windows import WINDOWS
from app.panel.shared import auth
from app.queries import overview, projects
from app.queries.overview import ProjectWindow

blueprint = Blueprint("projects", __name__)
auth.require_actor(blueprint)


@blueprint.get("/projects")
async def get_projects() -> str:
    return await render_template("projects/list.html", projects=await projects.account_projects(auth.tenant()))


@blueprint.get("/projects/<slug:slug>")
async def get_overview(slug: str) -> str:
    window = windows.from_query(request.args)
    project, figures = await overview.project_overview(auth.tenant(), slug, window.days, window.from_day, window.to_day)
    return await render_template(
        "projects/overview.html",
        project=project,
        section="Overview",
        window=window,
        windows=WINDOWS,
        address=f"/projects/{slug}",
        **_context(figures),
    )


@blueprint.get("/projects/<slug:slug>/window")
async def get_window(slug: str) -> Response:
    """The overview's fragment that depends on the window. The browser shows the URL of the whole page."""
    window = windows.from_query(request.args)
    project, figures = await overview.project_window(auth.tenant(), slug, window.days, window.from_day, window.to_day)
    text = await render_template(
        "projects/_window.html",
        project=project,
        window=window,
        windows=WINDOWS,
        address=f"/projects/{slug}",
        **_context(figures),
    )
    return Response(text, 200, {"HX-Push-Url": f"/projects/{slug}{window.query}"})


async def landing_url(actor: auth.Actor) -> str:
    """URL to open after sign-in: the only project, the form for the first one, or the list."""
    rows = await projects.account_projects(auth.tenant())
    if not rows and actor.membership.role in ("owner", "admin"):
        return "/projects/new"
    return f"/projects/{rows[0].slug}" if len(rows) == 1 else "/projects"


def _context(figures: ProjectWindow) -> dict[str, object]:
    widgets, starts = figures.widgets, figures.trend
    return {
        "overview": figures,
        "widgets": widgets,
        "trend": trend.build(starts.unit, starts.starts, [each.trend for each in widgets]),
    }
