"""Replies to a message by mail."""

from uuid import UUID

from quart import Blueprint, Response, request

from app.http import limits
from app.http.context import pool, settings
from app.mail import replies
from app.panel.inbox.inbox import project_filter
from app.panel.inbox.message_actions import respond
from app.panel.shared import auth
from app.queries import inbox, projects

blueprint = Blueprint("inbox_replies", __name__, url_prefix="/projects/<slug:slug>/inbox")
auth.require_actor(blueprint)


@blueprint.post("/<uuid:id>/replies")
async def post_reply(slug: str, id: UUID) -> Response:
    """Send a reply; with `fix` the one that says it is fixed."""
    form = await request.form
    tenant = auth.tenant()
    project = await projects.project(tenant, slug)
    filter = await project_filter(project, form)
    message = await inbox.inbox_message(tenant, project.id, id)
    await limits.take_reply(tenant.account_id)
    await replies.create_reply(
        pool(), tenant, settings(), project.id, message, form.get("reply", ""), auth.actor().person_id,
        is_fix=form.get("fix") == "yes",
    )  # fmt: skip
    return await respond(project, filter, [id], "Reply queued", None, is_in_place=True)
