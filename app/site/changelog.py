"""The entries of CHANGELOG.md, for the changelog page and its feed."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.config import ROOT
from app.site import markdown

FILE = ROOT / "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version; `day` is YYYY-MM-DD, empty where the heading has none; `text` is Markdown."""

    title: str
    anchor: str
    day: str
    text: str


@lru_cache(maxsize=1)
def entries() -> list[Entry]:
    """Versions, newest first."""
    parts = re.split(r"^## (.+)$", FILE.read_text(), flags=re.MULTILINE)[1:]
    return [_entry(heading, text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def _entry(heading: str, text: str) -> Entry:
    day = re.search(r"\d{4}-\d{2}-\d{2}", heading)
    return Entry(heading.strip(), markdown.anchor(heading), day[0] if day else "", text.strip())
