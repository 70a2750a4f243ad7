"""Filters of lists that several screens and queries share."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFilter:
    """Filter of a project's responses; None and an empty text match any."""

    widget_id: UUID | None = None
    placement_id: UUID | None = None
    option: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFilter(ResponseFilter):
    """Responses of whole days in the project's time zone, both included."""

    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFilter(ResponseFilter):
    """Responses from `since` until before `until`, of widgets of one type and messages in one state."""

    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFilter:
    """Filter of a project's pages; None and an empty text match any."""

    widget_id: UUID | None = None
    text: str = ""
    is_archived: bool | None = None
