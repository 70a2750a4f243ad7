"""`/v1/projects/…/widgets/…/follow-ups`: what a widget asks after an option was chosen."""

import dataclasses
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_response
from app.api.models.follow_ups import NewFollowUps
from app.queries import follow_ups

blueprint = Blueprint(
    "api_follow_ups", __name__, url_prefix="/v1/projects/<uuid:project_id>/widgets/<uuid:id>/follow-ups"
)
authentication.require_key(blueprint)


@blueprint.get("")
async def get_follow_ups(project_id: UUID, id: UUID) -> Response:
    """The follow-ups of a widget."""
    parameters.query()
    return await _follow_ups(project_id, id)


@blueprint.put("")
async def put_follow_ups(project_id: UUID, id: UUID) -> Response:
    """Gives a widget these follow-ups; a reason that is left out is archived."""
    body = await parameters.body()
    parameters.model(body, NewFollowUps)
    await follow_ups.update_follow_ups(tenant(), project_id, id, body["followUps"])
    return await _follow_ups(project_id, id)


async def _follow_ups(project_id: UUID, id: UUID) -> Response:
    rows = await follow_ups.follow_ups(tenant(), project_id, id)
    return json_response({"followUps": [dataclasses.asdict(row) for row in rows]})
