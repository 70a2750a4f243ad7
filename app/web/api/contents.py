"""`/v1/projects/…/contents`: what signals are about."""

from uuid import UUID

from quart import Blueprint, Response

from app.errors import FeelbackError
from app.queries import api, content_settings, discards
from app.web.api import given, keys
from app.web.api.answers import answer, deleted, listed, told
from app.web.api.keys import account_id, acting
from app.web.canonical import canonical

blueprint = Blueprint("api_contents", __name__, url_prefix="/v1/projects/<uuid:project_id>/contents")
keys.require_key(blueprint)


@blueprint.get("")
async def get_contents(project_id: UUID) -> Response:
    """The contents of a project, in the order in which they came."""
    asked = given.query("set", "text", "archived", "cursor", "limit")
    archived, limit = given.choice(asked, "archived", "true", "false"), given.limit(asked)
    found = await api.contents(
        acting(), account_id(), project_id, given.id(asked, "set"), asked.get("text", ""),
        None if archived is None else archived == "true", given.id(asked, "cursor"), limit,
    )  # fmt: skip
    return listed(map(told, found), found[-1].id if len(found) == limit else None)


@blueprint.get("/<uuid:id>")
async def get_content(project_id: UUID, id: UUID) -> Response:
    """One content."""
    given.query()
    return await _content(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_content(project_id: UUID, id: UUID) -> Response:
    """Gives a content another key."""
    body = await given.body()
    given.only(body, "key")
    if type(body.get("key")) is not str:
        raise FeelbackError(422, "key is a text: the address of the page, or a key of yours.")
    key = await canonical(acting(), account_id(), project_id, id, body["key"])
    await content_settings.rename_content(acting(), account_id(), project_id, id, key)
    return await _content(project_id, id)


@blueprint.put("/<uuid:id>/archival")
async def put_archival(project_id: UUID, id: UUID) -> Response:
    """The content takes no more signals."""
    await content_settings.archive_content(acting(), account_id(), project_id, id)
    return await _content(project_id, id)


@blueprint.delete("/<uuid:id>/archival")
async def delete_archival(project_id: UUID, id: UUID) -> Response:
    """The content takes signals again."""
    await content_settings.restore_content(acting(), account_id(), project_id, id)
    return await _content(project_id, id)


@blueprint.delete("/<uuid:id>")
async def delete_content(project_id: UUID, id: UUID) -> Response:
    """Deletes a content with all that it was told."""
    return deleted(await discards.discard_content(acting(), account_id(), project_id, id))


async def _content(project_id: UUID, id: UUID) -> Response:
    return answer(told((await api.contents(acting(), account_id(), project_id, limit=1, id=id))[0]))
