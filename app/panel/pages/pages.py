"""Contents: the list of a project's, and one with its windows; rename, archive, delete."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.page_keys import canonical
from app.http.redirects import see_other
from app.panel.pages.page_listing import PAGE, Listing, asked
from app.panel.projects import trend, windows
from app.panel.projects.windows import WINDOWS
from app.panel.shared import auth, read
from app.queries import discards, page_settings, pages, projects, responses
from app.queries.pages import Content
from app.queries.projects import Project

blueprint = Blueprint("contents", __name__, url_prefix="/projects/<slug:slug>/contents")
auth.require_actor(blueprint)
NEWEST = 10


@blueprint.get("")
async def get_contents(slug: str) -> str:
    """The contents that the address asks for."""
    project = await _project(slug)
    listing = await _listing(project)
    return await render_template("pages/page.html", project=project, section="Contents", listing=listing)


@blueprint.get("/listing")
async def get_listing(slug: str) -> Response:
    """The list by itself; the browser shows the address of the whole page."""
    project = await _project(slug)
    listing = await _listing(project)
    text = await render_template("pages/_listing.html", project=project, listing=listing)
    return Response(text, 200, {"HX-Push-Url": listing.url(page=listing.wanted.page)})


@blueprint.get("/<uuid:id>")
async def get_content(slug: str, id: UUID) -> str:
    """One content: a window against the one before, all rolling windows, its newest signals."""
    window, account_id = _window(), auth.actor().account_id
    project, seen = await pages.content(
        auth.acting(), account_id, slug, id, window.days, window.from_day, window.to_day, with_unread=True
    )
    newest = await responses.project_feelbacks(
        auth.acting(), account_id, project.id, None, id, None, None, None, "", None, NEWEST
    )
    return await render_template(
        "pages/content.html", section="Contents", signals=newest, **_shown(project, window, seen)
    )


@blueprint.get("/<uuid:id>/window")
async def get_window(slug: str, id: UUID) -> Response:
    """What of a content depends on the window, by itself; the browser shows the address of the whole page."""
    window = _window()
    project, seen = await pages.content(
        auth.acting(), auth.actor().account_id, slug, id, window.days, window.from_day, window.to_day
    )
    shown = _shown(project, window, seen)
    text = await render_template("pages/_window.html", **shown)
    return Response(text, 200, {"HX-Push-Url": f"{shown['address']}{window.query}"})


@blueprint.post("/<uuid:id>/key")
async def post_key(slug: str, id: UUID) -> Response:
    """Gives a content another key."""
    project = await _project(slug)
    account_id = auth.actor().account_id
    key = await canonical(auth.acting(), account_id, project.id, id, read.text(await request.form, "key", 2048))
    await page_settings.rename_content(auth.acting(), account_id, project.id, id, key)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/archival")
async def post_archival(slug: str, id: UUID) -> Response:
    """Archives a content: it takes no signals from now on."""
    project = await _project(slug)
    await page_settings.archive_content(auth.acting(), auth.actor().account_id, project.id, id)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/restoration")
async def post_restoration(slug: str, id: UUID) -> Response:
    """Takes a content out of the archive."""
    project = await _project(slug)
    await page_settings.restore_content(auth.acting(), auth.actor().account_id, project.id, id)
    return _to(slug, id)


@blueprint.post("/<uuid:id>/deletion")
async def post_deletion(slug: str, id: UUID) -> Response:
    """Deletes a content with all that was told about it."""
    project = await _project(slug)
    await discards.discard_content(auth.acting(), auth.actor().account_id, project.id, id)
    return see_other(f"/projects/{slug}/contents")


async def _project(slug: str) -> Project:
    return await projects.project(auth.acting(), auth.actor().account_id, slug)


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


async def _listing(project: Project) -> Listing:
    wanted = asked(request.args)
    acting, account_id = auth.acting(), auth.actor().account_id
    sets = await responses.set_choices(acting, account_id, project.id)
    found = await pages.project_contents(
        acting,
        account_id,
        project.id,
        wanted.days,
        wanted.content_set_id,
        wanted.text,
        wanted.sort,
        wanted.is_rising,
        wanted.is_archived,
        PAGE,
        (wanted.page - 1) * PAGE,
    )
    return Listing(project.slug, wanted, sets, found)
