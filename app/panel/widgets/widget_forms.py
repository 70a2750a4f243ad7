"""The parts of a widget's editor that its pages share: choices, and errors by field."""

import re
from typing import Any

from app.errors import FeelbackError
from app.panel.widgets.drafts import KINDS, Draft
from app.text import languages

# How long a response may be edited, in seconds (None: forever), and the label.
EDIT_WINDOWS = (
    ("0", "never"),
    ("300", "for 5 minutes"),
    ("3600", "for 1 hour"),
    ("86400", "for 1 day"),
    ("604800", "for 1 week"),
    ("", "forever"),
)
# Name, label and default of an element's own words, by what has them.
_ANY = (("sent", "Thank-you message", "Thank you."),)
_VOTE = (("removed", "After undoing", "Taken back."),)
_WRITTEN = (
    ("message", "Label of the message", "Your message"),
    ("send", "Send button", "Send"),
    ("again", "Button after sending", "Write another"),
)
_TEXTS = {
    "message": (*_ANY, *_WRITTEN),
    "tagged": (*_ANY, ("tag", "Label of the tags", "What is it about?"), *_WRITTEN),
    "form": (*_ANY, *_WRITTEN[1:]),
    "nps": (*_ANY, *_VOTE, ("low", "Label of 0", "Not at all"), ("high", "Label of 10", "Certainly")),
}
# The field of an error of the database, by words of its message.
_FIELDS = (
    ("already has a widget", "name"),
    ("The name", "name"),
    ("option", "options"),
    ("Weight", "options"),
    ("field", "fields"),
    ("Corners", "radius"),
    ("Text size", "size"),
    ("color", "accent"),
    ("text", "texts"),
    ("language", "texts"),
)

# The field of the editor, and its label, by the part of a follow-up that an error of the database is about.
_PARTS = {
    "question": ("ask", "Question"),
    "thanks": ("thanks", "Thank-you message"),
    "message": ("takes_message", "Message"),
    "reasons": ("reasons", "Reasons"),
    "value": ("reason", "Reason"),
    "label": ("reason", "Reason"),
}
_PLACE = re.compile(r"followUps\[(\d+)\]\.(?:reasons\[(\d+)\]\.)?(\w+)")
_OPEN = re.compile(r"(?:ask|thanks|takes_message|reasons|reason)-(\d+)")


def context(draft: Draft, errors: dict[str, str]) -> dict[str, Any]:
    """What the templates of the editor need."""
    return {
        "draft": draft,
        "errors": errors,
        "texts": _TEXTS.get(draft.type, (*_ANY, *_VOTE)),
        "languages": languages.NAMES,
        "edit_windows": EDIT_WINDOWS,
        "kinds": KINDS,
        "open_follow_ups": {draft.opened, *(int(match[1]) for name in errors if (match := _OPEN.match(name)))},
    }


def errors_of(error: FeelbackError, draft: Draft) -> dict[str, str]:
    """An error of the database about a draft, by the field that it is about.

    Raises:
        FeelbackError: it is about no field.
    """
    if error.status not in (409, 422):
        raise error
    if error.setting and error.setting.startswith("followUps"):
        return _errors_of_follow_up(error, error.setting, draft.asking)
    field = next((field for words, field in _FIELDS if words in error.message), "name")
    return {field: error.text}


def _errors_of_follow_up(error: FeelbackError, setting: str, places: list[int]) -> dict[str, str]:
    match = _PLACE.fullmatch(setting)
    if not match:
        return {f"ask-{places[0] if places else 0}": error.message_for("Follow-ups")}
    name, label = _PARTS.get(match[3], ("ask", "Follow-up"))
    row = f"-{match[2]}" if match[2] else ""
    return {f"{name}-{places[int(match[1])]}{row}": error.message_for(label)}
