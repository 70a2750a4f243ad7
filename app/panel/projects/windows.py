"""The window that a query string names: the last 24 hours, some days, or a custom range."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from app.errors import FeelbackError

# Name in the query string, days, label.
WINDOWS = {
    "24h": (1, "24 hours"),
    "7d": (7, "7 days"),
    "30d": (30, "30 days"),
    "90d": (90, "90 days"),
    "365d": (365, "1 year"),
}
DEFAULT = "30d"
MOST_DAYS = 1830


@dataclass(frozen=True, slots=True)
class Window:
    """A rolling window by its `name` in WINDOWS, or a custom range with both days included."""

    name: str = DEFAULT
    from_day: date | None = None
    to_day: date | None = None

    @property
    def days(self) -> int | None:
        """Number of days, 1 for the last 24 hours; None for a custom range."""
        return None if self.from_day else WINDOWS[self.name][0]

    @property
    def words(self) -> str:
        """Its label; empty for a custom range."""
        return "" if self.from_day else WINDOWS[self.name][1]

    @property
    def query(self) -> str:
        """The query string with its question mark; empty for the default window."""
        if self.from_day:
            return "?" + urlencode({"from": self.from_day, "to": self.to_day})
        return "" if self.name == DEFAULT else f"?window={self.name}"


def from_query(values: Mapping[str, str]) -> Window:
    """The window of a query string, by default the last 30 days.

    Raises:
        FeelbackError: 422 if the query string names no valid window.
    """
    if values.get("from") or values.get("to"):
        from_day, to_day = _day(values.get("from", "")), _day(values.get("to", ""))
        if to_day < from_day:
            raise FeelbackError(422, "The range ends before it begins. Choose a last day on or after the first.")
        if to_day - from_day >= timedelta(MOST_DAYS):
            raise FeelbackError(422, f"A range has {MOST_DAYS:,} days at most. Choose a shorter one.")
        return Window("", from_day, to_day)
    name = values.get("window", DEFAULT)
    if name not in WINDOWS:
        raise FeelbackError(422, f"Unknown window. Choose one of {', '.join(WINDOWS)}.")
    return Window(name)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise FeelbackError(422, "Enter both days, from 2000 to 2100, as in 2026-08-03.")
    return day
