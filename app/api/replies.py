"""`/v1/projects/…/responses/…/replies`: what members and programs write to visitors by mail."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.triage import NewReply
from app.http import limits
from app.http.context import pool, settings
from app.mail import replies
from app.queries import inbox
from app.queries import replies as queries

blueprint = Blueprint("api_replies", __name__, url_prefix="/v1/projects/<uuid:project_id>/responses/<uuid:id>/replies")
authentication.require_key(blueprint)


@blueprint.get("")
async def get_replies(project_id: UUID, id: UUID) -> Response:
    """The replies to a message, oldest first."""
    parameters.query()
    await inbox.inbox_message(tenant(), project_id, id)  # 404
    return json_list(map(_reply, await queries.replies(tenant(), project_id, id)))


@blueprint.post("")
async def post_reply(project_id: UUID, id: UUID) -> Response:
    """Send a reply, by no member."""
    new = await parameters.body_as(NewReply)
    message = await inbox.inbox_message(tenant(), project_id, id)
    await limits.take_reply(tenant().account_id)
    reply_id = await replies.create_reply(
        pool(), tenant(), settings(), project_id, message, new.body, new.reply_to, is_fix=new.fixed
    )
    rows = await queries.replies(tenant(), project_id, id)
    return json_response(next(_reply(row) for row in rows if row.id == reply_id), 201)


def _reply(row: queries.Reply) -> dict[str, Any]:
    return row_object(row, rename={"is_fix": "fixed"})
