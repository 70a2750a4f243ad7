"""Contents: the list of a project's, and one with its windows; rename, archive, delete."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.page_keys import canonical
from app.http.redirects import see_other
from app.panel.pages.page_choice import PAGE, PageChoice, page_choice
from app.panel.projects import trend, windows
from app.panel.projects.windows import WINDOWS
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import discards, page_settings, pages, projects, responses
from app.queries.filters import DayFilter
from app.queries.pages import Content
from app.queries.projects import Project

blueprint = Blueprint("contents", __name__, url_prefix="/projects/<slug:slug>/contents")
auth.require_actor(blueprint)
NEWEST = 10


@blueprint.get("")
async def get_contents(slug: str) -> str:
    """The contents that the address asks for."""
    shown = await _listing(slug, page_choice(request.args))
    return await render_template("pages/page.html", section="Contents", **shown)


@blueprint.get("/listing")
async def get_listing(slug: str) -> Response:
    """The list by itself; the browser shows the address of the whole page."""
    choice = page_choice(request.args)
    shown = await _listing(slug, choice)
    return Response(
        await render_template("pages/_listing.html", **shown),
        200,
        {"HX-Push-Url": shown["listing"].url(choice.page)},
    )


@blueprint.get("/<uuid:id>")
async def get_content(slug: str, id: UUID) -> str:
    """One content: a window against the one before, all rolling windows, its newest signals."""
    window = _window()
    project, seen = await pages.content(
        auth.tenant(), slug, id, window.days, window.from_day, window.to_day, with_unread=True
    )
    newest = await responses.project_feelbacks(auth.tenant(), project.id, DayFilter(content_id=id), limit=NEWEST)
    return await render_template(
        "pages/content.html", section="Contents", signals=newest, **_shown(project, window, seen)
    )


@blueprint.get("/<uuid:id>/window")
async def get_window(slug: str, id: UUID) -> Response:
    """What of a content depends on the window, by itself; the browser shows the address of the whole page."""
    window = _window()
    project, seen = await pages.content(auth.tenant(), slug, id, window.days, window.from_day, window.to_day)
    shown = _shown(project, window, seen)
    text = await render_template("pages/_window.html", **shown)
    return Response(text, 200, {"HX-Push-Url": f"{shown['address']}{window.query}"})


@blueprint.post("/<uuid:id>/key")
async def post_key(slug: str, id: UUID) -> Response:
    """Gives a content another key."""
    project = await _project(slug)
    key = await canonical(auth.tenant(), project.id, id, read.text(await request.form, "key", 2048))
    await page_settings.rename_content(auth.tenant(), project.id, id, key)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/archival")
async def post_archival(slug: str, id: UUID) -> Response:
    """Archives a content: it takes no signals from now on."""
    project = await _project(slug)
    await page_settings.archive_content(auth.tenant(), project.id, id)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/restoration")
async def post_restoration(slug: str, id: UUID) -> Response:
    """Takes a content out of the archive."""
    project = await _project(slug)
    await page_settings.restore_content(auth.tenant(), project.id, id)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/deletion")
async def post_deletion(slug: str, id: UUID) -> Response:
    """Deletes a content with all that was told about it."""
    project = await _project(slug)
    await discards.discard_content(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/contents")


async def _project(slug: str) -> Project:
    return await projects.project(auth.tenant(), slug)


def _window() -> windows.Window:
    """The window asked for; a content has no hours."""
    return windows.asked({**request.args, "window": request.args.get("window", "").replace("24h", "7d") or "30d"})


def _to(slug: str, id: UUID) -> Response:
    return see_other(f"/projects/{slug}/contents/{id}")


def _shown(project: Project, window: windows.Window, seen: Content) -> dict[str, object]:
    return {
        "project": project,
        "content": seen,
        "overview": seen,
        "window": window,
        "windows": {name: each for name, each in WINDOWS.items() if name != "24h"},
        "address": f"/projects/{project.slug}/contents/{seen.id}",
        "trend": trend.drawn(seen.trend.unit, seen.trend.starts, [seen.parts]),
        "sets": [],
    }


async def _listing(slug: str, choice: PageChoice) -> dict[str, Any]:
    project = await _project(slug)
    rows = await pages.project_contents(
        auth.tenant(),
        project.id,
        choice.filter,
        days=choice.days,
        sort=choice.sort,
        is_rising=choice.is_rising,
        limit=PAGE,
        offset=(choice.page - 1) * PAGE,
    )
    path, total = f"/projects/{project.slug}/contents", rows[0].found if rows else 0
    return {
        "project": project,
        "choice": choice,
        "sets": await responses.set_choices(auth.tenant(), project.id),
        "contents": rows,
        "listing": Listing(path, choice.query, choice.page, PAGE, total),
    }
