"""The window that a page shows, as its address says: the last 24 hours, some days, or from one day to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from app.errors import FeelbackError

# As they stand in the address, with their days and words.
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
    """A window: `name` of WINDOWS, or both days, included; `days` is None then."""

    name: str = DEFAULT
    from_day: date | None = None
    to_day: date | None = None

    @property
    def days(self) -> int | None:
        """How many days it has, 1 for the last 24 hours; None where it goes from day to day."""
        return None if self.from_day else WINDOWS[self.name][0]

    @property
    def words(self) -> str:
        """What it is called after "the last"; empty where it goes from day to day."""
        return "" if self.from_day else WINDOWS[self.name][1]

    @property
    def query(self) -> str:
        """What asks for it in an address, with its question mark; nothing for the usual one."""
        if self.from_day:
            return "?" + urlencode({"from": self.from_day, "to": self.to_day})
        return "" if self.name == DEFAULT else f"?window={self.name}"


def asked(given: Mapping[str, str]) -> Window:
    """The window that a query string asks for, the last 30 days where it asks for none.

    Raises:
        FeelbackError: 422, where it is none.
    """
    if given.get("from") or given.get("to"):
        from_day, to_day = _day(given.get("from", "")), _day(given.get("to", ""))
        if to_day < from_day:
            raise FeelbackError(
                422, "The window ends before it begins. Choose a last day that is not before the first."
            )
        if to_day - from_day >= timedelta(MOST_DAYS):
            raise FeelbackError(422, f"A window has {MOST_DAYS:,} days at most. Choose days that are closer.")
        return Window("", from_day, to_day)
    name = given.get("window", DEFAULT)
    if name not in WINDOWS:
        raise FeelbackError(422, f"There is no such window. Choose one of {', '.join(WINDOWS)}.")
    return Window(name)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise FeelbackError(422, "Give both days of the window, from 2000 to 2100, as in 2026-08-03.")
    return day
