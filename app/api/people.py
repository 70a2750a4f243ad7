"""`/v1/projects/…`: who is told of a project and works on it, which keys it has, and what it refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, row_object
from app.queries import api, api_keys, members

blueprint = Blueprint("api_people", __name__, url_prefix="/v1/projects/<uuid:project_id>")
authentication.require_key(blueprint)
MOST_MEMBERS = 1000


@blueprint.get("/members")
async def get_members(project_id: UUID) -> Response:
    """The members of the account, the owner first."""
    parameters.query()
    await api_keys.api_keys(tenant(), project_id)  # 404 where the project is not the key's
    rows = await members.members(tenant(), "", MOST_MEMBERS, 0)
    return json_list(row_object(row, "is_actor", "row_count") for row in rows)


@blueprint.get("/api-keys")
async def get_api_keys(project_id: UUID) -> Response:
    """The API keys of a project, without their secrets."""
    parameters.query()
    return json_list(map(row_object, await api_keys.api_keys(tenant(), project_id)))


@blueprint.get("/recap-recipients")
async def get_recap_recipients(project_id: UUID) -> Response:
    """Who outside the account gets recaps; for write keys."""
    parameters.query()
    return json_list(map(row_object, await api.recap_recipients(tenant(), project_id)))


@blueprint.get("/refusals")
async def get_refusals(project_id: UUID) -> Response:
    """What was refused, by reason and origin; of the last 30 days where nothing else is said."""
    query = parameters.query("from", "to")
    until = parameters.time(query, "to") or datetime.now(UTC)
    since = parameters.time(query, "from") or until - timedelta(days=30)
    return json_list(map(row_object, await api.refusals(tenant(), project_id, since, until)))
