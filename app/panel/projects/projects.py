"""The list of projects, and the overview of one."""

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
    """The list of the account's projects."""
    found = await projects.account_projects(auth.tenant())
    return await render_template("projects/list.html", projects=found)


@blueprint.get("/projects/<slug:slug>")
async def get_overview(slug: str) -> str:
    """How a project does: a window against the one before, what leads, what is new, what needs attention."""
    window = windows.asked(request.args)
    project, seen = await overview.project_overview(auth.tenant(), slug, window.days, window.from_day, window.to_day)
    return await render_template(
        "projects/overview.html",
        project=project,
        section="Overview",
        window=window,
        windows=WINDOWS,
        address=f"/projects/{slug}",
        **_shown(seen),
    )


@blueprint.get("/projects/<slug:slug>/window")
async def get_window(slug: str) -> Response:
    """What of the overview depends on the window, by itself; the browser shows the address of the whole page."""
    window = windows.asked(request.args)
    project, seen = await overview.project_window(auth.tenant(), slug, window.days, window.from_day, window.to_day)
    text = await render_template(
        "projects/_window.html",
        project=project,
        window=window,
        windows=WINDOWS,
        address=f"/projects/{slug}",
        **_shown(seen),
    )
    return Response(text, 200, {"HX-Push-Url": f"/projects/{slug}{window.query}"})


async def start(actor: auth.Actor) -> str:
    """Where who is signed in begins: at their only project, or at the list; who may make the first one, at that."""
    found = await projects.account_projects(auth.tenant())
    if not found and actor.membership.role in ("owner", "admin"):
        return "/projects/new"
    return f"/projects/{found[0].slug}" if len(found) == 1 else "/projects"


def _shown(seen: ProjectWindow) -> dict[str, object]:
    widgets, starts = seen.widgets, seen.trend
    return {
        "overview": seen,
        "widgets": widgets,
        "trend": trend.drawn(starts.unit, starts.starts, [each.trend for each in widgets]),
    }
