"""What is done with messages of an inbox, and undone: by a form, or by a script that keeps the page where it is."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from quart import Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.inbox import inbox
from app.panel.inbox.inbox import Filter, blueprint
from app.panel.shared import auth, read
from app.queries import inbox as messages
from app.queries import projects
from app.queries.projects import Project

DONE = {
    "read": "Marked as read",
    "unread": "Marked as unread",
    "star": "Starred",
    "unstar": "Star taken away",
    "inbox": "Moved to the inbox",
    "archive": "Archived",
    "spam": "Moved to spam",
    "delete": "Deleted",
}
# Such a message is shown on, whatever the view, until the page is loaded anew.
STAYS = ("read", "unread", "star", "unstar")


@blueprint.post("/acts")
async def post_action(slug: str) -> Response:
    """Treats the chosen messages, or the one whose own button was pressed (`one`: act and id)."""
    form = await request.form
    project = await projects.project(auth.tenant(), slug)
    filter = inbox.asked(slug, form)
    act, _, one = form.get("one", "").partition(" ")
    act = act or form.get("act", "")
    ids = read.uuids([one] if one else form.getlist("ids"))
    if act not in DONE:
        raise FeelbackError(422, "Say what to do with the messages.")
    done = await messages.update_messages(auth.tenant(), project.id, ids, act)
    said = f"{DONE[act]}: {_count(done.changed)}" if done.changed else _nothing(ids)
    return await _answer(project, filter, ids, said, done.action_id, stays=act in STAYS)


@blueprint.post("/acts/<uuid:id>/undo")
async def post_undo(slug: str, id: UUID) -> Response:
    """Makes messages what they were before an act."""
    project = await projects.project(auth.tenant(), slug)
    filter = inbox.asked(slug, await request.form)
    ids = await messages.undo_message_action(auth.tenant(), project.id, id)
    return await _answer(
        project, filter, ids, f"Undone: {_count(len(ids))}" if ids else "That was undone already", None
    )


async def _answer(
    project: Project, filter: Filter, ids: Sequence[UUID], said: str, act_id: UUID | None, *, stays: bool = False
) -> Response:
    """The page that the form was on; to a script, what was said and the rows that the view still shows of `ids`."""
    if not request.headers.get("HX-Request"):
        query = urlencode([*filter.fields, ("said", said), *([("done", str(act_id))] if act_id else [])])
        return see_other(f"{filter.clear_url}?{query}")
    rows = []
    if ids:
        after, before = UUID(int=min(ids).int - 1), UUID(int=max(ids).int + 1)
        shown = replace(filter, view="all") if stays else filter
        rows = [row for row in await shown.messages(project, after, before, 500) if row.id in set(ids)]
    now = await projects.project(auth.tenant(), project.slug)
    text = await render_template(
        "inbox/_changes.html", project=now, filter=filter, messages=rows, said=said, done=act_id
    )
    return Response(text)


def _nothing(ids: Sequence[UUID]) -> str:
    return "Nothing changed: they were like that already" if ids else "Choose at least one message first"


def _count(n: int) -> str:
    return f"{n:,} message{'s' if n != 1 else ''}"
