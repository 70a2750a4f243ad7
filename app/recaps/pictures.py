"""The charts of a recap, each with what it says to who does not see it."""

from dataclasses import dataclass
from datetime import date

from app.queries.recaps import Recap, RecapWidget
from app.recaps.chart_data import Chart, Distribution, Sentiment, Share, Trend
from app.text import numbers, widget_types


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of a recap: what it is called in it, its heading, and what it says to who does not see it."""

    name: str
    title: str
    alt: str
    chart: Chart


def made(recap: Recap) -> list[Picture]:
    """The days, what people chose in each widget, and how they felt; what there is nothing to show of is left out."""
    days = recap.days
    length = (recap.ends_on - recap.starts_on).days + 1
    now, before = days[-length:], days[:-length]
    this, last = ("This week", "The week before") if recap.unit == "week" else (
        f"{recap.starts_on:%B}", f"{before[0].day:%B}"
    )  # fmt: skip
    peak = max(now, key=lambda each: each.responses)
    old = [each.responses for each in before]
    drawn = [Picture(
        "trend", "Responses a day",
        f"Responses a day, {numbers.number(recap.total)} in all, before {numbers.number(recap.before)}; most on "
        f"{peak.day:%A} {numbers.day(peak.day)}: {numbers.number(peak.responses)}",
        Trend(
            tuple(each.day for each in now), tuple(each.responses for each in now),
            tuple((old + [0] * length)[:length]), this, last,
        ),
    )]  # fmt: skip
    scored = [each for each in recap.widgets if len(each.options) > 1 and each.type in widget_types.WITH_OPTIONS][:8]
    if scored:
        drawn.append(Picture(
            "distribution", "What people chose", "What people chose. " + " ".join(map(_choices, scored)),
            Distribution(tuple((each.name, _figure(each), _shares(each)) for each in scored)),
        ))  # fmt: skip
    points = [(_label(recap, each.starts_on), each.sentiment) for each in recap.history]
    while points and points[0][1] is None:
        points.pop(0)
    if len(points) > 1 and recap.sentiment is not None:
        alt = f"Sentiment {numbers.signed(recap.sentiment)}"
        if recap.sentiment_before is not None:
            alt += f", before {numbers.signed(recap.sentiment_before)}"
        title = f"Sentiment, {len(points)} {recap.unit}s"
        drawn.append(Picture("sentiment", title, f"{alt}, on a scale from −1 to +1", Sentiment(tuple(points))))
    return drawn


def _label(recap: Recap, starts_on: date) -> str:
    return numbers.day(starts_on) if recap.unit == "week" else f"{starts_on:%b}"


def _shares(of: RecapWidget) -> tuple[Share, ...]:
    # The good ones first, whatever their order on the page, so that one look tells.
    return tuple(Share(each.count, each.weight) for each in sorted(of.options, key=lambda each: -each.weight))


def _figure(of: RecapWidget) -> str:
    if of.average is not None:
        return numbers.number(of.average, 1)
    if of.positive is not None and of.type in widget_types.VOTES:
        return numbers.percent(of.positive, 1)
    return numbers.number(of.total) if of.sentiment is None else numbers.signed(of.sentiment)


def _choices(of: RecapWidget) -> str:
    """Was this helpful? 71 % Yes, 29 % No."""
    most = sorted((each for each in of.options if each.count), key=lambda each: -each.count)[:3]
    name = of.name if of.name[-1:] in "?!." else f"{of.name}:"
    return f"{name} {', '.join(f'{numbers.percent(each.count, of.total)} {each.label}' for each in most)}."
