"""Filter, window, order and page number of the list of pages, from a query string."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.panel.projects.windows import WINDOWS
from app.panel.responses.response_list import id_of
from app.panel.shared import read
from app.queries.filters import PageFilter

PAGE = 50
MOST_PAGES = 10_000
# Order and its label.
SORTS = {"responses": "Responses", "change": "Change", "score": "Score", "newest": "First response"}
DAYS = {name: window for name, window in WINDOWS.items() if name != "24h"}


@dataclass(frozen=True, slots=True)
class PageChoice:
    """What the list of pages shows; `text` is searched in keys, `page` counts from 1."""

    widget_id: UUID | None = None
    text: str = ""
    window: str = "30d"
    sort: str = "responses"
    is_rising: bool = False
    is_archived: bool = False
    page: int = 1

    @property
    def days(self) -> int:
        """Days of the window."""
        return DAYS[self.window][0]

    @property
    def filter(self) -> PageFilter:
        """The part that leaves pages out."""
        return PageFilter(widget_id=self.widget_id, text=self.text, is_archived=self.is_archived)

    @property
    def is_any(self) -> bool:
        """Whether the list shows all pages that are not archived."""
        return not (self.widget_id or self.text or self.is_archived)

    @property
    def query(self) -> dict[str, str]:
        """Values of a query string without the page number; defaults are empty."""
        default = PageChoice()
        return {
            "widget": str(self.widget_id or ""),
            "q": self.text,
            "window": "" if self.window == default.window else self.window,
            "sort": "" if self.sort == default.sort and not self.is_rising else self.sort,
            "order": "rising" if self.is_rising else "",
            "archived": "yes" if self.is_archived else "",
        }

    def sorted_by(self, sort: str) -> dict[str, str]:
        """The query sorted by `sort`, reversed if it is sorted by that already."""
        return replace(self, sort=sort, is_rising=sort == self.sort and not self.is_rising).query


def page_choice(query: Mapping[str, str]) -> PageChoice:
    """The choice in a query string; unknown values fall back to defaults.

    Raises:
        FeelbackError: 422 if the widget's id is not a UUID.
    """
    window, sort = query.get("window", ""), query.get("sort", "")
    return PageChoice(
        id_of(query, "widget"),
        read.text(query, "q", 200),
        window if window in DAYS else "30d",
        sort if sort in SORTS else "responses",
        query.get("order") == "rising",
        query.get("archived") == "yes",
        read.number(query, "page", 1, 1, MOST_PAGES),
    )
