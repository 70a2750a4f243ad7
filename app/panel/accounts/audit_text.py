"""Audit entries as sentences: what was done, and each change with the value before and after."""

from typing import Any

from app.text.widget_types import LABELS

# By action; {about} is the entry's object, others are its details.
SENTENCES = {
    "account.audit_days_updated": "Changed how long audit entries of {about} are kept",
    "account.created": "Created the account {about}",
    "account.deletion_cancelled": "Canceled the deletion of the account {about}",
    "account.deletion_requested": "Scheduled the account {about} for deletion on {until}",
    "account.renamed": "Renamed the account from {from} to {to}",
    "account.transferred": "Transferred the account from {from} to {to}",
    "api_key.created": "Created the API key {about}",
    "api_key.revoked": "Revoked the API key {about}",
    "delivery.resent": "Sent events to {about} again",
    "destination.created": "Added the destination {about}",
    "destination.deleted": "Deleted the destination {about}",
    "destination.events_resent": "Sent events to {about} again",
    "destination.secret_updated": "Replaced the secret of the destination {about}",
    "destination.test_sent": "Sent a test event to the destination {about}",
    "destination.updated": "Changed the destination {about}",
    "export.deleted": "Deleted an export of {about}",
    "export.downloaded": "Downloaded an export of {about}",
    "export.requested": "Requested an export of {about}",
    "installation.claimed": "Claimed the installation",
    "invitation.resent": "Sent the invitation of {about} again",
    "invitation.revoked": "Revoked the invitation of {about}",
    "invitation.sent": "Invited {about} as {role}",
    "issue.created": "Opened an issue for a message of {about}",
    "issue.deleted": "Removed the link of a message of {about} to its issue",
    "member.address_updated": "Changed their email address from {from} to {to}",
    "member.deleted": "Removed the member {about}",
    "member.joined": "{about} joined as {role}",
    "member.left": "{about} left the account",
    "member.role_updated": "Changed the role of {about} from {from} to {to}",
    "message.assignee_updated": "Assigned messages of {about} to {assignee}",
    "message.deleted": "Deleted messages of {about}",
    "message.group_updated": "Changed which messages of {about} are the same",
    "message.note_created": "Added a note to a message of {about}",
    "message.note_deleted": "Deleted a note about a message of {about}",
    "message.reply_sent": "Replied by email to a message of {about}",
    "message.restored": "Restored messages of {about}",
    "message.status_updated": "Changed the status of messages of {about} to {status}",
    "message.tags_updated": "Changed the tags of messages of {about}",
    "message.triage_restored": "Undid a change of status, assignee, tags or group of messages of {about}",
    "operator.created": "Made {about} an operator of the installation",
    "operator.deleted": "Removed {about} as an operator of the installation",
    "page.archived": "Archived the page {about}",
    "page.deleted": "Deleted pages of {about}",
    "page.merged": "Merged the page {from} into {to}",
    "page.renamed": "Renamed the page {from} to {to}",
    "page.retitled": "Changed the title of the page {about}",
    "page.unarchived": "Unarchived the page {about}",
    "page.unmerged": "Undid the merge of the page {from} into {to}",
    "placement.deleted": "Deleted the responses of a widget on {about}",
    "project.archived": "Archived the project {about}",
    "project.created": "Created the project {about}",
    "project.deleted": "Deleted the project {about}",
    "project.test_responses_deleted": "Deleted the test responses of {about}",
    "project.unarchived": "Unarchived the project {about}",
    "project.updated": "Changed the settings of the project {about}",
    "recap.resent": "Sent a recap of {project} to {about} again",
    "recap_recipient.deleted": "Removed {about} from the recaps of {project}",
    "recap_recipient.invited": "Invited {about} to the recaps of {project}",
    "release.created": "Added the release {about}",
    "release.deleted": "Deleted the release {about}",
    "response.deleted": "Deleted a response on {about}",
    "saved_view.created": "Saved the view {about} of an inbox",
    "saved_view.deleted": "Deleted the saved view {about} of an inbox",
    "saved_view.renamed": "Renamed the saved view {from} to {to}",
    "sign_in.failed": "Sign-in as {about} failed",
    "sign_in.succeeded": "{about} signed in",
    "subscription.updated": "Changed the plan to {about}",
    "tag.created": "Created the tag {about}",
    "tag.deleted": "Deleted the tag {about}",
    "tag.renamed": "Renamed the tag {from} to {to}",
    "tracker.deleted": "Disconnected {about} from the repository of its issues",
    "tracker.secret_updated": "Replaced the secret of the issue webhook of {about}",
    "tracker.updated": "Changed where issues of {about} are opened",
    "visitor.deleted": "Deleted the responses of a visitor of {about}",
    "widget.archived": "Archived the widget {about}",
    "widget.created": "Created the widget {about}",
    "widget.deleted": "Deleted the widget {about}",
    "widget.follow_ups_updated": "Changed the follow-ups of the widget {about}",
    "widget.options_updated": "Changed the options of the widget {about}",
    "widget.unarchived": "Unarchived the widget {about}",
    "widget.updated": "Changed the settings of the widget {about}",
}
NAMES = {
    "audit_days": "days",
    "edit_window": "time to edit",
    "is_open_form": "extra fields",
    "key_rules": "URL matching",
    "origins": "allowed sites",
    "retention_days": "days that responses are kept",
    "slug": "URL slug",
    "visitor_policy": "one response per",
}


def sentence(action: str, about: str, details: dict[str, Any]) -> list[tuple[str, bool]]:
    """The sentence in pieces, each with whether it is a name or a value."""
    template = SENTENCES.get(action)
    if template is None:
        words = action.replace(".", " ").replace("_", " ")
        template = f"{words[:1].upper()}{words[1:]}: {{about}}" if about else words[:1].upper() + words[1:]
    values = {"about": about, **details}
    pieces: list[tuple[str, bool]] = []
    for n, piece in enumerate(template.replace("}", "{").split("{")):
        if piece:
            pieces.append((text(values.get(piece, "–")) or "–", True) if n % 2 else (piece, False))
    return pieces


def changes(action: str, details: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    """Details that the sentence does not have: label, value before (None: there is none) and value."""
    template = SENTENCES.get(action, "")
    rest = {name: value for name, value in details.items() if f"{{{name}}}" not in template}
    result: list[tuple[str, str | None, str]] = []
    if set(rest) >= {"from", "to"}:
        before, after = rest.pop("from"), rest.pop("to")
        result.append(("options" if action == "widget.options_updated" else "", text(before), text(after)))
    for name, value in rest.items():
        is_change = isinstance(value, dict) and set(value) <= {"from", "to"} and value
        before = text(value.get("from")) if is_change else None
        label = NAMES.get(name, name.replace("_", " "))
        result.append((label, before, text(value.get("to")) if is_change else text(value)))
    return result


def text(value: Any) -> str:
    """A value as people write it: lists with commas, options by their labels, objects as name: value."""
    if value is None or value == "" or value == [] or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(text(each) for each in value)
    if isinstance(value, dict):
        if "value" in value:
            words = f"{value.get('icon', '')} {value.get('label') or value['value']}".strip()
            return f"{words} (removed)" if value.get("retired") else words
        if "name" in value and "kind" in value:
            return str(value.get("label") or value["name"])
        return ", ".join(f"{name.replace('_', ' ')}: {text(each)}" for name, each in value.items())
    return (
        LABELS.get(value, value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    )
