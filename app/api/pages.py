"""`/v1/projects/…/pages`: what visitors respond on, whatever is asked there."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.management import PageChanges
from app.errors import FeelbackError
from app.http.page_keys import canonical
from app.queries import api, page_settings

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
    await page_settings.archive_page(tenant(), project_id, id)
    return await _page(project_id, id)


@blueprint.post("/<uuid:id>/unarchive")
async def post_unarchive(project_id: UUID, id: UUID) -> Response:
    """Unarchive a page: its widgets take responses again."""
    await page_settings.unarchive_page(tenant(), project_id, id)
    return await _page(project_id, id)


async def _page(project_id: UUID, id: UUID) -> Response:
    return json_response(row_object(await api.page(tenant(), project_id, id)))
