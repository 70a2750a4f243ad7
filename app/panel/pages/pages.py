"""Pages: list, rename, archive; placements: detail and delete."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from app.http.page_keys import canonical
from app.http.redirects import see_other
from app.panel.pages.page_choice import PAGE, PageChoice, page_choice
from app.panel.projects import trend, windows
from app.panel.projects.windows import WINDOWS
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import deletions, page_settings, pages, projects, responses
from app.queries.filters import DayFilter
from app.queries.pages import Placement
from app.queries.projects import Project

blueprint = Blueprint("pages", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
NEWEST = 10


@blueprint.get("/pages")
async def get_pages(slug: str) -> str:
    context = await _listing(slug, page_choice(request.args))
    return await render_template("pages/page.html", section="Pages", **context)


@blueprint.get("/pages/listing")
async def get_listing(slug: str) -> Response:
    """The list's fragment. The browser shows the URL of the whole page."""
    choice = page_choice(request.args)
    context = await _listing(slug, choice)
    return Response(
        await render_template("pages/_listing.html", **context),
        200,
        {"HX-Push-Url": context["listing"].url(choice.page)},
    )


@blueprint.get("/placements/<uuid:id>")
async def get_placement(slug: str, id: UUID) -> str:
    """A widget on a page: the chosen window, all rolling windows and the newest responses."""
    window = _window()
    project, placement = await pages.placement(
        auth.tenant(), slug, id, window.days, window.from_day, window.to_day, with_unread=True
    )
    newest = await responses.project_responses(auth.tenant(), project.id, DayFilter(placement_id=id), limit=NEWEST)
    return await render_template(
        "pages/placement.html", section="Pages", responses=newest, **_context(project, window, placement)
    )


@blueprint.get("/placements/<uuid:id>/window")
async def get_window(slug: str, id: UUID) -> Response:
    """The fragment that depends on the window. The browser shows the URL of the whole page."""
    window = _window()
    project, placement = await pages.placement(auth.tenant(), slug, id, window.days, window.from_day, window.to_day)
    context = _context(project, window, placement)
    text = await render_template("pages/_window.html", **context)
    return Response(text, 200, {"HX-Push-Url": f"{context['address']}{window.query}"})


@blueprint.post("/pages/<uuid:id>/rename")
async def post_rename(slug: str, id: UUID) -> Response:
    project = await _project(slug)
    key = await canonical(auth.tenant(), project.id, id, read.text(await request.form, "page", 2048))
    await page_settings.rename_page(auth.tenant(), project.id, id, key)
    return _back(slug, await request.form)


@blueprint.post("/pages/<uuid:id>/archive")
async def post_archive(slug: str, id: UUID) -> Response:
    """Archive a page on all its widgets."""
    project = await _project(slug)
    await page_settings.archive_page(auth.tenant(), project.id, id)
    return _back(slug, await request.form)


@blueprint.post("/pages/<uuid:id>/unarchive")
async def post_unarchive(slug: str, id: UUID) -> Response:
    project = await _project(slug)
    await page_settings.unarchive_page(auth.tenant(), project.id, id)
    return _back(slug, await request.form)


@blueprint.post("/placements/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Delete the responses of one widget on a page; the page goes with its last placement."""
    project = await _project(slug)
    await deletions.delete_placement(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages")


async def _project(slug: str) -> Project:
    return await projects.project(auth.tenant(), slug)


def _window() -> windows.Window:
    # Placements have no hourly figures, so 24 hours becomes 7 days.
    return windows.from_query({**request.args, "window": request.args.get("window", "").replace("24h", "7d") or "30d"})


def _back(slug: str, form: MultiDict[str, str]) -> Response:
    # A page has a screen for each of its placements: go back to the one with the form.
    placement_id = read.uuid(form, "placement")
    return see_other(f"/projects/{slug}/" + (f"placements/{placement_id}" if placement_id else "pages"))


def _context(project: Project, window: windows.Window, placement: Placement) -> dict[str, object]:
    return {
        "project": project,
        "placement": placement,
        "overview": placement,
        "window": window,
        "windows": {name: each for name, each in WINDOWS.items() if name != "24h"},
        "address": f"/projects/{project.slug}/placements/{placement.id}",
        "trend": trend.build(placement.trend.unit, placement.trend.starts, [placement.parts]),
        "widgets": [],
    }


async def _listing(slug: str, choice: PageChoice) -> dict[str, Any]:
    project = await _project(slug)
    rows = await pages.project_placements(
        auth.tenant(),
        project.id,
        choice.filter,
        days=choice.days,
        sort=choice.sort,
        is_rising=choice.is_rising,
        limit=PAGE,
        offset=(choice.page - 1) * PAGE,
    )
    path, total = f"/projects/{project.slug}/pages", rows[0].row_count if rows else 0
    return {
        "project": project,
        "choice": choice,
        "widgets": await responses.widget_choices(auth.tenant(), project.id),
        "placements": rows,
        "listing": Listing(path, choice.query, choice.page, PAGE, total),
    }
