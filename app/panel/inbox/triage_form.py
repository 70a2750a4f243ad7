"""What a form of the inbox changes in the triage of messages."""

from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.errors import FeelbackError
from app.panel.shared import auth, read
from app.queries.triage import NOBODY, TriageChange

# Buttons and keys that stand for one change, with its result.
CHANGES = {
    "reopen": ("Marked as new", TriageChange(status="new")),
    "progress": ("In progress", TriageChange(status="in_progress")),
    "resolve": ("Resolved", TriageChange(status="resolved")),
    "dismiss": ("Dismissed", TriageChange(status="dismissed")),
    "drop": ("Unassigned", TriageChange(assignee_id=NOBODY)),
    "join": ("Marked as the same", TriageChange(group="join")),
    "leave": ("Removed from the group", TriageChange(group="leave")),
}
RESULTS = {
    **{action: result for action, (result, _) in CHANGES.items()},
    "take": "Assigned to you",
    "triage": "Updated",
}


def change_of(action: str, form: MultiDict[str, str]) -> TriageChange:
    """The change that a button stands for; `triage` takes it from the fields beside it.

    Raises:
        FeelbackError: 422 if the fields change nothing, or an assignee is neither me, none nor an id.
    """
    if action in CHANGES:
        return CHANGES[action][1]
    if action == "take":
        return TriageChange(assignee_id=auth.actor().person_id)
    tags, listed = read.uuids(form.getlist("tags")), read.uuids(form.getlist("listed_tags"))
    change = TriageChange(
        status=form.get("to_status") or None,
        assignee_id=_assignee_id(form.get("to_assignee", "")),
        add_tag_ids=[*read.uuids(form.getlist("add_tag")), *tags],
        remove_tag_ids=[*read.uuids(form.getlist("remove_tag")), *(id for id in listed if id not in tags)],
    )
    if change.status is None and change.assignee_id is None and not change.add_tag_ids and not change.remove_tag_ids:
        raise FeelbackError(422, "Choose a status, an assignee or a tag.")
    return change


def _assignee_id(text: str) -> UUID | None:
    if text in ("", "none", "me"):
        return {"": None, "none": NOBODY, "me": auth.actor().person_id}[text]
    try:
        return UUID(text)
    except ValueError:
        raise FeelbackError(422, "“to_assignee” must be me, none or the id of a member.") from None
