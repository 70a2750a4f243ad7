"""Responses about passages of a page, by place; and where these are now, as the page in the editor's browser says."""

from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

import msgspec
from quart import Blueprint, Response, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.ingest.passages import CHARS, MOST_UNITS
from app.panel.shared import auth
from app.queries import passages
from app.queries.passages import MOST, PassageResponse
from app.text import strict_json

blueprint = Blueprint("passages", __name__, url_prefix="/projects/<slug:slug>/pages/<uuid:id>/passages")
auth.require_actor(blueprint)
Position = Annotated[int, msgspec.Meta(ge=0, le=MOST_UNITS)]


class Place(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Where a passage is now: positions in UTF-16 code units, the heading above, the words that stand there."""

    id: UUID
    start: Position = 0
    end: Position = 0
    heading: Annotated[str, msgspec.Meta(max_length=CHARS["heading"])] = ""
    current: Annotated[str, msgspec.Meta(max_length=2 * CHARS["exact"])] = ""
    outdated: bool = False


@blueprint.post("")
async def post_passages(slug: str, id: UUID) -> Response:
    """Store where the passages of a page are now: `places` is a JSON array of Place."""
    project = await auth.project(slug)
    try:
        value = strict_json.loads((await request.form).get("places", "").encode())
        places = msgspec.convert(value, Annotated[list[Place], msgspec.Meta(max_length=MOST)])
    except msgspec.ValidationError as error:
        raise FeelbackError(422, f"places is invalid: {error}. It takes at most {MOST} passages.", limit=MOST) from None
    await passages.update_passages(auth.tenant(), project.id, id, msgspec.to_builtins(places))
    return see_other(f"/projects/{slug}/pages/{id}#passages")


async def sections(project_id: UUID, page_id: UUID) -> dict[str, Any]:
    """What the page's screen shows: the responses by the heading above their passages."""
    rows = await passages.page_passages(auth.tenant(), project_id, page_id)

    def heading(row: PassageResponse) -> str:
        return row.heading

    return {
        "passages": [(name, list(group)) for name, group in groupby(rows, heading)],
        "passage_selectors": [row.selectors for row in rows],
        "checked_at": max((row.checked_at for row in rows if row.checked_at), default=None),
    }
