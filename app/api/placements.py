"""`/v1/projects/…/placements`: a widget on a page, with its counts."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import deletion, json_list, json_response, row_object
from app.queries import api, deletions
from app.queries.filters import PageFilter

blueprint = Blueprint("api_placements", __name__, url_prefix="/v1/projects/<uuid:project_id>/placements")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_placements(project_id: UUID) -> Response:
    """The placements of a project, oldest first."""
    query = parameters.query("widget", "text", "archived", "cursor", "limit")
    limit = parameters.limit(query)
    filter = PageFilter(
        widget_id=parameters.id(query, "widget"), text=query.get("text", ""),
        is_archived=parameters.boolean(query, "archived"),
    )  # fmt: skip
    rows = await api.placements(tenant(), project_id, filter, after_id=parameters.id(query, "cursor"), limit=limit)
    return json_list(map(_object, rows), rows[-1].id if len(rows) == limit else None)


@blueprint.get("/<uuid:id>")
async def get_placement(project_id: UUID, id: UUID) -> Response:
    """One placement."""
    parameters.query()
    return json_response(_object(await api.placement(tenant(), project_id, id)))


@blueprint.delete("/<uuid:id>")
async def delete_placement(project_id: UUID, id: UUID) -> Response:
    """Delete a placement with its responses. Its page goes with its last placement."""
    parameters.query()
    return deletion(await deletions.delete_placement(tenant(), project_id, id))


def _object(row: api.PlacementRow) -> dict[str, object]:
    return row_object(row, rename={"key": "page"})
