"""The list of responses that a query string names."""

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
    """Responses of a filter, newest first, from the one before `before_id` on if there is one."""

    slug: str
    filter: DayFilter
    before_id: UUID | None
    widgets: list[WidgetChoice]
    responses: list[Response]
    has_older: bool

    @property
    def is_any(self) -> bool:
        """Whether the list starts with the newest response and has no filter."""
        return self.filter == DayFilter() and self.before_id is None

    @property
    def options(self) -> list[Option]:
        """Options of the widget in the filter; empty without one or with a single option."""
        widget = next((each for each in self.widgets if each.id == self.filter.widget_id), None)
        return widget.options if widget and len(widget.options) > 1 else []

    @property
    def older_id(self) -> UUID:
        """Id of the last response of this page of the list."""
        return self.responses[-1].id

    @property
    def export_url(self) -> str:
        """URL of the export form with the same filter."""
        return self.url(without="before").replace("/responses", "/exports", 1)

    def url(self, part: str = "", *, before_id: UUID | None = None, without: str = "") -> str:
        """URL of this list; `part` is a fragment's path, `without` a value to leave out."""
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
    """The filter in a query string.

    Raises:
        FeelbackError: 422 if an id is not a UUID or a day is not a date.
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


def id_of(values: Mapping[str, str], name: str) -> UUID | None:
    """The id named `name` in a query string, if any.

    Raises:
        FeelbackError: 422 if it is not a UUID.
    """
    try:
        return UUID(values[name]) if values.get(name) else None
    except ValueError:
        raise FeelbackError(422, f"“{name}” in the URL must be an id. Open the list again.") from None


def _day(values: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(values[name]) if values.get(name) else None
    except ValueError:
        raise FeelbackError(422, f"“{name}” must be a date, as in 2026-08-03.") from None
