"""`/v1/projects/…/contents`: what signals are about."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.answers import answer, deleted, listed, told
from app.api.authentication import tenant
from app.api.models.management import ContentChanges
from app.http.page_keys import canonical
from app.queries import api, discards, page_settings
from app.queries.filters import PageFilter

blueprint = Blueprint("api_contents", __name__, url_prefix="/v1/projects/<uuid:project_id>/contents")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_contents(project_id: UUID) -> Response:
    """The contents of a project, in the order in which they came."""
    asked = parameters.query("set", "text", "archived", "cursor", "limit")
    archived, limit = parameters.choice(asked, "archived", "true", "false"), parameters.limit(asked)
    filter = PageFilter(
        content_set_id=parameters.id(asked, "set"),
        text=asked.get("text", ""),
        is_archived=None if archived is None else archived == "true",
    )
    found = await api.contents(tenant(), project_id, filter, after_id=parameters.id(asked, "cursor"), limit=limit)
    return listed(map(told, found), found[-1].id if len(found) == limit else None)


@blueprint.get("/<uuid:id>")
async def get_content(project_id: UUID, id: UUID) -> Response:
    """One content."""
    parameters.query()
    return await _content(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_content(project_id: UUID, id: UUID) -> Response:
    """Gives a content another key."""
    body = await parameters.body()
    parameters.model(body, ContentChanges)
    key = await canonical(tenant(), project_id, id, body["key"])
    await page_settings.rename_content(tenant(), project_id, id, key)
    return await _content(project_id, id)


@blueprint.put("/<uuid:id>/archival")
async def put_archival(project_id: UUID, id: UUID) -> Response:
    """The content takes no more signals."""
    await page_settings.archive_content(tenant(), project_id, id)
    return await _content(project_id, id)


@blueprint.delete("/<uuid:id>/archival")
async def delete_archival(project_id: UUID, id: UUID) -> Response:
    """The content takes signals again."""
    await page_settings.restore_content(tenant(), project_id, id)
    return await _content(project_id, id)


@blueprint.delete("/<uuid:id>")
async def delete_content(project_id: UUID, id: UUID) -> Response:
    """Deletes a content with all that it was told."""
    return deleted(await discards.discard_content(tenant(), project_id, id))


async def _content(project_id: UUID, id: UUID) -> Response:
    return answer(told(await api.content(tenant(), project_id, id)))
