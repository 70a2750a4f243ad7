"""The trend of 30 days against the 30 before, as shapes that a template writes as SVG."""

from dataclasses import dataclass
from datetime import date

from app.queries.projects import Day

DAYS = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One day: its place and width in percent of the chart, its height in units of 0 to 100 from the top."""

    day: date
    signals: int
    before: int
    x: float
    width: float
    middle: float
    y: float
    has_label: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart that is 100 wide and 100 high: lines as SVG paths, and lines of the grid with their numbers."""

    columns: list[Column]
    line: str
    area: str
    before: str
    grid: list[tuple[float, int]]
    is_empty: bool


def drawn(days: list[Day]) -> Trend:
    """The chart of the last 30 of `days`, with the 30 before them as a second line."""
    now, before = days[-DAYS:], days[-2 * DAYS : -DAYS]
    top = _top(max(day.signals for day in days))
    width = 100 / len(now)
    columns = [
        Column(day.day, day.signals, old.signals, n * width, width, (n + 0.5) * width, _y(day.signals, top), n % 7 == 1)
        for n, (day, old) in enumerate(zip(now, before, strict=True))
    ]
    line = "L".join(f"{column.middle:.2f} {column.y:.2f}" for column in columns)
    old_line = "L".join(f"{column.middle:.2f} {_y(column.before, top):.2f}" for column in columns)
    area = f"M{columns[0].middle:.2f} 100L{line}L{columns[-1].middle:.2f} 100Z"
    grid = [(_y(top * part, top), round(top * part)) for part in (0, 0.5, 1)]
    return Trend(columns, "M" + line, area, "M" + old_line, grid, not any(day.signals for day in days))


def _y(signals: float, top: int) -> float:
    return 100 - 100 * signals / top


def _top(most: int) -> int:
    """A round number that no day is above, and whose half is a whole one: 2, 4, 6, 8, 10, 12, 16, 20, 30, 40, …"""
    power = 1
    while most > 10 * power:
        power *= 10
    steps = (2, 4, 6, 8, 10) if power == 1 else (1.2, 1.6, 2, 3, 4, 6, 8, 10)
    return next(round(step * power) for step in steps if most <= round(step * power))
