"""The list of responses that a query string names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import auth, filters, read
from app.panel.shared.filters import SENTIMENTS, Filter, id_of
from app.panel.shared.windows import Window, check_order
from app.queries import window_choices
from app.queries.filters import DayFilter
from app.queries.follow_ups import Reason
from app.queries.projects import Project
from app.queries.responses import Response, WidgetChoice
from app.queries.widgets import Option

PAGE = 50


@dataclass(frozen=True, slots=True)
class ResponseList:
    """Responses of a filter, newest first, from the one before `before_id` on if there is one."""

    slug: str
    filter: Filter
    before_id: UUID | None
    widgets: list[WidgetChoice]
    responses: list[Response]
    has_older: bool

    @property
    def is_any(self) -> bool:
        """Whether the list starts with the newest response and has no filter."""
        return not self.filter.query and self.before_id is None

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.filter.extra.get("q", "")

    @property
    def options(self) -> list[Option]:
        """Options of the widget in the filter; empty without one or with a single option."""
        widget = next((each for each in self.widgets if each.id == self.filter.widget_id), None)
        return widget.options if widget and len(widget.options) > 1 else []

    @property
    def reasons(self) -> list[Reason]:
        """Reasons of the option in the filter; empty without one."""
        return next((option.reasons for option in self.options if option.value == self.filter.option), [])

    @property
    def older_id(self) -> UUID:
        """Id of the last response of this page of the list."""
        return self.responses[-1].id

    @property
    def export_url(self) -> str:
        """URL of the export form with the same filter."""
        return f"/projects/{self.slug}/exports{self.filter.query}"

    def url(self, part: str = "", *, before_id: UUID | None = None) -> str:
        """URL of this list; `part` is a fragment's path."""
        return f"/projects/{self.slug}/responses{part}{self.filter.query_with(before=before_id or '')}"

    @property
    def own_url(self) -> str:
        """URL of this page of the list."""
        return self.url(before_id=self.before_id)


def response_filter(query: Mapping[str, str]) -> Filter:
    """The filter in a query string; without a period it is of all time, and either day may be missing.

    Raises:
        FeelbackError: 422 if an id is not a UUID, a day is not a date, the range ends before it begins, the period is
            or the sentiment unknown, or an option has no widget.
    """
    from_day, to_day = days = (read.day(query, "from"), read.day(query, "to"))
    if from_day and to_day:
        check_order(from_day, to_day)
    left_out = {"from", "to"}
    # Where a form chooses another widget, the option of the one before goes; with another option its reason.
    if query.get("option-of", query.get("widget", "")) != query.get("widget", ""):
        left_out |= {"option", "reason"}
    if query.get("reason-of", query.get("option", "")) != query.get("option", ""):
        left_out.add("reason")
    filter = filters.from_query({name: value for name, value in query.items() if name not in left_out})
    if any(days):
        filter = replace(filter, window=Window(None, *days, filter.window.compare))
    placement_id = id_of(query, "placement")
    sentiment = query.get("sentiment", "")
    if sentiment not in ("", *SENTIMENTS):
        raise FeelbackError(422, f"Unknown sentiment. Choose one of {', '.join(SENTIMENTS)}.")
    extra = {"q": read.text(query, "q", 200), "placement": str(placement_id or ""), "sentiment": sentiment}
    return replace(filter, extra=extra)


async def day_filter(project: Project, filter: Filter) -> DayFilter:
    """The responses that a filter includes.

    Raises:
        FeelbackError: 422 if its placement is not a UUID.
    """
    window = filter.window
    from_day, to_day, since, until = window.from_day, window.to_day, None, None
    if window.name:
        span = await window_choices.window_span(auth.tenant(), project.id, window.name, None, None)
        from_day, to_day = span.from_day, span.to_day
        if window.days == 1:
            from_day, to_day, since, until = None, None, span.since, span.until
    return DayFilter(
        widget_id=filter.widget_id,
        placement_id=id_of(filter.extra, "placement"),
        option=filter.option or None,
        reason=filter.reason,
        sentiment=filter.extra.get("sentiment", ""),
        text=filter.extra.get("q", ""),
        page_id=filter.page_id,
        origin=filter.origin,
        from_day=from_day,
        to_day=to_day,
        since=since,
        until=until,
    )
