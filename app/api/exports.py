"""`/v1/projects/…/exports`: a project's data as a file, written while it is sent."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import account_id, acting
from app.panel.exports import exports
from app.queries.exports import FORMATS, KINDS, Wanted

blueprint = Blueprint("api_exports", __name__, url_prefix="/v1/projects/<uuid:project_id>/exports")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_exports(project_id: UUID) -> Response:
    """Signals, contents, windows, periods or days as CSV or JSON Lines, however many."""
    asked = parameters.query("kind", "format", "set", "content", "option", "from", "to", "text")
    wanted = Wanted(
        account_id(), project_id, parameters.choice(asked, "kind", *KINDS) or "feelbacks",
        parameters.choice(asked, "format", *FORMATS) or "csv",
        parameters.id(asked, "set"), parameters.id(asked, "content"),
        asked.get("option", "")[:100], parameters.day(asked, "from"), parameters.day(asked, "to"),
        asked.get("text", "")[:200],
    )  # fmt: skip
    return await exports.streamed(acting(), wanted)
