"""The texts of panel and mails are whole sentences that can be translated, in the words of the product."""

import re

import pytest

from app.config import ROOT
from app.text.numbers import plural

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
# A plural or a word that a condition glues into a sentence.
GLUED = re.compile(r"""["']s["'] if |["'] (?:is|are)["'] if|["'](?:is|are|an?)["'] if """)
# What earlier versions said, and what the product says now.
REPLACED = re.compile(r"\b[Ee]-[Mm]ails?\b|\bMails\b(?! ?[</\"]?/)|of no use|\b[Ss]ome?body\b|\b[Nn]obody\b")


def words(text: str) -> str:
    """The text that people read, and that screen readers speak."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    return " ".join([re.sub(r"<[^>]+>", " ", text), *spoken])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_sentence_is_glued(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    assert GLUED.findall(text) == []
    assert REPLACED.findall(words(text)) == []


def test_a_count_chooses_the_phrase() -> None:
    assert [plural(n, "%s page", "%s pages") for n in (0, 1, 2, 1234)] == [
        "0 pages",
        "1 page",
        "2 pages",
        "1,234 pages",
    ]
