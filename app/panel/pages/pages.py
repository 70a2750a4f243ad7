"""Pages: the list of a project's, and one with its windows; rename, archive, delete."""

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
from app.queries import deletes, page_settings, pages, projects, responses
from app.queries.filters import DayFilter
from app.queries.pages import Placement
from app.queries.projects import Project

blueprint = Blueprint("pages", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
NEWEST = 10


@blueprint.get("/pages")
async def get_pages(slug: str) -> str:
    """The pages that the address asks for."""
    shown = await _listing(slug, page_choice(request.args))
    return await render_template("pages/page.html", section="Pages", **shown)


@blueprint.get("/pages/listing")
async def get_listing(slug: str) -> Response:
    """The list by itself; the browser shows the address of the whole page."""
    choice = page_choice(request.args)
    shown = await _listing(slug, choice)
    return Response(
        await render_template("pages/_listing.html", **shown),
        200,
        {"HX-Push-Url": shown["listing"].url(choice.page)},
    )


@blueprint.get("/placements/<uuid:id>")
async def get_placement(slug: str, id: UUID) -> str:
    """A widget on a page: a window against the one before, all rolling windows, its newest responses."""
    window = _window()
    project, seen = await pages.placement(
        auth.tenant(), slug, id, window.days, window.from_day, window.to_day, with_unread=True
    )
    newest = await responses.project_responses(auth.tenant(), project.id, DayFilter(placement_id=id), limit=NEWEST)
    return await render_template(
        "pages/placement.html", section="Pages", responses=newest, **_shown(project, window, seen)
    )


@blueprint.get("/placements/<uuid:id>/window")
async def get_window(slug: str, id: UUID) -> Response:
    """What of a page depends on the window, by itself; the browser shows the address of the whole page."""
    window = _window()
    project, seen = await pages.placement(auth.tenant(), slug, id, window.days, window.from_day, window.to_day)
    shown = _shown(project, window, seen)
    text = await render_template("pages/_window.html", **shown)
    return Response(text, 200, {"HX-Push-Url": f"{shown['address']}{window.query}"})


@blueprint.post("/pages/<uuid:id>/rename")
async def post_rename(slug: str, id: UUID) -> Response:
    """Gives a page another key."""
    project = await _project(slug)
    key = await canonical(auth.tenant(), project.id, id, read.text(await request.form, "page", 2048))
    await page_settings.rename_page(auth.tenant(), project.id, id, key)
    return _to(slug, await request.form)


@blueprint.post("/pages/<uuid:id>/archive")
async def post_archive(slug: str, id: UUID) -> Response:
    """Archives a page: it takes no responses from now on."""
    project = await _project(slug)
    await page_settings.archive_page(auth.tenant(), project.id, id)
    return _to(slug, await request.form)


@blueprint.post("/pages/<uuid:id>/unarchive")
async def post_unarchive(slug: str, id: UUID) -> Response:
    """Takes a page out of the archive."""
    project = await _project(slug)
    await page_settings.unarchive_page(auth.tenant(), project.id, id)
    return _to(slug, await request.form)


@blueprint.post("/placements/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Deletes what one widget collected on a page; the page goes with its last widget."""
    project = await _project(slug)
    await deletes.delete_placement(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages")


async def _project(slug: str) -> Project:
    return await projects.project(auth.tenant(), slug)


def _window() -> windows.Window:
    """The window asked for; a page has no hours."""
    return windows.asked({**request.args, "window": request.args.get("window", "").replace("24h", "7d") or "30d"})


def _to(slug: str, form: MultiDict[str, str]) -> Response:
    # A page has a screen for each widget on it: back to the one that the form was on.
    placement_id = read.uuid(form, "placement")
    return see_other(f"/projects/{slug}/" + (f"placements/{placement_id}" if placement_id else "pages"))


def _shown(project: Project, window: windows.Window, seen: Placement) -> dict[str, object]:
    return {
        "project": project,
        "placement": seen,
        "overview": seen,
        "window": window,
        "windows": {name: each for name, each in WINDOWS.items() if name != "24h"},
        "address": f"/projects/{project.slug}/placements/{seen.id}",
        "trend": trend.drawn(seen.trend.unit, seen.trend.starts, [seen.parts]),
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
    path, total = f"/projects/{project.slug}/pages", rows[0].found if rows else 0
    return {
        "project": project,
        "choice": choice,
        "widgets": await responses.widget_choices(auth.tenant(), project.id),
        "placements": rows,
        "listing": Listing(path, choice.query, choice.page, PAGE, total),
    }
