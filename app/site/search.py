"""The search of the documentation: sections that the server searches, and an index of them for a static host."""

import json
from collections import Counter
from dataclasses import astuple, dataclass
from functools import lru_cache

from app.site import api, docs, markdown
from app.site.keywords import KEYWORDS
from app.site.places import Place
from app.text import full_text

MOST_OF_A_PAGE = 3
# How much a word counts in an entry's heading, title, keywords and text.
WEIGHTS = {"heading": 6.0, "title": 4.0, "keywords": 20.0, "text": 1.0}


@dataclass(frozen=True, slots=True)
class Entry:
    """A section that can be found; `path` of its page, `anchor` empty for the page itself, which has the keywords."""

    path: str
    anchor: str
    title: str
    heading: str
    keywords: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """An entry that matches a search; `excerpt` is the text around the first match."""

    entry: Entry
    excerpt: str


@lru_cache(maxsize=1)
def entries() -> list[Entry]:
    """All sections of the documentation, and the groups of calls of the API."""
    sections = [
        Entry(
            f"docs/{page.name}",
            section.anchor,
            page.title,
            section.heading,
            "" if section.anchor else f"{page.name} {KEYWORDS.get(page.name, '')}",
            section.text or ("" if section.anchor else page.summary),
        )
        for page in docs.pages().values()
        for section in markdown.sections(page.text)
    ]
    calls = [
        Entry(
            f"docs/api/{tag.name}",
            "",
            f"API: {tag.name}",
            f"API: {tag.name}",
            "",
            " ".join([tag.description, *(f"{call.summary} {call.method} {call.path}." for call in tag.calls)]),
        )
        for tag in api.tags()
    ]
    return sections + calls


def search(query: str, most: int = 20) -> list[Result]:
    """Return up to `most` sections that match a query, best first, and of a page the best few only."""
    results: list[Result] = []
    of_page: Counter[str] = Counter()
    for hit in _index().search(query, most * MOST_OF_A_PAGE):
        entry = entries()[hit.position]
        of_page[entry.path] += 1
        if of_page[entry.path] <= MOST_OF_A_PAGE:
            results.append(Result(entry, hit.excerpt))
    return results[:most]


def index_json(place: Place) -> str:
    """Return the static site's index: addresses and fields of the entries, in the order of `Entry`."""
    rows = [[place.url(each.path), *astuple(each)[1:]] for each in entries()]
    return json.dumps({"weights": WEIGHTS, "mostOfAPage": MOST_OF_A_PAGE, "entries": rows}, ensure_ascii=False)


@lru_cache(maxsize=1)
def _index() -> full_text.Index:
    fields = [[each.heading, each.title, each.keywords, each.text] for each in entries()]
    return full_text.Index(fields, list(WEIGHTS.values()))
