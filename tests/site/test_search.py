"""The search of the documentation finds what readers type: their words, beginnings, other endings and misspellings."""

import pytest

from app.site import search
from app.site.keywords import KEYWORDS
from app.text import full_text
from tests.support.searches import SEARCHES


@pytest.mark.parametrize(("query", "page"), SEARCHES.items())
def test_a_page_that_fits_comes_first_or_second(query: str, page: str) -> None:
    assert f"docs/{page}" in [result.entry.path for result in search.search(query)[:2]]


def test_keywords_are_of_pages_that_exist() -> None:
    assert {f"docs/{name}" for name in KEYWORDS} <= {entry.path for entry in search.entries()}


def test_one_page_does_not_fill_the_results() -> None:
    paths = [result.entry.path for result in search.search("widget")]
    assert len(paths) == 20
    assert max(paths.count(path) for path in paths) == search.MOST_OF_A_PAGE


@pytest.mark.parametrize("query", ["", " ", '"', "*", "zebra quagga", "\0", "q" * 5000, "и 日", '(" "*'])
def test_nothing_is_there_for_what_no_page_has(query: str) -> None:
    assert search.search(query) == []


@pytest.mark.parametrize("query", ["votes OR NOT (", "heading0:votes", 'votes"', "votes AND", "NEAR(votes", "votes'--"])
def test_operators_are_words(query: str) -> None:
    assert search.search(query)


@pytest.fixture(scope="module")
def index() -> full_text.Index:
    return full_text.Index([["Votes", "How to upgrade"], ["Pears", "Votes, apples and typescript"]], [5, 1])


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("votes", [0, 1]),  # the title counts more
        ("VOTING", [0, 1]),
        ("upgrading", [0]),
        ("apple", [1]),
        ("appl", [1]),
        ("typscript", [1]),
        ("votes apples", [1]),
        ("votes bananas", [0, 1]),  # nothing has both
        ("bananas", []),
    ],
)
def test_an_index_finds_stems_beginnings_and_misspellings(
    index: full_text.Index, query: str, positions: list[int]
) -> None:
    assert [hit.position for hit in index.search(query, 10)] == positions


def test_an_excerpt_is_around_the_words() -> None:
    text = "Alpha " + "beta " * 200 + "gamma. " + "delta " * 200
    (hit,) = full_text.Index([["Title", text]], [1, 1]).search("gamma", 10)
    assert "gamma" in hit.excerpt
    assert len(hit.excerpt) < 250
