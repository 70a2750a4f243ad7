"""`/v1/projects/…/pages`: what visitors respond on, whatever is asked there."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.management import NewMerge, PageChanges
from app.errors import FeelbackError
from app.http.page_keys import canonical
from app.queries import api, merges, page_settings
from app.queries.merges import PageMerge

blueprint = Blueprint("api_pages", __name__, url_prefix="/v1/projects/<uuid:project_id>/pages")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_pages(project_id: UUID) -> Response:
    """The pages of a project, oldest first."""
    query = parameters.query("text", "archived", "cursor", "limit")
    limit = parameters.limit(query)
    rows = await api.pages(
        tenant(), project_id, query.get("text", ""), parameters.boolean(query, "archived"),
        after_id=parameters.id(query, "cursor"), limit=limit,
    )  # fmt: skip
    return json_list(map(row_object, rows), rows[-1].id if len(rows) == limit else None)


@blueprint.get("/<uuid:id>")
async def get_page(project_id: UUID, id: UUID) -> Response:
    """One page."""
    parameters.query()
    return await _page(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_page(project_id: UUID, id: UUID) -> Response:
    """Change a page's key, its title or both."""
    body = await parameters.body()
    parameters.model(body, PageChanges)
    if not body:
        raise FeelbackError(422, "Nothing to change. Send key, title or both.")
    if "key" in body:
        await page_settings.rename_page(
            tenant(), project_id, id, await canonical(tenant(), project_id, id, body["key"])
        )
    if "title" in body:
        await page_settings.retitle_page(tenant(), project_id, id, body["title"])
    return await _page(project_id, id)


@blueprint.post("/<uuid:id>/archive")
async def post_archive(project_id: UUID, id: UUID) -> Response:
    """Archive a page: none of its widgets takes a response any more."""
    parameters.query()
    await page_settings.archive_page(tenant(), project_id, id)
    return await _page(project_id, id)


@blueprint.post("/<uuid:id>/unarchive")
async def post_unarchive(project_id: UUID, id: UUID) -> Response:
    """Unarchive a page: its widgets take responses again."""
    parameters.query()
    await page_settings.unarchive_page(tenant(), project_id, id)
    return await _page(project_id, id)


@blueprint.post("/<uuid:id>/merge")
async def post_merge(project_id: UUID, id: UUID) -> Response:
    """Merge a page into another: its address keeps collecting there. Many responses are moved in the background."""
    new = await parameters.body_as(NewMerge)
    return await _merge(project_id, await merges.merge_pages(tenant(), project_id, id, new.into))


@blueprint.post("/<uuid:id>/unmerge")
async def post_unmerge(project_id: UUID, id: UUID) -> Response:
    """Undo the merge of a page into another, within 30 days."""
    parameters.query()
    return await _merge(project_id, await merges.undo_merge(tenant(), project_id, id))


@blueprint.get("/<uuid:id>/merges")
async def get_merges(project_id: UUID, id: UUID) -> Response:
    """The merges from and into a page, with their progress."""
    parameters.query()
    return json_list(map(_merge_object, await merges.page_merges(tenant(), project_id, id)))


async def _merge(project_id: UUID, id: UUID) -> Response:
    return json_response(_merge_object(await merges.page_merge(tenant(), project_id, id)))


def _merge_object(merge: PageMerge) -> dict[str, Any]:
    return row_object(merge, "responses", rename={"source_id": "source", "target_id": "target"}) | {
        "responses": merge.responses
    }


async def _page(project_id: UUID, id: UUID) -> Response:
    return json_response(row_object(await api.page(tenant(), project_id, id)))
