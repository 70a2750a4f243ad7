"""`/v1/projects/…/exports`: a project's data as a file, written while it is sent."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.panel.exports import exports
from app.queries.exports import FORMATS, KINDS, Wanted
from app.queries.filters import DayFilter

blueprint = Blueprint("api_exports", __name__, url_prefix="/v1/projects/<uuid:project_id>/exports")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_exports(project_id: UUID) -> Response:
    """Responses, pages, windows, periods or days as CSV or JSON Lines, however many."""
    asked = parameters.query("kind", "format", "widget", "placement", "option", "from", "to", "text")
    kind = parameters.choice(asked, "kind", *KINDS) or "responses"
    format = parameters.choice(asked, "format", *FORMATS) or "csv"
    filter = DayFilter(
        widget_id=parameters.id(asked, "widget"),
        placement_id=parameters.id(asked, "placement"),
        option=asked.get("option", "")[:100] or None,
        from_day=parameters.day(asked, "from"),
        to_day=parameters.day(asked, "to"),
        text=asked.get("text", "")[:200],
    )
    return await exports.stream(tenant(), Wanted(project_id, kind, format, filter))
