"""The lists of a recap's email, with links that open the panel with the recap's period selected."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from app.queries.recaps import Attention, Recap, RecapPlacement, RecapReason, RecapWidget
from app.text import numbers, page_keys, widget_types
from app.text.bidi import isolated

KEY_CHARS = 40
NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: a name, a figure beside it and details below. `tone` is `up`, `down` or `flat`."""

    name: str
    figure: str
    details: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Links:
    """URLs of the panel with the recap's period selected."""

    project: str
    window: str

    @property
    def overview(self) -> str:
        return f"{self.project}?{self.window}"

    def widget(self, id: UUID) -> str:
        return f"{self.project}/responses?widget={id}&{self.window}"

    def placement(self, id: UUID) -> str:
        return f"{self.project}/placements/{id}?{self.window}"

    def reason(self, reason: RecapReason) -> str:
        query = urlencode({"widget": str(reason.widget_id), "option": reason.option, "reason": reason.value})
        return f"{self.project}/responses?{query}&{self.window}"

    def message(self, id: UUID) -> str:
        return f"{self.project}/inbox/{id}"

    def attention(self, item: Attention) -> str:
        if item.about_id is None:
            return self.overview
        return self.widget(item.about_id) if item.kind == "silent" else self.placement(item.about_id)


def lists_of(recap: Recap, links: Links) -> list[tuple[str, list[Line]]]:
    """The lists of a recap with their headings, as its email prints them."""
    widgets = [
        Line(
            short_name(widget.name),
            numbers.number(widget.total),
            _details(widget, recap),
            "flat",
            links.widget(widget.id),
        )
        for widget in recap.widgets[:10]
    ]
    lists = [("Reason that grew most", [reason_line(recap.reason, links)])] if recap.reason else []
    lists.append(("Widgets", widgets))
    for kind, title in (("most", "Most responses"), ("best", "Best liked"), ("rise", "Rising"), ("fall", "Falling")):
        lines = [placement_line(placement, kind, links) for placement in recap.placements(kind)]
        if lines:
            lists.append((title, lines[:3] if kind != "most" else lines))
    return lists


def _details(widget: RecapWidget, recap: Recap) -> str:
    change, _ = numbers.change(widget.total, recap.comparable(widget.before))
    if widget.nps is not None:
        result = f"NPS {numbers.signed(widget.nps, 0)}"
        likely = numbers.interval(widget.nps_interval, widget.total, "nps")
    elif widget.average is not None:
        result = f"{numbers.number(widget.average, 1)} on average"
        likely = numbers.interval(widget.average_interval, widget.total, "average")
    elif widget.positive is not None and widget.type in widget_types.VOTES:
        result = f"{numbers.share(widget.positive)} positive"
        likely = numbers.interval(widget.positive_interval, widget.judged)
    elif widget.sentiment is not None:
        result = f"sentiment {numbers.signed(widget.sentiment)}"
        likely = numbers.interval(widget.sentiment_interval, widget.judged, "sentiment")
    else:
        result = likely = ""
    return " · ".join(part for part in (change, f"{result} ({likely})" if likely else result) if part)


def placement_line(placement: RecapPlacement, kind: str, links: Links) -> Line:
    """The line of a placement in the list of that kind."""
    if kind in ("rise", "fall"):
        figure = f"{placement.total - placement.before:+,d}".replace("-", numbers.MINUS)
    elif kind == "best" and placement.sentiment is not None:
        figure = numbers.signed(placement.sentiment)
    else:
        figure = numbers.number(placement.total)
    total, before = numbers.number(placement.total), numbers.number(placement.before)
    details = short_name(placement.widget_name)
    if kind in ("rise", "fall"):
        details += f" · {before} → {total}"
    elif kind == "best":
        details += f" · {total} response{'s' * (placement.total != 1)}"
    tone = {"rise": "up", "fall": "down"}.get(kind, "flat")
    return Line(short_page(placement.key), figure, details, tone, links.placement(placement.placement_id))


def reason_line(reason: RecapReason, links: Links) -> Line:
    """The line of the reason that grew most: its share of the responses with its option, and its change."""
    change, tone = numbers.share_change(reason.share, reason.before, has_changed=True)
    name = short_name(reason.label)
    details = f"of “{short_name(reason.answer)}” in {short_name(reason.widget_name)}"
    return Line(name, f"{numbers.share(reason.share)}, {change}", details, tone, links.reason(reason))


def short_page(key: str) -> str:
    """A page key for people: without the scheme and host where a path follows, and at most 40 characters."""
    return isolated(_cut(page_keys.path(key), KEY_CHARS))


def short_name(name: str) -> str:
    """At most 60 characters of what somebody has named: mail programs cut off mails of more than 100 KB."""
    return isolated(_cut(name, NAME_CHARS))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
