"""Which contents a page lists, and how, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from app.panel.projects.windows import WINDOWS
from app.panel.responses.response_filter import id_of
from app.panel.shared import read
from app.queries.pages import ContentRow
from app.queries.responses import SetChoice

PAGE = 50
MOST_PAGES = 10_000
# What the columns are sorted by, and their words.
SORTS = {"signals": "Signals", "change": "Change", "score": "Score", "newest": "First signal"}
DAYS = {name: each for name, each in WINDOWS.items() if name != "24h"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which set, with what in their keys, in which window, sorted how; the page counts from 1."""

    content_set_id: UUID | None = None
    text: str = ""
    window: str = "30d"
    sort: str = "signals"
    is_rising: bool = False
    is_archived: bool = False
    page: int = 1

    @property
    def days(self) -> int:
        """How many days the window has."""
        return DAYS[self.window][0]

    @property
    def is_any(self) -> bool:
        """Whether all contents are meant that are not archived."""
        return not (self.content_set_id or self.text or self.is_archived)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of contents."""

    slug: str
    wanted: Wanted
    sets: list[SetChoice]
    contents: list[ContentRow]

    @property
    def found(self) -> int:
        """How many contents there are in all."""
        return self.contents[0].found if self.contents else 0

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, -(-self.found // PAGE))

    def url(self, part: str = "", *, page: int = 1, sort: str = "") -> str:
        """The address of another page, or sorted by something else (the same again turns it round), or its fragment."""
        wanted = replace(self.wanted, page=page)
        if sort:
            wanted = replace(wanted, sort=sort, is_rising=sort == wanted.sort and not wanted.is_rising)
        usual = Wanted()
        given = {
            "set": wanted.content_set_id or "",
            "q": wanted.text,
            "window": "" if wanted.window == usual.window else wanted.window,
            "sort": "" if wanted.sort == usual.sort and not wanted.is_rising else wanted.sort,
            "order": "rising" if wanted.is_rising else "",
            "archived": "yes" if wanted.is_archived else "",
            "page": "" if page == 1 else page,
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/projects/{self.slug}/contents{part}" + (f"?{query}" if query else "")


def asked(given: Mapping[str, str]) -> Wanted:
    """What a query string asks for; what it spells wrong is as usual.

    Raises:
        FeelbackError: 422, where the set's id is none.
    """
    window, sort = given.get("window", ""), given.get("sort", "")
    return Wanted(
        id_of(given, "set"),
        read.text(given, "q", 200),
        window if window in DAYS else "30d",
        sort if sort in SORTS else "signals",
        given.get("order") == "rising",
        given.get("archived") == "yes",
        read.number(given, "page", 1, 1, MOST_PAGES),
    )
