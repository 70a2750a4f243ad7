"""Actions on messages and their undo, for a form or for the script of the open page."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from quart import Response, flash, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.inbox import inbox, triage_form
from app.panel.inbox.inbox import Filter, blueprint
from app.panel.shared import auth, read
from app.queries import inbox as messages
from app.queries import projects, triage
from app.queries.projects import Project

RESULTS = {
    "read": "Marked as read",
    "unread": "Marked as unread",
    "star": "Starred",
    "unstar": "Unstarred",
    "inbox": "Moved to the inbox",
    "archive": "Archived",
    "spam": "Moved to spam",
    "delete": "Deleted",
    **triage_form.RESULTS,
}
# After these the message stays on the page, whatever the view, until it is reloaded.
IN_PLACE = ("read", "unread", "star", "unstar")


@blueprint.post("/actions")
async def post_action(slug: str) -> Response:
    """Apply an action to the selected messages, or to the one whose own button was pressed (`one`: action and id)."""
    form = await request.form
    project = await projects.project(auth.tenant(), slug)
    filter = await inbox.project_filter(project, form)
    action, _, one = form.get("one", "").partition(" ")
    action = action or form.get("action", "")
    ids = read.uuids([one] if one else form.getlist("ids"))
    if form.get("everything") == "read":  # all messages of the view, whatever is selected
        action, matching = "read", replace(filter, view="unread", before=None)
    elif form.get("every") == "yes" and not one:
        matching = replace(filter, before=None)
    else:
        matching = None
    beside = read.uuids(form.getlist("ids")) if one else []  # with the button of one, the message that is open
    listed = [*ids, *beside]  # those on the open page, which are shown again
    if matching:
        ids = [row.id for row in await matching.messages(project, None, None, inbox.MOST_CHANGES)]
    if action not in RESULTS:
        raise FeelbackError(422, "Choose what to do with the messages.")
    if one and action == "join":  # a similar message, and the one beside which it is suggested
        ids += beside
    elif form.get("whole_group") == "yes" and len(ids) == 1:
        ids += [message.id for message in await triage.group_messages(auth.tenant(), project.id, ids[0])]
    outcome: messages.MessageAction | triage.TriageAction
    if action in triage_form.RESULTS:
        change = triage_form.change_of(action, form)
        outcome = await triage.triage_messages(auth.tenant(), project.id, ids, change)
    else:
        outcome = await messages.update_messages(auth.tenant(), project.id, ids, action)
    result = f"{RESULTS[action]}: {_count(outcome.changed)}" if outcome.changed else _no_change(ids)
    return await respond(project, filter, listed, result, outcome.action_id, is_in_place=action in IN_PLACE)


@blueprint.post("/actions/<uuid:id>/undo")
async def post_undo(slug: str, id: UUID) -> Response:
    project = await projects.project(auth.tenant(), slug)
    filter = await inbox.project_filter(project, await request.form)
    ids = await messages.undo_message_action(auth.tenant(), project.id, id)
    result = f"Undone: {_count(len(ids))}" if ids else "Already undone"
    return await respond(project, filter, ids, result, None)


async def respond(
    project: Project,
    filter: Filter,
    ids: Sequence[UUID],
    result: str,
    action_id: UUID | None,
    *,
    is_in_place: bool = False,
) -> Response:
    """Redirect a form to its page; give a script the result and the rows of `ids` that stay in the view.

    A form with `back`, the id of a message, is of that message's own page.
    """
    if not request.headers.get("HX-Request"):
        await flash(result)
        query = urlencode([*filter.fields, *([("action", str(action_id))] if action_id else [])])
        back = read.uuid(await request.form, "back")
        return see_other(filter.clear_url + (f"/{back}" if back else "") + (f"?{query}" if query else ""))
    rows = []
    if ids:
        after, before = UUID(int=max(min(ids).int - 1, 0)), UUID(int=min(max(ids).int + 1, 2**128 - 1))
        visible = replace(filter, view="all") if is_in_place else filter
        rows = [row for row in await visible.messages(project, after, before, 500) if row.id in set(ids)]
    now = await projects.project(auth.tenant(), project.slug)
    text = await render_template(
        "inbox/_changes.html", project=now, filter=filter, messages=rows, result=result, action_id=action_id
    )
    return Response(text)


def _no_change(ids: Sequence[UUID]) -> str:
    return "Already done" if ids else "Select at least one message first"


def _count(n: int) -> str:
    return f"{n:,} message{'s' if n != 1 else ''}"
