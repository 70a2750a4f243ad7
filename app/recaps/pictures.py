"""The charts of a recap, each with a heading and alternative text."""

from dataclasses import dataclass
from datetime import date

from app.queries.recaps import Recap, RecapWidget
from app.recaps.chart_data import Chart, Distribution, Positive, Share, Trend
from app.recaps.email_lists import short_name
from app.text import numbers, widget_types


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, the name that the email refers to it by, its heading and its alternative text."""

    name: str
    title: str
    alt: str
    chart: Chart


def pictures_of(recap: Recap) -> list[Picture]:
    """Charts of the trend, the chosen options and the positive share; those without data are left out."""
    days = recap.days
    length = (recap.ends_on - recap.starts_on).days + 1
    now, before = days[-length:], days[:-length]
    this, last = ("This week", "The week before") if recap.unit == "week" else (
        f"{recap.starts_on:%B}", f"{before[0].day:%B}"
    )  # fmt: skip
    peak = max(now, key=lambda day: day.responses)
    old = [day.responses for day in before]
    pictures = [Picture(
        "trend", "Responses a day",
        f"Responses a day, {numbers.number(recap.total)} in all{_before(recap)}; most on "
        f"{peak.day:%A} {numbers.day(peak.day)}: {numbers.number(peak.responses)}",
        Trend(
            tuple(day.day for day in now), tuple(day.responses for day in now),
            tuple((old + [0] * length)[:length]), this, last,
        ),
    )]  # fmt: skip
    widgets = [row for row in recap.widgets if len(row.options) > 1 and row.type in widget_types.WITH_OPTIONS][:8]
    if widgets:
        pictures.append(Picture(
            "distribution", "What people chose", "What people chose. " + " ".join(map(_choices, widgets)),
            Distribution(tuple((widget.name, _figure(widget), _shares(widget)) for widget in widgets)),
        ))  # fmt: skip
    points = [(_label(recap, period.starts_on), period.positive) for period in recap.history]
    while points and points[0][1] is None:
        points.pop(0)
    if len(points) > 1 and recap.positive is not None:
        alt = f"{numbers.share(recap.positive)} of responses positive"
        if recap.positive_before is not None:
            alt += f", before {numbers.share(recap.positive_before)}"
        pictures.append(Picture("positive", f"Positive, {len(points)} {recap.unit}s", alt, Positive(tuple(points))))
    return pictures


def _before(recap: Recap) -> str:
    return "" if recap.before is None else f", before {numbers.number(recap.before)}"


def _label(recap: Recap, starts_on: date) -> str:
    return numbers.day(starts_on) if recap.unit == "week" else f"{starts_on:%b}"


def _shares(widget: RecapWidget) -> tuple[Share, ...]:
    # Positive options come first in every bar, whatever their order on the page, so that bars can be compared.
    options = sorted(widget.options, key=lambda option: -option.weight)
    return tuple(Share(option.count, option.weight) for option in options)


def _figure(widget: RecapWidget) -> str:
    if widget.nps is not None:
        return f"NPS {numbers.signed(widget.nps, 0)}"
    if widget.average is not None:
        return numbers.number(widget.average, 1)
    if widget.positive is not None and widget.type in widget_types.VOTES:
        return numbers.percent(widget.positive, 1)
    return numbers.number(widget.total) if widget.sentiment is None else numbers.signed(widget.sentiment)


def _choices(widget: RecapWidget) -> str:
    """Such as: Was this helpful? 71 % Yes, 29 % No."""
    most = sorted((option for option in widget.options if option.count), key=lambda option: -option.count)[:3]
    name = short_name(widget.name) if widget.name[-1:] in "?!." else f"{short_name(widget.name)}:"
    choices = (f"{numbers.percent(option.count, widget.total)} {short_name(option.label)}" for option in most)
    return f"{name} {', '.join(choices)}."
