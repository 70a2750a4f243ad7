"""Which signals a page lists, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import read
from app.queries.responses import SetChoice, Signal
from app.queries.widgets import Option

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Of which set, content, option (by value) and days, with which text, older than which signal; None is any."""

    content_set_id: UUID | None = None
    content_id: UUID | None = None
    option: str = ""
    from_day: date | None = None
    to_day: date | None = None
    text: str = ""
    before_id: UUID | None = None

    @property
    def is_any(self) -> bool:
        """Whether every signal is meant."""
        return self == Filter(before_id=self.before_id)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of signals, and whether there are older ones."""

    slug: str
    filter: Filter
    sets: list[SetChoice]
    signals: list[Signal]
    has_older: bool

    @property
    def options(self) -> list[Option]:
        """The options of the set that the list is held to."""
        chosen = [each for each in self.sets if each.id == self.filter.content_set_id]
        return chosen[0].options if chosen and len(chosen[0].options) > 1 else []

    @property
    def older_id(self) -> UUID:
        """The signal that older ones are older than."""
        return self.signals[-1].id

    @property
    def export_url(self) -> str:
        """The address where all that the filter takes can be exported."""
        return self.url(without="before").replace("/signals", "/exports", 1)

    def url(self, part: str = "", *, before_id: UUID | None = None, without: str = "") -> str:
        """The address of this list, or of its fragment: from its beginning, or of what is older than a signal."""
        wanted = self.filter
        given = {
            "set": wanted.content_set_id,
            "content": wanted.content_id,
            "option": wanted.option,
            "from": wanted.from_day,
            "to": wanted.to_day,
            "q": wanted.text,
            "before": before_id or (None if part or without else wanted.before_id),
        }
        query = urlencode({name: value for name, value in given.items() if value and name != without})
        return f"/projects/{self.slug}/signals{part}" + (f"?{query}" if query else "")


def asked(given: Mapping[str, str]) -> Filter:
    """The filter of a query string.

    Raises:
        FeelbackError: 422, where an id or a day is none.
    """
    content_set_id = id_of(given, "set")
    return Filter(
        content_set_id,
        id_of(given, "content"),
        read.text(given, "option", 100) if content_set_id else "",
        _day(given, "from"),
        _day(given, "to"),
        read.text(given, "q", 200),
        id_of(given, "before"),
    )


def id_of(given: Mapping[str, str], name: str) -> UUID | None:
    """The id that a query string gives under a name, if any.

    Raises:
        FeelbackError: 422, where it is none.
    """
    try:
        return UUID(given[name]) if given.get(name) else None
    except ValueError:
        raise FeelbackError(422, f"“{name}” in the address is no id. Open the list again.") from None


def _day(given: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(given[name]) if given.get(name) else None
    except ValueError:
        raise FeelbackError(422, f"“{name}” must be a day, as in 2026-08-03.") from None
