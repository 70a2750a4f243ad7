"""Releases of a project: list, create, delete; each with the pages that it touches, before and after."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import releases
from app.queries.projects import Project

blueprint = Blueprint("releases", __name__, url_prefix="/projects/<slug:slug>/releases")
auth.require_actor(blueprint)
MOST, MOST_PAGES = 50, 100


@blueprint.get("")
async def get_releases(slug: str) -> str:
    """The releases, the latest first, and the form for a new one."""
    return await _page(await auth.project(slug), {}, "")


@blueprint.post("")
async def post_release(slug: str) -> Response:
    """Create a release; its own screen is next."""
    project, form = await auth.project(slug), await request.form
    lines = (read.text({"line": line}, "line", 501) for line in form.get("pages", "").splitlines())
    try:
        id = await releases.create_release(
            auth.tenant(),
            project.id,
            read.text(form, "name", 101),
            released_at=_time(form, project.time_zone),
            link=read.text(form, "link", 2001) or None,
            patterns=[line for line in lines if line] or ["*"],
        )
    except FeelbackError as error:
        if error.status != 422:
            raise
        return Response(await _page(project, form, error.text), 422)
    return see_other(f"/projects/{slug}/releases/{id}")


@blueprint.get("/<uuid:id>")
async def get_release(slug: str, id: UUID) -> str:
    """A release, and each page that it touches before and after."""
    project = await auth.project(slug)
    release = await releases.release(auth.tenant(), project.id, id)
    figures = await releases.release_figures(auth.tenant(), project.id, release_id=id, limit=MOST_PAGES)
    return await render_template(
        "releases/release.html",
        section="Releases",
        project=project,
        release=release,
        released_at=release.released_at.astimezone(ZoneInfo(project.time_zone)),
        figures=figures,
        most=MOST_PAGES,
    )


@blueprint.post("/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Delete a release; what was counted stays."""
    project = await auth.project(slug)
    await releases.delete_release(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/releases")


async def _page(project: Project, form: Mapping[str, str], wrong: str) -> str:
    after_id = read.uuid(request.args, "after")
    rows = await releases.releases(auth.tenant(), project.id, after_id=after_id, limit=MOST + 1)
    return await render_template(
        "releases/page.html",
        section="Releases",
        project=project,
        releases=rows[:MOST],
        is_first=after_id is None,
        next_id=rows[MOST - 1].id if len(rows) > MOST else None,
        form=form,
        wrong=wrong,
    )


def _time(form: Mapping[str, str], zone: str) -> datetime | None:
    text = read.text(form, "time", 30)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise FeelbackError(422, "The time must be a date and a time, as in 2026-08-03T14:30.") from None
