"""The list of projects and a project's overview."""

from quart import Blueprint, Response, render_template, request

from app.panel.projects import start, trend
from app.panel.shared import auth, filters, fragments
from app.panel.shared.filters import Filter
from app.queries import overview, projects
from app.queries.overview import ProjectWindow
from app.queries.projects import Project

blueprint = Blueprint("projects", __name__)
auth.require_actor(blueprint)


@blueprint.get("/projects")
async def get_projects() -> str:
    return await render_template("projects/list.html", projects=await projects.account_projects(auth.tenant()))


@blueprint.get("/projects/<slug:slug>")
async def get_overview(slug: str) -> str:
    url_filter = filters.from_query(request.args)
    project, labels, figures = await overview.project_overview(auth.tenant(), slug, url_filter.counts)
    if not figures.responses_ever:
        return await start.page(project)
    await filters.check_origin(project, url_filter)
    await filters.remember(project, url_filter)
    context = _context(project, url_filter.for_screen(project, labels), figures)
    return await render_template(
        "projects/overview.html", section="Overview", url_filter=url_filter, newest=figures.newest, **context
    )


@blueprint.get("/projects/<slug:slug>/started")
async def get_started(slug: str) -> Response:
    """For the checklist, which polls: reload once the first response is counted, which takes up to a minute."""
    project = await auth.project(slug)
    rows = await projects.account_projects(auth.tenant())
    is_counted = any(row.responses for row in rows if row.slug == project.slug)
    return Response("", 200, {"HX-Refresh": "true"}) if is_counted else Response("", 204)


@blueprint.get("/projects/<slug:slug>/window")
async def get_window(slug: str) -> Response:
    """The overview's fragment that depends on the window. The browser shows the URL of the whole page."""
    url_filter, screen_filter = filters.from_query(request.args), filters.from_query(fragments.shown_query())
    project, labels, figures = await overview.project_window(auth.tenant(), slug, screen_filter.counts)
    await filters.check_origin(project, url_filter)
    if not fragments.is_update():
        await filters.remember(project, url_filter)
    context = _context(project, screen_filter.for_screen(project, labels), figures)
    text = await render_template("projects/_window.html", url_filter=url_filter, **context)
    return fragments.fragment(text, f"/projects/{slug}{url_filter.query}")


async def landing_url(actor: auth.Actor) -> str:
    """URL to open after sign-in: the only project, the form for the first one, or the list."""
    rows = await projects.account_projects(auth.tenant())
    if not rows and actor.membership.role in ("owner", "admin"):
        return "/projects/new"
    return f"/projects/{rows[0].slug}" if len(rows) == 1 else "/projects"


def _context(project: Project, filter: Filter, figures: ProjectWindow) -> dict[str, object]:
    widgets, starts = figures.widgets, figures.trend
    return {
        "project": project,
        "filter": filter,
        "address": f"/projects/{project.slug}",
        "overview": figures,
        "widgets": widgets,
        "trend": trend.build(starts, [each.trend for each in widgets], figures.shift, project.time_zone),
    }
