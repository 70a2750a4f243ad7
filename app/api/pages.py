"""`/v1/projects/…/pages`: what responses are about."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.answers import answer, deleted, listed, told
from app.api.authentication import tenant
from app.api.models.management import PlacementChanges
from app.http.page_keys import canonical
from app.queries import api, deletes, page_settings
from app.queries.filters import PageFilter

blueprint = Blueprint("api_placements", __name__, url_prefix="/v1/projects/<uuid:project_id>/pages")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_pages(project_id: UUID) -> Response:
    """The pages of a project, in the order in which they came."""
    asked = parameters.query("widget", "text", "archived", "cursor", "limit")
    archived, limit = parameters.choice(asked, "archived", "true", "false"), parameters.limit(asked)
    filter = PageFilter(
        widget_id=parameters.id(asked, "widget"),
        text=asked.get("text", ""),
        is_archived=None if archived is None else archived == "true",
    )
    found = await api.placements(tenant(), project_id, filter, after_id=parameters.id(asked, "cursor"), limit=limit)
    return listed(map(told, found), found[-1].id if len(found) == limit else None)


@blueprint.get("/<uuid:id>")
async def get_page(project_id: UUID, id: UUID) -> Response:
    """One page."""
    parameters.query()
    return await _placement(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_placement(project_id: UUID, id: UUID) -> Response:
    """Gives a page another key."""
    body = await parameters.body()
    parameters.model(body, PlacementChanges)
    key = await canonical(tenant(), project_id, id, body["key"])
    await page_settings.rename_page(tenant(), project_id, id, key)
    return await _placement(project_id, id)


@blueprint.put("/<uuid:id>/archive")
async def post_archive(project_id: UUID, id: UUID) -> Response:
    """The page takes no more responses."""
    await page_settings.archive_page(tenant(), project_id, id)
    return await _placement(project_id, id)


@blueprint.delete("/<uuid:id>/archive")
async def post_unarchive(project_id: UUID, id: UUID) -> Response:
    """The page takes responses again."""
    await page_settings.unarchive_page(tenant(), project_id, id)
    return await _placement(project_id, id)


@blueprint.delete("/<uuid:id>")
async def delete_placement(project_id: UUID, id: UUID) -> Response:
    """Deletes a page with all that it was told."""
    return deleted(await deletes.delete_placement(tenant(), project_id, id))


async def _placement(project_id: UUID, id: UUID) -> Response:
    return answer(told(await api.placement(tenant(), project_id, id)))
