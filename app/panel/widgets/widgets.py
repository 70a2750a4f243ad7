"""The widgets of a project, and one with its results by page."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.panel.shared import auth, fragments, read
from app.panel.shared.filters import Filter
from app.panel.shared.paging import Listing
from app.queries import deletions, reasons, seen_counts, widget_settings, widgets
from app.queries.projects import Project

blueprint = Blueprint("widgets", __name__, url_prefix="/projects/<slug:slug>/widgets")
auth.require_actor(blueprint)
PAGE = 25
MOST_PAGES = 4000


@blueprint.get("")
async def get_widgets(slug: str) -> str:
    project = await auth.project(slug)
    rows = await widget_settings.widget_settings(auth.tenant(), project.id)
    by_id = {each.id: each for each in await deletions.deletions(auth.tenant(), project.id)}
    return await render_template("widgets/list.html", section="Widgets", project=project, widgets=rows, deletions=by_id)


@blueprint.get("/<uuid:id>")
async def get_widget(slug: str, id: UUID) -> str:
    project = await auth.project(slug)
    context = {**await _listing(slug, id), **await _figures(project, id)}
    return await render_template("widgets/page.html", section="Widgets", project=project, **context)


@blueprint.get("/<uuid:id>/figures")
async def get_figures(slug: str, id: UUID) -> str:
    """The fragment with the widget's totals, views, options and reasons."""
    project = await auth.project(slug)
    widget = await widgets.widget(auth.tenant(), slug, id)
    context = await _figures(project, id)
    return await render_template("widgets/_figures.html", project=project, widget=widget, **context)


@blueprint.get("/<uuid:id>/pages")
async def get_pages(slug: str, id: UUID) -> Response:
    """The fragment with the widget's pages. The browser shows the URL of the whole page."""
    context = await _listing(slug, id)
    listing = context["listing"]
    text = await render_template("widgets/_placements.html", **context)
    return fragments.fragment(text, listing.url(listing.page), "HX-Replace-Url")


async def _figures(project: Project, id: UUID) -> dict[str, Any]:
    groups = await reasons.widget_reasons(auth.tenant(), project.id, id)
    views = await seen_counts.seen_counts(auth.tenant(), project.id, "all", widget_id=id)
    return {"reasons": groups, "any_filter": Filter(), "views": {each.widget_id: each for each in views}}


async def _listing(slug: str, id: UUID) -> dict[str, Any]:
    widget = await widgets.widget(auth.tenant(), slug, id)
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, MOST_PAGES)
    placements = await widgets.widget_placements(auth.tenant(), id, search, PAGE, (page - 1) * PAGE)
    path, total = f"/projects/{slug}/widgets/{id}", placements[0].row_count if placements else 0
    listing = Listing(path, {"q": search}, page, PAGE, total)
    return {"widget": widget, "placements": placements, "search": search, "listing": listing}
