"""Deleting many pages at once, such as made-up ones: choose by site and URL, look at them, delete."""

import contextlib
from datetime import UTC, datetime

from quart import Blueprint, Response, render_template, request

from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import deletions, page_deletions
from app.queries.projects import Project

blueprint = Blueprint("page_deletion", __name__, url_prefix="/projects/<slug:slug>/pages/delete")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_delete(slug: str) -> str:
    """The form, and of a choice the number of pages and the newest of them."""
    project = await auth.project(slug)
    return await _page(project, read.text(request.args, "origin", 2048), read.text(request.args, "pattern", 500))


@blueprint.post("")
async def post_delete(slug: str) -> Response:
    """Delete the pages of a choice that were there when it was shown."""
    project, form = await auth.project(slug), await request.form
    until = datetime.fromtimestamp(0, UTC)
    with contextlib.suppress(ValueError, OverflowError):  # the first and last years have no UTC in other zones
        until = datetime.fromisoformat(form.get("until", "")).astimezone(UTC)
    origin, pattern = read.text(form, "origin", 2048), read.text(form, "pattern", 500)
    count = await page_deletions.delete_pages(auth.tenant(), project.id, origin, pattern, until)
    return see_other(f"/projects/{slug}/pages/delete?deleted={count}")


async def _page(project: Project, origin: str, pattern: str) -> str:
    until = datetime.now(UTC)
    matches = []
    if origin or pattern:
        matches = await page_deletions.matching_pages(auth.tenant(), project.id, origin, pattern, until)
    return await render_template(
        "pages/delete.html", section="Pages", project=project, origin=origin, pattern=pattern, matches=matches,
        until=until.isoformat(), origins=await page_deletions.page_origins(auth.tenant(), project.id),
        deletions=await deletions.deletions(auth.tenant(), project.id),
        deleted=read.number(request.args, "deleted", -1, 0, 10**9), may=project.role in ("owner", "admin"),
    )  # fmt: skip
