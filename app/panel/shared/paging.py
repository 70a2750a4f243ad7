"""Pages of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list with `total` rows in all and `size` on a page; `query` holds the list's filters."""

    path: str
    query: Mapping[str, str]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is active."""
        return any(self.query.values())

    def url(self, page: int = 1, part: str = "", query: Mapping[str, str] | None = None) -> str:
        """URL of a page of the list, optionally with another `query`; `part` is a fragment's path."""
        values = self.query if query is None else query
        text = urlencode([(name, value) for name, value in values.items() if value] + [("page", page)] * (page > 1))
        return self.path + part + (f"?{text}" if text else "")
