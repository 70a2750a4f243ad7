"""The trend of a window and the one before, as shapes for the SVG of a template."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from app.panel.shared.filters import Filter
from app.queries.overview import Series, Starts
from app.queries.releases import ReleaseMark
from app.text.numbers import day

LABELS = 7
MOST_NAMES, LONGEST_NAME = 3, 30  # of releases in a tooltip


@dataclass(frozen=True, slots=True)
class Column:
    """One part of the window: `x`, `width` and `middle` in percent of the chart's width, `y` from 0 (top) to 100.

    `by_widget` is the number of responses of each widget. `first_day` and `last_day` are None for hours. `releases` are
    those of that time, each with its x.
    """

    words: str
    responses: int
    words_before: str
    before: int | None
    by_widget: tuple[int, ...]
    x: float
    width: float
    middle: float
    y: float
    label: str
    first_day: date | None = None
    last_day: date | None = None
    releases: tuple[tuple[float, ReleaseMark], ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart of 100 by 100: SVG paths, and the grid's lines with their numbers.

    `widgets` are the paths of the widgets' own lines, each scaled to its own largest number. Columns are rendered here
    because a template takes four times as long.
    """

    columns: list[Column]
    line: str
    area: str
    before: str
    grid: list[tuple[float, int]]
    widgets: list[str]
    is_empty: bool
    releases: list[ReleaseMark]

    def marks(self) -> Markup:
        """The labels below the chart and the columns' tooltips, for a chart 180 high."""
        return Markup("".join(map(_label_and_mark, self.columns)))  # noqa: S704  # escaped there

    @property
    def has_days(self) -> bool:
        """Whether its parts are days, or many of them, that a filter can name."""
        return len(self.columns) > 1 and self.columns[0].first_day is not None

    def rows(self, address: str, filter: Filter, releases_url: str) -> Markup:
        """Rows of a table, newest first: time, responses, before, each widget's responses, releases if there are any.

        The times lead to the screen at `address` with that time in its `filter`, releases to theirs below
        `releases_url`.
        """
        url = str(escape(address + filter.query_with(from_day="FIRST", to_day="LAST"))) if self.has_days else ""
        releases = releases_url if self.releases else ""
        rows = (_row(column, url, releases) for column in reversed(self.columns))
        return Markup("".join(rows))  # noqa: S704 - escaped there


def _label_and_mark(column: Column) -> str:
    middle, y, words = f"{column.middle:.2f}%", 20 + 1.8 * column.y, escape(column.words)
    before = "" if column.before is None else f"; {escape(column.words_before)}: {column.before:,}"
    side, place = (
        ("start", "0") if column.middle < 25 else ("end", "100%") if column.middle > 75 else ("middle", middle)
    )
    label = f'<text class="axis middle" x="{middle}" y="226">{escape(column.label)}</text>' if column.label else ""
    return (
        f'{label}<g class="day"><rect class="hit" x="{column.x:.2f}%" y="0" width="{column.width:.2f}%" height="206"/>'
        f'<line class="mark" x1="{middle}" x2="{middle}" y1="20" y2="200"/>'
        f'<circle class="dot" cx="{middle}" cy="{y:.1f}" r="4"/>'
        f'<text class="tip {side}" x="{place}" y="12">{words}: {column.responses:,}{before}</text>'
        f"{_releases(column, side, place) if column.releases else ''}</g>\n"
    )


def _releases(column: Column, side: str, place: str) -> str:
    """A flag for each release, and their names as a second line of the tooltip."""
    flags = "".join(
        f'<line class="release" x1="{x:.2f}%" x2="{x:.2f}%" y1="20" y2="200"/>'
        f'<rect class="release" x="{x:.2f}%" y="20" width="9" height="7"/>'
        for x, _ in column.releases
    )
    names = [release.name for _, release in column.releases]
    short = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in names[:MOST_NAMES]]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    words = f"{'Release' if len(names) == 1 else 'Releases'} {escape(', '.join(short))}{more}"
    return f'{flags}<text class="tip name {side}" x="{place}" y="34">{words}</text>'


def _row(column: Column, url: str, releases_url: str) -> str:
    widgets = "".join(f"<td>{n:,}</td>" if n else '<td class="zero">0</td>' for n in column.by_widget)
    before = "–" if column.before is None else f"{column.before:,}"
    both = f"<td>{column.responses:,}</td><td>{before}</td>"
    words = str(escape(column.words))
    if url:
        address = url.replace("FIRST", str(column.first_day)).replace("LAST", str(column.last_day))
        words = f'<a href="{address}">{words}</a>'
    links = ", ".join(
        f'<a href="{escape(releases_url)}/{release.id}" dir="auto">{escape(release.name)}</a>'
        for _, release in column.releases
    )
    releases = f'<td class="names">{links}</td>' if releases_url else ""
    return f'<tr><th scope="row">{words}</th>{both}{widgets}{releases}</tr>\n'


