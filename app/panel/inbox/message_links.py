"""Links in chat messages: a page on which a member confirms what is to be done to a message."""

from quart import Blueprint, Response, render_template

from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.shared import auth
from app.queries import inbox
from app.webhooks import message_links

blueprint = Blueprint("message_links", __name__, url_prefix="/message-links")
auth.require_actor(blueprint)


@blueprint.get("/<token>")
async def get_message_link(token: str) -> str:
    """Ask before anything is done: chat services open links by themselves."""
    link = _link(token)
    project = await auth.project(link.slug)
    return await render_template(
        "inbox/message_link.html",
        section="Inbox",
        project=project,
        message=await inbox.inbox_message(auth.tenant(), project.id, link.message_id),
        action=message_links.ACTIONS[link.action],
        token=token,
    )


@blueprint.post("/<token>")
async def post_message_link(token: str) -> Response:
    """Do it; the message is next."""
    link = _link(token)
    project = await auth.project(link.slug)
    await message_links.ACTIONS[link.action].perform(auth.tenant(), project.id, link.message_id)
    return see_other(f"/projects/{link.slug}/inbox/{link.message_id}")


def _link(token: str) -> message_links.MessageLink:
    link = message_links.link(settings().secret_keys, token)
    if link is None:
        raise FeelbackError(404, "This link has expired. Open the message in the inbox.")
    return link
