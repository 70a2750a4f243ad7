"""The text of a recap's email: everything its templates print, already formatted, and the charts that go with it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from app.queries.recaps import Attention, Recap, RecapMessage
from app.recaps.email_lists import Line, Links, lists_of, short_name, short_page
from app.recaps.pictures import Picture, pictures_of
from app.text import numbers, refusal_reasons, widget_types
from app.text.bidi import cleaned, isolated

QUOTE_CHARS = 400


@dataclass(frozen=True, slots=True)
class Quote:
    """A message of a visitor, and where and when it was written."""

    text: str
    details: str
    url: str


@dataclass(frozen=True, slots=True)
class RecapEmail:
    """The variables of the recap templates.

    `figures` are (name, figure, change, tone), `lists` are (heading, lines), `attention` are (warning, URL).
    """

    project: str
    subject: str
    preview: str
    title: str
    days: str
    is_quiet: bool
    quiet_text: str
    url: str
    settings_url: str
    every: str
    figures: list[tuple[str, str, str, str]]
    pictures: list[Picture]
    lists: list[tuple[str, list[Line]]]
    quotes: list[Quote]
    attention: list[tuple[str, str]]


def recap_email(recap: Recap, base_url: str) -> RecapEmail:
    """Format a recap. Its links open the panel at `base_url` with the recap's period selected."""
    project = f"{base_url}/projects/{recap.slug}"
    window = urlencode({"from": recap.starts_on.isoformat(), "to": recap.ends_on.isoformat()})
    links = Links(project, window)
    is_quiet = not recap.total
    attention = [(_warning(item), links.attention(item)) for item in recap.attention]
    return RecapEmail(
        project=isolated(recap.name),
        subject=_subject(recap),
        preview=_preview(recap),
        title=f"{isolated(recap.name)}, {_title(recap)}",
        days=numbers.days(recap.starts_on, recap.ends_on) if recap.unit == "week" else "",
        is_quiet=is_quiet,
        quiet_text=f"There were no responses this {recap.unit}. The next recap comes once there are some.",
        url=links.overview,
        settings_url=f"{project}/recaps",
        every="Monday" if recap.unit == "week" else "month",
        figures=_figures(recap),
        pictures=[] if is_quiet else pictures_of(recap),
        lists=[] if is_quiet else lists_of(recap, links),
        quotes=[_quote(message, links) for message in recap.messages],
        attention=attention,
    )


def _subject(recap: Recap) -> str:
    if not recap.total:
        return f"A quiet {recap.unit}: no responses – {isolated(recap.name)}"
    responses = "response" if recap.total == 1 else "responses"
    before = recap.comparable(recap.before or 0)
    share = round(100 * (recap.total - before) / before) if before and numbers.is_change(recap.total, before) else 0
    now = numbers.number(recap.total)
    if not before:
        news = f"{now} {responses}"
    elif abs(share) >= 1000:
        news = f"responses up from {numbers.number(recap.before or 0)} to {now}"
    elif share:
        news = f"responses {'up' if share > 0 else 'down'} {abs(share)} % to {now}"
    else:
        news = f"responses steady at {now}"
    for kind in ("best", "most"):
        for placement in recap.placements(kind)[:1]:
            return f"{_with_month(recap, news)}; {kind}: {short_page(placement.key)} – {isolated(recap.name)}"
    return f"{_with_month(recap, news)} – {isolated(recap.name)}"


def _with_month(recap: Recap, news: str) -> str:
    return f"{recap.starts_on:%B}: {news}" if recap.unit == "month" else news[0].upper() + news[1:]


def _preview(recap: Recap) -> str:
    parts = [f"{name} {figure}{f' ({change})' if change else ''}" for name, figure, change, _ in _figures(recap)]
    return " · ".join(parts[1:] or parts)


def _title(recap: Recap) -> str:
    if recap.unit == "month":
        return f"{recap.starts_on:%B %Y}"
    year, week, _ = recap.starts_on.isocalendar()
    return f"week {week} of {year}"


def _figures(recap: Recap) -> list[tuple[str, str, str, str]]:
    figures = [
        ("Responses", numbers.number(recap.total), *numbers.change(recap.total, recap.comparable(recap.before or 0)))
    ]
    if recap.positive is not None:
        change, tone = numbers.share_change(recap.positive, recap.positive_before, recap.is_positive_change)
        likely = numbers.interval(recap.positive_interval, recap.judged)
        figures.append(("Positive", numbers.share(recap.positive), " · ".join(filter(None, (likely, change))), tone))
    widgets = [widget for widget in recap.widgets if widget.type in widget_types.WITH_TEXT]
    if widgets:
        now, before = sum(widget.total for widget in widgets), sum(widget.before for widget in widgets)
        figures.append(("Messages", numbers.number(now), *numbers.change(now, recap.comparable(before))))
    return figures


def _quote(message: RecapMessage, links: Links) -> Quote:
    body, label = cleaned(message.body), message.label
    text = body if len(body) <= QUOTE_CHARS else body[: QUOTE_CHARS - 1].rstrip() + "…"
    tag = f"{message.icon} {short_name(label)} · ".lstrip() if label and label not in ("Message", "Form") else ""
    return Quote(text, f"{tag}{short_page(message.key)} · {numbers.day(message.said_on)}", links.message(message.id))


def _warning(item: Attention) -> str:
    count = numbers.number(item.count)
    if item.kind == "refused":
        reason = refusal_reasons.recap_text(item.reason or "")
        return f"{count} responses from {item.what or 'a server'} were refused: {reason}."
    if item.kind == "silent":
        name = short_name(item.what)
        return f"“{name}” got no responses, after {count} the period before. Is the widget still on the page?"
    if item.kind == "hidden":
        messages = "message is" if item.count == 1 else "messages are"
        return f"{count} {messages} hidden: this month's responses are used up. Upgrade to see them at once."
    name, sentiment = short_name(item.reason or ""), numbers.signed(item.sentiment)
    return f"{short_page(item.what)} is disliked: sentiment {sentiment} from {count} responses in “{name}”."
