"""The window of a screen and its comparison, as a query string names them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.errors import FeelbackError
from app.queries.projects import Project

# Name in the query string (fn.named_window), label, the key that chooses it.
WINDOWS = {
    "today": ("Today", "d"),
    "yesterday": ("Yesterday", "e"),
    "24h": ("Last 24 hours", "h"),
    "7d": ("Last 7 days", "w"),
    "30d": ("Last 30 days", "t"),
    "90d": ("Last 90 days", "q"),
    "month": ("Month to date", "m"),
    "last-month": ("Last month", "l"),
    "365d": ("Last 365 days", "y"),
    "all": ("All time", "a"),
}
COMPARISONS = {"previous": "Previous period", "year": "Year before", "none": "No comparison"}
MOST_DAYS = 1830
OVER = ("yesterday", "last-month")  # windows that do not include today


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its `name` in WINDOWS, or a custom range with both days included, and its comparison.

    None stands for what the person chose last, until `resolved`.
    """

    name: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    compare: str | None = None

    @property
    def days(self) -> int | None:
        """Number of days, 1 for the last 24 hours; None where the name does not say."""
        return {"24h": 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365}.get(self.name or "")

    @property
    def label(self) -> str:
        """Its label; empty for a custom range."""
        return WINDOWS[self.name][0] if self.name else ""

    @property
    def values(self) -> dict[str, str]:
        """What the query string says of it."""
        days = {"from": str(self.from_day or ""), "to": str(self.to_day or "")}
        return {"period": self.name or "", **days, "compare": self.compare or ""}

    def includes_now(self, time_zone: str) -> bool:
        """Whether new responses of a project in that zone are in it; one without a name or days is of all time."""
        today = datetime.now(ZoneInfo(time_zone)).date()
        is_since, is_until = (self.from_day or today) <= today, (self.to_day or today) >= today
        return self.name not in OVER and is_since and is_until

    def resolved(self, project: Project) -> "Window":
        """The same, with what the person chose last in place of None."""
        name = self.name or (None if self.from_day else project.window_name)
        return replace(self, name=name, compare=self.compare or project.comparison)


def from_query(values: Mapping[str, str]) -> Window:
    """The window of a query string; links of earlier versions call `period` `window`.

    Raises:
        FeelbackError: 422 if the query string names no valid window.
    """
    compare = values.get("compare") or None
    if compare not in (None, *COMPARISONS):
        raise FeelbackError(422, f"Unknown comparison. Choose one of {', '.join(COMPARISONS)}.")
    if values.get("from") or values.get("to"):
        from_day, to_day = _day(values.get("from", "")), _day(values.get("to", ""))
        check_order(from_day, to_day)
        if to_day - from_day >= timedelta(MOST_DAYS):
            raise FeelbackError(422, f"A range has {MOST_DAYS:,} days at most. Choose a shorter one.")
        return Window(None, from_day, to_day, compare)
    name = values.get("period") or values.get("window") or None
    if name not in (None, *WINDOWS):
        raise FeelbackError(422, f"Unknown period. Choose one of {', '.join(WINDOWS)}.")
    return Window(name, compare=compare)


def check_order(from_day: date, to_day: date) -> None:
    """Check that a range does not end before it begins.

    Raises:
        FeelbackError: 422 if it does.
    """
    if to_day < from_day:
        raise FeelbackError(422, "The range ends before it begins. Choose a last day on or after the first.")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise FeelbackError(422, "Enter both days, from 2000 to 2100, as in 2026-08-03.")
    return day
