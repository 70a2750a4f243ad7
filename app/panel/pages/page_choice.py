"""Filter, order and page number of the list of pages, from a query string."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.panel.shared import filters, read
from app.panel.shared.filters import Filter
from app.queries.filters import PageFilter

PAGE = 25
MOST_PAGES = 10_000
# Order and its label.
SORTS = {
    "responses": "Responses",
    "change": "Change",
    "unhappy": "Unhappy responses",
    "score": "Sentiment",
    "newest": "First response",
}


@dataclass(frozen=True, slots=True)
class PageChoice:
    """What the list of pages shows; `text` is searched in keys and titles, `page` counts from 1."""

    filter: Filter = field(default_factory=Filter)
    text: str = ""
    sort: str = "responses"
    is_rising: bool = False
    is_archived: bool = False
    page: int = 1

    @property
    def pages(self) -> PageFilter:
        """The part that leaves pages out."""
        return PageFilter(text=self.text, is_archived=self.is_archived)

    @property
    def is_any(self) -> bool:
        """Whether the list shows all pages that are not archived."""
        return not (self.text or self.is_archived) and self.filter.is_any

    @property
    def query(self) -> dict[str, str]:
        """Values of a query string without the page number; defaults are empty."""
        # The number of the list's page is called page here, as on every list: a page's id leads to its own screen.
        return {name: value for name, value in self.filter.values.items() if name != "page"}

    @property
    def extra(self) -> dict[str, str]:
        """The part of the query that is of this list only."""
        return {
            "q": self.text,
            "sort": "" if self.sort == "responses" and not self.is_rising else self.sort,
            "order": "rising" if self.is_rising else "",
            "archived": "yes" if self.is_archived else "",
        }

    def sorted_by(self, sort: str) -> dict[str, str]:
        """The query sorted by `sort`, reversed if it is sorted by that already."""
        choice = replace(self, sort=sort, is_rising=sort == self.sort and not self.is_rising)
        return {**self.query, **choice.extra}


def page_choice(query: Mapping[str, str]) -> PageChoice:
    """The choice in a query string; an unknown order falls back to the default.

    Raises:
        FeelbackError: 422 if the widget's id is not a UUID, or the period unknown.
    """
    sort = query.get("sort", "")
    choice = PageChoice(
        filters.from_query({name: value for name, value in query.items() if name != "page"}),
        read.text(query, "q", 200),
        sort if sort in SORTS else "responses",
        query.get("order") == "rising",
        query.get("archived") == "yes",
        read.number(query, "page", 1, 1, MOST_PAGES),
    )
    return replace(choice, filter=replace(choice.filter, extra=choice.extra))
