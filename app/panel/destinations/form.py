"""The form of a destination, and its words."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.panel.shared import read
from app.queries.destinations import EVENTS, PACES, Destination, DestinationSettings

MOST_LINES = 101  # one more than is allowed, so that the database refuses it
EVENT_WORDS = {
    "message.created": "New messages",
    "message.updated": "Messages that visitors change or add to",
    "message.resolved": "Messages that members resolve",
    "response.created": "Votes and ratings, by page and minute",
    "recap.closed": "A week, month or year is over",
    "export.ready": "An export can be downloaded",
    "reconcile.difference": "Counts differed from the responses and were corrected",
    "job.overdue": "A scheduled job is overdue (operators only)",
}
PACE_WORDS = {"each": "At once", "quarter": "Every 15 minutes", "hourly": "Hourly", "daily": "Daily"}
assert (tuple(EVENT_WORDS), tuple(PACE_WORDS)) == (EVENTS, PACES)


def settings(form: "MultiDict[str, str]") -> DestinationSettings:
    """The settings in a form. A destination without events or a name is refused by the database."""
    return DestinationSettings(
        name=read.text(form, "name", 101),
        url=read.text(form, "url", 2001),
        recipient=read.text(form, "recipient", 254),
        events=[text for text in form.getlist("events") if text in EVENT_WORDS],
        widget_ids=read.uuids(form.getlist("widgets")),
        patterns=_lines(form, "pages", 501),
        options=_lines(form, "options", 101),
        has_text="has_text" in form,
        pace=form.get("pace", "each") if form.get("pace") in PACE_WORDS else "each",
        hour=read.number(form, "hour", 9, 0, 23),
    )


def values(form: "MultiDict[str, str] | None", destination: Destination | None) -> dict[str, Any]:
    """What the fields of the form hold: what was sent, else the destination, else the defaults."""
    if form:
        sent = settings(form)
        fields = {name: getattr(sent, name) for name in DestinationSettings.__dataclass_fields__}
        return {**fields, "type": form.get("type", "webhook"), "recipient": sent.recipient}
    if destination is not None:
        return {name: getattr(destination, name) for name in Destination.__dataclass_fields__}
    return {
        "type": "webhook", "events": ["message.created"], "widget_ids": [], "patterns": [], "options": [],
        "pace": "each", "hour": 9, "has_text": False,
    }  # fmt: skip


def _lines(form: "MultiDict[str, str]", name: str, most: int) -> list[str]:
    lines = (read.text({"line": line}, "line", most) for line in form.get(name, "").splitlines()[:MOST_LINES])
    return [line for line in lines if line]
