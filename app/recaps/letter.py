"""A recap in words: what its mail's templates are filled with, all of it finished text, and which charts go with it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from app.queries.recaps import Attention, Recap, RecapMessage, RecapPlacement, RecapWidget
from app.recaps import pictures as recap_pictures
from app.text import numbers, refusal_reasons, widget_types

KEY_LETTERS, QUOTE_LETTERS = 40, 400


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: what, beside it a figure, and below it a few words; `tone` is up, down or flat."""

    what: str
    figure: str
    words: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a visitor wrote."""

    text: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A recap in words. `figures` are (name, figure, change, tone), `lists` (heading, lines)."""

    project: str
    subject: str
    preview: str
    title: str
    when: str
    is_quiet: bool
    quiet: str
    url: str
    settings_url: str
    every: str
    figures: list[tuple[str, str, str, str]]
    pictures: list[recap_pictures.Picture]
    lists: list[tuple[str, list[Line]]]
    quotes: list[Quote]
    attention: list[tuple[str, str]]


def write(recap: Recap, base_url: str) -> Letter:
    """The letter of a recap; its links lead to the panel at `base_url`, at the very days that it tells of."""
    project = f"{base_url}/projects/{recap.slug}"
    window = urlencode({"from": recap.starts_on.isoformat(), "to": recap.ends_on.isoformat()})
    place = _Place(project, window)
    is_quiet = not recap.total
    attention = [(_warning(each), place.of(each)) for each in recap.attention]
    return Letter(
        project=recap.name,
        subject=_subject(recap),
        preview=_preview(recap),
        title=f"{recap.name}, {_title(recap)}",
        when=numbers.days(recap.starts_on, recap.ends_on) if recap.unit == "week" else "",
        is_quiet=is_quiet,
        quiet=f"No responses came this {recap.unit}. We write again when there are some.",
        url=place.overview,
        settings_url=f"{project}/recaps",
        every="Monday" if recap.unit == "week" else "month",
        figures=_figures(recap),
        pictures=[] if is_quiet else recap_pictures.made(recap),
        lists=[] if is_quiet else _lists(recap, place),
        quotes=[_quote(message, place) for message in recap.messages],
        attention=attention,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to look in the panel, at the days that the recap tells of."""

    project: str
    window: str

    @property
    def overview(self) -> str:
        return f"{self.project}?{self.window}"

    def set(self, id: UUID) -> str:
        return f"{self.project}/responses?set={id}&{self.window}"

    def placement(self, id: UUID) -> str:
        return f"{self.project}/placements/{id}?{self.window}"

    def message(self, id: UUID) -> str:
        return f"{self.project}/inbox/{id}"

    def of(self, warning: Attention) -> str:
        if warning.about_id is None:
            return self.overview
        return self.set(warning.about_id) if warning.kind == "silent" else self.placement(warning.about_id)


def _subject(recap: Recap) -> str:
    if not recap.total:
        return f"A quiet {recap.unit}: no responses – {recap.name}"
    responses = "response" if recap.total == 1 else "responses"
    share = round(100 * (recap.total - recap.before) / recap.before) if recap.before else 0
    now = numbers.number(recap.total)
    if not recap.before:
        news = f"{now} {responses}"
    elif abs(share) >= 1000:
        news = f"responses up from {numbers.number(recap.before)} to {now}"
    elif share:
        news = f"responses {'up' if share > 0 else 'down'} {abs(share)} % to {now}"
    else:
        news = f"responses steady at {now}"
    for kind in ("best", "most"):
        for placement in recap.placements(kind)[:1]:
            return f"{_of_month(recap, news)}; {kind}: {_key(placement.key)} – {recap.name}"
    return f"{_of_month(recap, news)} – {recap.name}"


def _of_month(recap: Recap, news: str) -> str:
    return f"{recap.starts_on:%B}: {news}" if recap.unit == "month" else news[0].upper() + news[1:]


def _preview(recap: Recap) -> str:
    said = [f"{name} {figure}{f' ({change})' if change else ''}" for name, figure, change, _ in _figures(recap)]
    return " · ".join(said[1:] or said)


def _title(recap: Recap) -> str:
    if recap.unit == "month":
        return f"{recap.starts_on:%B %Y}"
    year, week, _ = recap.starts_on.isocalendar()
    return f"week {week} of {year}"


def _figures(recap: Recap) -> list[tuple[str, str, str, str]]:
    made = [("Responses", numbers.number(recap.total), *numbers.change(recap.total, recap.before))]
    if recap.sentiment is not None:
        moved = 0.0 if recap.sentiment_before is None else round(recap.sentiment - recap.sentiment_before, 2)
        change = "" if recap.sentiment_before is None else numbers.signed(moved) if moved else "no change"
        made.append(("Sentiment", numbers.signed(recap.sentiment), change, _tone(moved)))
    texts = [each for each in recap.widgets if each.type in widget_types.WRITTEN]
    if texts:
        now, before = sum(each.total for each in texts), sum(each.before for each in texts)
        made.append(("Messages", numbers.number(now), *numbers.change(now, before)))
    return made


def _tone(moved: float) -> str:
    return "up" if moved > 0 else "down" if moved < 0 else "flat"


def _lists(recap: Recap, place: _Place) -> list[tuple[str, list[Line]]]:
    widgets = [
        Line(each.name, numbers.number(each.total), _beside(each), "flat", place.set(each.id))
        for each in recap.widgets[:10]
    ]
    made = [("Widgets", widgets)]
    for kind, title in (("most", "Most responses"), ("best", "Best liked"), ("rise", "Rising"), ("fall", "Falling")):
        lines = [_placement(each, kind, place) for each in recap.placements(kind)]
        if lines:
            made.append((title, lines[:3] if kind != "most" else lines))
    return made


def _beside(of: RecapWidget) -> str:
    said = [numbers.change(of.total, of.before)[0]]
    if of.average is not None:
        said.append(f"{numbers.number(of.average, 1)} on average")
    elif of.positive is not None and of.type in widget_types.VOTES:
        said.append(f"{numbers.percent(of.positive, 1)} positive")
    elif of.sentiment is not None:
        said.append(f"sentiment {numbers.signed(of.sentiment)}")
    return " · ".join(said)


def _placement(of: RecapPlacement, kind: str, place: _Place) -> Line:
    if kind in ("rise", "fall"):
        figure = f"{of.total - of.before:+,d}".replace("-", numbers.MINUS)
    elif kind == "best" and of.sentiment is not None:
        figure = numbers.signed(of.sentiment)
    else:
        figure = numbers.number(of.total)
    total, before = numbers.number(of.total), numbers.number(of.before)
    told = f"{of.widget_name} · {before} → {total}" if kind in ("rise", "fall") else (
        f"{of.widget_name} · {total} response{'s' * (of.total != 1)}" if kind == "best" else of.widget_name
    )  # fmt: skip
    tone = {"rise": "up", "fall": "down"}.get(kind, "flat")
    return Line(_key(of.key), figure, told, tone, place.placement(of.placement_id))


def _quote(of: RecapMessage, place: _Place) -> Quote:
    text = of.body if len(of.body) <= QUOTE_LETTERS else of.body[: QUOTE_LETTERS - 1].rstrip() + "…"
    tag = f"{of.icon} {of.label} · ".lstrip() if of.label and of.label not in ("Message", "Form") else ""
    return Quote(text, f"{tag}{_key(of.key)} · {numbers.day(of.said_on)}", place.message(of.id))


def _warning(of: Attention) -> str:
    count = numbers.number(of.count)
    if of.kind == "refused":
        reason = refusal_reasons.recap_text(of.reason or "")
        return f"{count} responses from {of.what or 'a server'} were refused: {reason}."
    if of.kind == "silent":
        return f"“{of.what}” fell silent: {count} responses the time before, none now. Is its widget still on the page?"
    if of.kind == "hidden":
        are = "message is" if of.count == 1 else "messages are"
        return (
            f"{count} {are} hidden: this month's responses of the plan are used up. A larger plan shows them at once."
        )
    return f"{_key(of.what)} is disliked: sentiment {numbers.signed(of.sentiment)} from {count} responses in “{of.reason}”."


def _key(key: str) -> str:
    """A key as people know it: of an address what follows the host."""
    host, rest = numbers.key_parts(key)
    shown = rest if rest not in ("", "/") else host or rest
    return shown if len(shown) <= KEY_LETTERS else shown[: KEY_LETTERS - 1] + "…"
