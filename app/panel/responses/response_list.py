"""Which signals a page lists, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import read
from app.queries.filters import DayFilter
from app.queries.responses import SetChoice, Signal
from app.queries.widgets import Option

PAGE = 50


@dataclass(frozen=True, slots=True)
class ResponseList:
    """Signals of a filter, newest first: those older than `before_id` where there is one, and whether more follow."""

    slug: str
    filter: DayFilter
    before_id: UUID | None
    sets: list[SetChoice]
    signals: list[Signal]
    has_older: bool

    @property
    def is_any(self) -> bool:
        """Whether the list begins with the newest signal and leaves none out."""
        return self.filter == DayFilter() and self.before_id is None

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
        filter = self.filter
        values = {
            "set": filter.content_set_id,
            "content": filter.content_id,
            "option": filter.option,
            "from": filter.from_day,
            "to": filter.to_day,
            "q": filter.text,
            "before": before_id or (None if part or without else self.before_id),
        }
        query = urlencode({name: value for name, value in values.items() if value and name != without})
        return f"/projects/{self.slug}/signals{part}" + (f"?{query}" if query else "")


def response_filter(query: Mapping[str, str]) -> DayFilter:
    """The filter of a query string.

    Raises:
        FeelbackError: 422 where an id is not a UUID or a day not a date.
    """
    content_set_id = id_of(query, "set")
    return DayFilter(
        content_set_id=content_set_id,
        content_id=id_of(query, "content"),
        option=(read.text(query, "option", 100) or None) if content_set_id else None,
        from_day=_day(query, "from"),
        to_day=_day(query, "to"),
        text=read.text(query, "q", 200),
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