def spark(numbers: list[int] | None, from_day: date, to_day: date, today: date) -> str:
    """The SVG path of a small line of 100 by 100, scaled to its largest number; empty without numbers.

    `numbers` are of equal parts of the days, as in fn.page_trends. The line ends at the part that is today.
    """
    if not numbers or len(numbers) < 2:
        return ""
    step = 100 / (len(numbers) - 1)
    part = (today - from_day).days * len(numbers) // ((to_day - from_day).days + 1)
    past = numbers[: max(part, 0) + 1]
    return _line([f"{n * step:.1f} " for n in range(len(past))], past, max(1, *numbers))


def build(trend: Starts, widgets: list[Series], shift: timedelta | None, time_zone: str | None = None) -> Trend:
    """The chart of the widgets' responses, and the releases of that time.

    `shift` is how long before its comparison is; None, without any line, where there is none. With the project's
    `time_zone`, lines end at the part that is now: what comes after it has no responses yet.
    """
    unit, starts = trend.unit, trend.starts
    parts = len(starts) - 1
    by_widget = list(zip(*(each.responses for each in widgets), strict=True)) or [()] * parts
    responses = [sum(part) for part in by_widget]
    before = [sum(part) for part in zip(*(each.before for each in widgets), strict=True)] or [0] * parts
    top = _top(max([*responses, *(before if shift else ()), 1]))
    width, step = 100 / parts, -(-parts // LABELS)
    columns = [
        Column(
            _words(unit, starts[n], starts[n + 1]),
            responses[n],
            _words(unit, starts[n] - shift, starts[n + 1] - shift) if shift else "",
            before[n] if shift else None,
            by_widget[n],
            n * width,
            width,
            (n + 0.5) * width,
            _y(responses[n], top),
            _label(unit, starts[n]) if n % step == step // 2 else "",
            None if unit == "hour" else starts[n].date(),
            None if unit == "hour" else (starts[n + 1] - timedelta(days=1)).date(),
            tuple(
                ((n + (each.at - starts[n]) / (starts[n + 1] - starts[n])) * width, each)
                for each in trend.releases
                if starts[n] <= each.at < starts[n + 1]
            ),
        )
        for n in range(parts)
    ]
    places = [f"{column.middle:.2f} " for column in columns]
    now = datetime.now(ZoneInfo(time_zone)).replace(tzinfo=None) if time_zone else datetime.max
    past = max(1, sum(start <= now for start in starts[:-1]))
    line = _line(places[:past], responses[:past], top)
    area = f"{line}L{columns[past - 1].middle:.2f} 100L{columns[0].middle:.2f} 100Z"
    grid = [(_y(top * part, top), round(top * part)) for part in (0, 0.5, 1)]
    own = [_line(places[:past], each.responses[:past], max(1, *each.responses)) for each in widgets]
    is_empty = not any(responses)
    compared = _line(places, before, top) if shift else ""
    return Trend(columns, line, area, compared, grid, own, is_empty, trend.releases)


def _line(places: list[str], numbers: list[int], top: int) -> str:
    scale = 100 / top
    return "M" + "L".join([f"{x}{100 - scale * each:.2f}" for x, each in zip(places, numbers, strict=True)])


def _words(unit: str, start: datetime, end: datetime) -> str:
    if unit == "hour":
        return f"{day(start)}, {start:%H:%M}"
    last = end - timedelta(days=1)
    return day(start) if last <= start else f"{day(start)} – {day(last)}"


def _label(unit: str, start: datetime) -> str:
    return f"{start:%H:%M}" if unit == "hour" else day(start)


def _y(responses: float, top: int) -> float:
    return 100 - 100 * responses / top


def _top(most: int) -> int:
    """The smallest round number not below `most` with a whole half: 2, 4, 6, 8, 10, 12, 16, 20, 30, 40, …"""
    power = 1
    while most > 10 * power:
        power *= 10
    steps = (2, 4, 6, 8, 10) if power == 1 else (1.2, 1.6, 2, 3, 4, 6, 8, 10)
    return next(round(step * power) for step in steps if most <= round(step * power))
