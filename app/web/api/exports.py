"""`/v1/projects/…/exports`: a project's data as a file, written while it is sent."""

from uuid import UUID

from quart import Blueprint, Response

from app.queries.exports import FORMATS, KINDS, Wanted
from app.web import exports
from app.web.api import given, keys
from app.web.api.keys import account_id, acting

blueprint = Blueprint("api_exports", __name__, url_prefix="/v1/projects/<uuid:project_id>/exports")
keys.require_key(blueprint)


@blueprint.get("")
async def get_exports(project_id: UUID) -> Response:
    """Signals, contents, windows, periods or days as CSV or JSON Lines, however many."""
    asked = given.query("kind", "format", "set", "content", "option", "from", "to", "text")
    wanted = Wanted(
        account_id(), project_id, given.choice(asked, "kind", *KINDS) or "feelbacks",
        given.choice(asked, "format", *FORMATS) or "csv", given.id(asked, "set"), given.id(asked, "content"),
        asked.get("option", "")[:100], given.day(asked, "from"), given.day(asked, "to"),
        asked.get("text", "")[:200],
    )  # fmt: skip
    return await exports.streamed(acting(), wanted)
