"""`/v1/projects/…/exports`: a project's data as a file, written while it is sent."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.panel.exports import exports
from app.queries.exports import FORMATS, KINDS, ExportQuery
from app.queries.filters import DayFilter

blueprint = Blueprint("api_exports", __name__, url_prefix="/v1/projects/<uuid:project_id>/exports")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_exports(project_id: UUID) -> Response:
    """Responses, pages, windows, periods or days as CSV or JSON Lines, however many."""
    query = parameters.query("kind", "format", "widget", "placement", "option", "reason", "from", "to", "text")
    kind = parameters.choice(query, "kind", *KINDS) or "responses"
    format = parameters.choice(query, "format", *FORMATS) or "csv"
    filter = DayFilter(
        widget_id=parameters.id(query, "widget"),
        placement_id=parameters.id(query, "placement"),
        option=query.get("option", "")[:100] or None,
        reason=query.get("reason", "")[:100],
        from_day=parameters.day(query, "from"),
        to_day=parameters.day(query, "to"),
        text=query.get("text", "")[:200],
    )
    return await exports.stream(tenant(), ExportQuery(project_id, kind, format, filter))
