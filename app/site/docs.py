"""The documentation: pages in the order of the navigation, and a search."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.config import ROOT
from app.site import markdown, settings_page
from app.site.markdown import Section

FOLDER = ROOT / "docs"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Begin", ("getting-started", "concepts", "types", "follow-ups", "passages", "merging-pages")),
    (
        "On your pages",
        (
            "html", "display-rules", "seen-counts", "no-javascript", "react", "vue", "svelte", "astro", "wordpress",
            "published-sdk", "elements",
        ),
    ),
    ("Move here", ("from-feelback", "from-lyket", "from-your-own")),
    ("In the panel", ("inbox", "issues", "releases", "destinations", "recaps", "exports")),
    ("Reference", ("formulas", "errors", "visitors")),
    (
        "Run it yourself",
        (
            "self-hosting", "settings", "docker", "fly", "backups", "recovery", "rolling-back", "jobs", "pgbouncer",
            "watching", "performance", "insights", "going-live", "static-site",
        ),
    ),
)  # fmt: skip
SHORT = {"recovery": "Standby and recovery", "watching": "Watching", "insights": "Insights in SQL"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation; `name` is the file's stem, `text` Markdown."""

    name: str
    title: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """A section that matches a search; `excerpt` is the text around the first match."""

    page: str
    title: str
    heading: str
    anchor: str
    excerpt: str


@lru_cache(maxsize=1)
def pages() -> dict[str, Page]:
    """Pages by name, in the order of the navigation; files missing from it come last."""
    names = [name for _, group in GROUPS for name in group]
    names += sorted({path.stem for path in FOLDER.glob("*.md")} - set(names))
    texts = {name: _text(name) for name in names}
    return {
        name: Page(name, markdown.title(text), markdown.summary(text), text) for name, text in texts.items() if text
    }


@lru_cache(maxsize=1)
def navigation() -> list[tuple[str, list[Page]]]:
    """Groups of pages, as the navigation lists them."""
    groups = [(group, [pages()[name] for name in names if name in pages()]) for group, names in GROUPS]
    rest = [page for name, page in pages().items() if not any(name in names for _, names in GROUPS)]
    return groups + ([("More", rest)] if rest else [])


def around(name: str) -> tuple[Page | None, Page | None]:
    """Return the pages before and after a page, or None."""
    every = list(pages().values())
    at = next(at for at, page in enumerate(every) if page.name == name)
    return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)


@lru_cache(maxsize=1)
def index() -> list[tuple[Page, Section]]:
    """All sections, each with its page."""
    return [(page, section) for page in pages().values() for section in markdown.sections(page.text)]


def search(query: str, most: int = 20) -> list[Result]:
    """Return up to `most` sections that contain all words of a query, best first."""
    words = re.findall(r"\w+", query.lower())[:10]
    if not words:
        return []
    scored = []
    for page, section in index():
        title, heading, text = page.title.lower(), section.heading.lower(), section.text.lower()
        if all(word in f"{title} {heading} {text}" for word in words):
            score = sum(8 * (word in heading) + 4 * (word in title) + min(text.count(word), 5) for word in words)
            scored.append((score, page, section))
    scored.sort(key=lambda each: -each[0])
    return [
        Result(page.name, page.title, section.heading, section.anchor, _excerpt(section.text, words))
        for _, page, section in scored[:most]
    ]


def _excerpt(text: str, words: list[str]) -> str:
    at = min((place for word in words if (place := text.lower().find(word)) >= 0), default=0)
    start = max(0, text.rfind(" ", 0, max(0, at - 60)) + 1)
    cut = text[start : start + 180]
    return ("… " if start else "") + (cut.rpartition(" ")[0] + " …" if start + 180 < len(text) else cut)


def _text(name: str) -> str:
    if name == "settings":
        return settings_page.text()
    if name == "elements":
        return (ROOT / "static/sdk/README.md").read_text()
    path = FOLDER / f"{name}.md"
    return path.read_text() if path.is_file() else ""
