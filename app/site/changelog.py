"""The changelog's entries, of CHANGELOG.md, for its page and its feed."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.config import ROOT
from app.site import markdown

FILE = ROOT / "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version: its heading, the anchor of it, the day where the heading names one, and what changed, as Markdown."""

    title: str
    anchor: str
    day: str
    text: str


@lru_cache(maxsize=1)
def entries() -> list[Entry]:
    """The versions, the newest first."""
    parts = re.split(r"^## (.+)$", FILE.read_text(), flags=re.MULTILINE)[1:]
    return [_entry(heading, text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def updated(entry: Entry) -> str:
    """When an entry was last changed, as a feed says it: its day, or for what is not released yet that of the first."""
    return f"{entry.day or '2026-11-24'}T00:00:00Z"


def _entry(heading: str, text: str) -> Entry:
    found = re.search(r"\d{4}-\d{2}-\d{2}", heading)
    return Entry(heading.strip(), markdown.anchor(heading), found[0] if found else "", text.strip())
