"""A page of a list, and where the pages beside it are."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Listing:
    """Which page of a list is shown: `found` rows in all, `size` on a page; `query` is what was asked for."""

    path: str
    query: Mapping[str, str]
    page: int
    size: int
    found: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.found // self.size))

    @property
    def is_filtered(self) -> bool:
        """Whether something was asked for, so that there may be more without it."""
        return any(self.query.values())

    def url(self, page: int = 1, part: str = "", query: Mapping[str, str] | None = None) -> str:
        """The address of another page of the same list, or of another `query`; `part` is a fragment's own path."""
        values = self.query if query is None else query
        text = urlencode([(name, value) for name, value in values.items() if value] + [("page", page)] * (page > 1))
        return self.path + part + (f"?{text}" if text else "")
