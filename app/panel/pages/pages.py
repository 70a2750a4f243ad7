"""Pages: the list, a page's own screen, rename, archive; delete the responses of a widget on a page."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from quart import Blueprint, Response, render_template, request

from app.http.page_keys import canonical
from app.http.redirects import see_other
from app.panel.pages import passages
from app.panel.pages.page_choice import PAGE, SORTS, page_choice
from app.panel.projects import trend
from app.panel.shared import auth, filters, fragments, read
from app.panel.shared.paging import Listing
from app.queries import deletions, merges, page_settings, pages, releases, seen_counts
from app.text.page_keys import origin

blueprint = Blueprint("pages", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
MOST_RELEASES = 5  # on a page's screen


@blueprint.get("/pages")
async def get_pages(slug: str) -> str | Response:
    """The list; a filter by page leads to the page's own screen."""
    page_id = read.uuid(request.args, "page")
    if page_id:
        rest = urlencode({name: value for name, value in request.args.items() if name != "page"})
        return see_other(f"/projects/{slug}/pages/{page_id}" + (f"?{rest}" if rest else ""))
    return await render_template("pages/page.html", section="Pages", **await _listing(slug))


@blueprint.get("/pages/listing")
async def get_listing(slug: str) -> Response:
    """The list's fragment. The browser shows the URL of the whole page."""
    context = await _listing(slug)
    text = await render_template("pages/_listing.html", **context)
    return Response(text, 200, {"HX-Push-Url": context["listing"].url(context["choice"].page)})


@blueprint.get("/pages/<uuid:id>")
async def get_page(slug: str, id: UUID) -> Response:
    """A page: all its widgets in a window, its newest messages, what is said of passages, its earlier addresses."""
    context = await _page(slug, id, with_messages=True)
    rows = await merges.page_merges(auth.tenant(), context["project"].id, id)
    latest = await releases.release_figures(auth.tenant(), context["project"].id, page_id=id, limit=MOST_RELEASES)
    context |= await passages.sections(context["project"].id, id)
    context |= {
        "releases": latest,
        "merges": rows,
        "page_id": id,
        "is_merged": any(each.source_id == id and each.state in ("merging", "merged") for each in rows),
    }
    text = await render_template("pages/overview.html", section="Pages", **context)
    # static/passages.js asks the page, which it opens.
    return Response(text, 200, {"Cross-Origin-Opener-Policy": "same-origin-allow-popups"})


@blueprint.get("/pages/<uuid:id>/window")
async def get_window(slug: str, id: UUID) -> Response:
    """The fragment that depends on the window. The browser shows the URL of the whole page."""
    context = await _page(slug, id, with_messages=False)
    text = await render_template("pages/_window.html", **context)
    return fragments.fragment(text, f"{context['address']}{context['url_filter'].query}")


@blueprint.get("/placements/<uuid:id>")
async def get_placement(slug: str, id: UUID) -> Response:
    """Redirect to the page of a placement, filtered by its widget."""
    project = await auth.project(slug)
    page_id, widget_id = await pages.placement_page(auth.tenant(), project.id, id)
    window = filters.from_query(request.args).window.values
    query = urlencode({name: value for name, value in (window | {"widget": str(widget_id)}).items() if value})
    return see_other(f"/projects/{slug}/pages/{page_id}?{query}")


@blueprint.post("/pages/<uuid:id>/rename")
async def post_rename(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    key = await canonical(auth.tenant(), project.id, id, read.text(await request.form, "page", 2048))
    await page_settings.rename_page(auth.tenant(), project.id, id, key)
    return see_other(f"/projects/{slug}/pages/{id}")


@blueprint.post("/pages/<uuid:id>/archive")
async def post_archive(slug: str, id: UUID) -> Response:
    """Archive a page on all its widgets."""
    project = await auth.project(slug)
    await page_settings.archive_page(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages/{id}")


@blueprint.post("/pages/<uuid:id>/unarchive")
async def post_unarchive(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await page_settings.unarchive_page(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages/{id}")


@blueprint.post("/placements/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Delete the responses of one widget on a page; the page goes with its last placement."""
    project = await auth.project(slug)
    await deletions.delete_placement(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages")


async def _page(slug: str, id: UUID, *, with_messages: bool) -> dict[str, Any]:
    url_filter, screen_filter = (
        replace(filters.from_query({**query, "page": str(id)}), origin="", is_of_page=True)
        for query in (request.args, fragments.shown_query())
    )
    project, labels, figures = await pages.page_overview(
        auth.tenant(), slug, screen_filter.counts, with_messages=with_messages
    )
    if not fragments.is_update():
        await filters.remember(project, url_filter)
    starts, widgets = figures.trend, figures.widgets
    filter = screen_filter.for_screen(project, labels)
    window = filter.window
    views = await seen_counts.seen_counts(
        auth.tenant(), project.id, window.name, window.from_day, window.to_day, page_id=id
    )
    return {
        "project": project,
        "url_filter": url_filter,
        "filter": filter,
        "views": {each.widget_id: each for each in views},
        "address": f"/projects/{slug}/pages/{id}",
        "origin": origin(figures.key),
        "page": figures,
        "overview": figures,
        "newest": figures.newest if with_messages else [],
        "widgets": widgets,
        "reasons": figures.reasons,
        "trend": trend.build(starts, [each.trend for each in widgets], figures.shift, project.time_zone),
    }


async def _listing(slug: str) -> dict[str, Any]:
    choice = page_choice(request.args)
    project, labels, rows = await pages.page_list(
        auth.tenant(),
        slug,
        choice.filter.counts,
        choice.pages,
        sort=choice.sort,
        is_rising=choice.is_rising,
        limit=PAGE,
        offset=(choice.page - 1) * PAGE,
    )
    await filters.check_origin(project, choice.filter)
    await filters.remember(project, choice.filter)
    today = datetime.now(ZoneInfo(project.time_zone)).date()
    origins = [origin(row.key) for row in rows]
    return {
        "project": project,
        "choice": choice,
        "url_filter": choice.filter,
        "filter": choice.filter.for_screen(project, labels),
        "address": f"/projects/{slug}/pages",
        "sorts": SORTS,
        "pages": rows,
        "days": (rows[0].from_day, rows[0].to_day) if rows else None,
        "sparks": [trend.spark(row.trend, row.from_day, row.to_day, today) for row in rows],
        # Of one site, its name would only repeat itself.
        "origins": origins if len({*origins} - {"none"}) > 1 else [],
        "listing": Listing(
            f"/projects/{slug}/pages", choice.query, choice.page, PAGE, rows[0].row_count if rows else 0
        ),
    }
