"""What a message's page needs to show its replies and the forms to send one."""

from typing import Any

from app.http.context import pool, settings
from app.mail import replies
from app.panel.shared import auth
from app.queries import replies as queries
from app.queries.inbox import WholeMessage
from app.queries.projects import Project


async def replies_and_form(project: Project, message: WholeMessage) -> dict[str, Any]:
    """The replies to a message and the limits of another one, for a template."""
    tenant = auth.tenant()
    return {
        "replies": await queries.replies(tenant, project.id, message.id),
        "has_opted_out": await replies.is_opted_out(pool(), tenant, settings(), project.id, message.reply_to),
        "most_replies": replies.MOST,
        "fix_text": replies.FIX_TEXT,
        "own_address": auth.actor().email,
    }
