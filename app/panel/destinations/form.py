"""The form of a destination, and its words."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.panel.shared import read
from app.queries.destinations import EVENTS, PACES, SENTIMENTS, TYPES, Destination, DestinationSettings

MOST_LINES = 101  # one more than is allowed, so that the database refuses it
EVENT_WORDS = {
    "message.created": "New messages",
    "message.updated": "Messages that visitors change or add to",
    "message.resolved": "Messages that members resolve",
    "response.created": "Votes and ratings, by page and minute",
    "page.turned": "The share of unhappy responses of a page changes",
    "refusals.spike": "Far more responses than usual are refused",
    "recap.closed": "A week, month or year is over",
    "export.ready": "An export can be downloaded",
    "reconcile.difference": "Counts differed from the responses and were corrected",
    "job.overdue": "A scheduled job is overdue (operators only)",
}
PACE_WORDS = {"each": "At once", "quarter": "Every 15 minutes", "hourly": "Hourly", "daily": "Daily"}
TYPE_WORDS = {
    "webhook": "Webhook",
    "slack": "Slack",
    "discord": "Discord",
    "teams": "Microsoft Teams",
    "apprise": "Another service (Apprise)",
    "email": "Email",
}
SENTIMENT_WORDS = {"happy": "Happy", "neutral": "Neutral", "unhappy": "Unhappy"}
REPLAY_WORDS = {1: "the last hour", 24: "the last 24 hours", 168: "the last 7 days", 719: "the last 30 days"}  # hours
assert (tuple(EVENT_WORDS), tuple(PACE_WORDS)) == (EVENTS, PACES)
assert (tuple(TYPE_WORDS), tuple(SENTIMENT_WORDS)) == (TYPES, SENTIMENTS)


def type(form: "MultiDict[str, str]") -> str:
    """The type of a new destination."""
    return form["type"] if form.get("type") in TYPE_WORDS else "webhook"


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
        sentiments=[text for text in form.getlist("sentiments") if text in SENTIMENT_WORDS],
        quiet_from=read.number(form, "quiet_from", 22, 0, 23) if "quiet" in form else None,
        quiet_until=read.number(form, "quiet_until", 8, 0, 23) if "quiet" in form else None,
        has_quiet_hours="quiet" in form,
        languages=[word for line in _lines(form, "languages", 101) for word in line.lower().replace(",", " ").split()],
    )


def values(form: "MultiDict[str, str] | None", destination: Destination | None) -> dict[str, Any]:
    """What the fields of the form hold: what was sent, else the destination, else the defaults."""
    if form:
        sent = settings(form)
        fields = {name: getattr(sent, name) for name in DestinationSettings.__dataclass_fields__}
        url = "" if type(form) == "apprise" else sent.url  # it is a secret
        return {**fields, "type": type(form), "recipient": sent.recipient, "url": url}
    if destination is not None:
        return {
            **{name: getattr(destination, name) for name in Destination.__dataclass_fields__},
            "has_quiet_hours": destination.quiet_from is not None,
        }
    return {
        "type": "webhook", "events": ["message.created"], "widget_ids": [], "patterns": [], "options": [],
        "pace": "each", "hour": 9, "has_text": False, "sentiments": [], "languages": [], "has_quiet_hours": False,
    }  # fmt: skip


def _lines(form: "MultiDict[str, str]", name: str, most: int) -> list[str]:
    lines = (read.text({"line": line}, "line", most) for line in form.get(name, "").splitlines()[:MOST_LINES])
    return [line for line in lines if line]
