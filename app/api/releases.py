"""`/v1/projects/…/releases`: changes of a website or an app, which charts show."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.releases import NewRelease
from app.queries import releases
from app.queries.releases import Release

blueprint = Blueprint("api_releases", __name__, url_prefix="/v1/projects/<uuid:project_id>/releases")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_releases(project_id: UUID) -> Response:
    """The releases of a project, the latest first."""
    query = parameters.query("cursor", "limit")
    limit = parameters.limit(query)
    rows = await releases.releases(tenant(), project_id, after_id=parameters.id(query, "cursor"), limit=limit)
    return json_list(map(_object, rows), rows[-1].id if len(rows) == limit else None)


@blueprint.post("")
async def post_release(project_id: UUID) -> Response:
    """A new release; a second call with the same name and time answers with the first one's."""
    new = await parameters.body_as(NewRelease)
    id = await releases.create_release(
        tenant(), project_id, new.name, released_at=new.time or None, link=new.link or None, patterns=new.pages or ["*"]
    )
    return json_response(_object(await releases.release(tenant(), project_id, id)), 201)


@blueprint.get("/<uuid:id>")
async def get_release(project_id: UUID, id: UUID) -> Response:
    """One release."""
    parameters.query()
    return json_response(_object(await releases.release(tenant(), project_id, id)))


@blueprint.delete("/<uuid:id>")
async def delete_release(project_id: UUID, id: UUID) -> Response:
    """Delete a release; what was counted stays."""
    parameters.query()
    await releases.delete_release(tenant(), project_id, id)
    return Response("", 204)


def _object(release: Release) -> dict[str, Any]:
    return row_object(release, rename={"released_at": "time", "patterns": "pages"})
