"""Merging a page into another: choose it, look at what it gives, merge, undo within 30 days."""

from json import loads
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import api, merges

blueprint = Blueprint("merges", __name__, url_prefix="/projects/<slug:slug>/pages/<uuid:id>")
auth.require_actor(blueprint)
MOST = 20  # pages to choose from; others are found by their address


@blueprint.get("/merge")
async def get_merge(slug: str, id: UUID) -> str:
    """The pages to choose from, by a part of their address or title."""
    project = await auth.project(slug)
    source = await api.page(auth.tenant(), project.id, id)
    text = read.text(request.args, "q", 500)
    rows = await api.pages(auth.tenant(), project.id, text, False, after_id=None, limit=MOST + 1)
    return await render_template(
        "pages/merge.html", section="Pages", project=project, source=source, q=text, most=MOST,
        pages=[row for row in rows if row.id != id][:MOST],
    )  # fmt: skip


@blueprint.get("/merge/<uuid:into>")
async def get_preview(slug: str, id: UUID, into: UUID) -> str:
    """What the merge would give."""
    project = await auth.project(slug)
    preview = await merges.merge_preview(auth.tenant(), project.id, id, into)
    return await render_template(
        "pages/merge_preview.html", section="Pages", project=project, id=id, into=into, preview=preview,
        widgets=loads(preview.widgets_json),
    )  # fmt: skip


@blueprint.post("/merge/<uuid:into>")
async def post_merge(slug: str, id: UUID, into: UUID) -> Response:
    """Merge; a page with many responses continues in the background."""
    project = await auth.project(slug)
    await merges.merge_pages(auth.tenant(), project.id, id, into)
    return see_other(f"/projects/{slug}/pages/{into}")


@blueprint.post("/unmerge")
async def post_unmerge(slug: str, id: UUID) -> Response:
    """Undo the merge of this page into another."""
    project = await auth.project(slug)
    await merges.undo_merge(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/pages/{id}")


@blueprint.get("/merges")
async def get_merges(slug: str, id: UUID) -> str:
    """The fragment of the page's merges, polled while one is in progress."""
    project = await auth.project(slug)
    return await render_template(
        "pages/_merges.html", project=project, address=f"/projects/{slug}/pages/{id}",
        merges=await merges.page_merges(auth.tenant(), project.id, id), page_id=id,
    )  # fmt: skip
