"""Which responses a page lists, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import read
from app.queries.filters import DayFilter
from app.queries.responses import Response, WidgetChoice
from app.queries.widgets import Option

PAGE = 50


@dataclass(frozen=True, slots=True)
class ResponseList:
    """Responses of a filter, newest first: those older than `before_id` where there is one, and whether more follow."""

    slug: str
    filter: DayFilter
    before_id: UUID | None
    widgets: list[WidgetChoice]
    responses: list[Response]
    has_older: bool

    @property
    def is_any(self) -> bool:
        """Whether the list begins with the newest response and leaves none out."""
        return self.filter == DayFilter() and self.before_id is None

    @property
    def options(self) -> list[Option]:
        """The options of the widget that the list is held to."""
        chosen = [each for each in self.widgets if each.id == self.filter.widget_id]
        return chosen[0].options if chosen and len(chosen[0].options) > 1 else []

    @property
    def older_id(self) -> UUID:
        """The response that older ones are older than."""
        return self.responses[-1].id

    @property
    def export_url(self) -> str:
        """The address where all that the filter takes can be exported."""
        return self.url(without="before").replace("/responses", "/exports", 1)

    def url(self, part: str = "", *, before_id: UUID | None = None, without: str = "") -> str:
        """The address of this list, or of its fragment: from its beginning, or of what is older than a response."""
        filter = self.filter
        values = {
            "widget": filter.widget_id,
            "placement": filter.placement_id,
            "option": filter.option,
            "from": filter.from_day,
            "to": filter.to_day,
            "q": filter.text,
            "before": before_id or (None if part or without else self.before_id),
        }
        query = urlencode({name: value for name, value in values.items() if value and name != without})
        return f"/projects/{self.slug}/responses{part}" + (f"?{query}" if query else "")


def response_filter(query: Mapping[str, str]) -> DayFilter:
    """The filter of a query string.

    Raises:
        FeelbackError: 422 where an id is not a UUID or a day not a date.
    """
    widget_id = id_of(query, "widget")
    return DayFilter(
        widget_id=widget_id,
        placement_id=id_of(query, "placement"),
        option=(read.text(query, "option", 100) or None) if widget_id else None,
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
