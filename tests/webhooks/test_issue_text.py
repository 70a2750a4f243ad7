"""Titles and texts of issues: what strangers wrote does nothing at a forge."""

import dataclasses
import re
import uuid

import pytest

from app.webhooks import issue_text
from app.webhooks.issue_text import Source

SOURCE = Source(
    uuid.UUID(int=7), "The key is missing.", "https://acorn.example/docs/a b/#x", "Install", "Helpful?", "No", 3,
    "https://git.example/edit/main/{path}.md", "https://feelback.example/projects/acorn/inbox/7",
)  # fmt: skip


def test_a_text_with_everything() -> None:
    assert issue_text.title(issue_text.TITLE, SOURCE) == "Feedback on Install: The key is missing."
    assert issue_text.body(issue_text.BODY + "\n{count}", SOURCE) == (
        "```text\nThe key is missing.\n```\n\n"
        "Helpful?: No\n"
        "Page: <https://acorn.example/docs/a%20b/#x>\n"
        "Edit: <https://git.example/edit/main/docs/a%20b.md>\n"
        "Message in Feelback: <https://feelback.example/projects/acorn/inbox/7>\n"
        "3\n\n"
        "<!-- feelback 00000000-0000-0000-0000-000000000007 -->\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        "@all", "#1", "!2", "$3", "%4", "&5", "~bug", "acorn/docs#1", "acorn@abc1234", "GH-1", "https://evil.example",
        "www.evil.example", "mail@evil.example", "<script>", issue_text.marker(SOURCE.response_id), "![x](https://evil.example)",
        "```\n@all\n```", "````\n@all", "`" * 200, "/close", "{quote}{message}", "\u202eabc", "a\x1bb\x00c\x07",
        "\u200b@all",
        "  @all", "# title", "~~~\n@all", "- [ ] task", "[[wiki]]", "\r\n/close\r\n", "\u2028/assign @me",
    ],
)  # fmt: skip
def test_words_do_nothing(words: str) -> None:
    source = dataclasses.replace(SOURCE, words=words, page_title=None, page_key=words, option=words, widget=words)
    body = issue_text.body(issue_text.BODY + "\n{page}\n{words}", source)
    fence = body.partition("text\n")[0]
    assert re.fullmatch("`{3,}", fence)
    block, closing, rest = body.removeprefix(f"{fence}text\n").partition(f"\n{fence}\n")
    assert closing
    # The block ends where it should, and nothing outside of it can be followed.
    assert not re.search(f"^ {{0,3}}{fence}", block, re.M)
    assert not re.search("[\u202e\x00\x07\x1b\u2028\r]", body)
    assert not re.search("^/", rest, re.M)
    for part in (block, re.sub(r"<https://[^>]*>", "", rest)):
        assert not re.search(r"[@#!$%&~](?=\w)", part)
        assert not re.search(r"\w://evil|www\.", part)
        assert not re.search(r"\bGH-\d", part)
    assert body.count(issue_text.marker(SOURCE.response_id)) == 1
    assert not re.search(r"(?<!\\)<(?!https://|!-- feelback)", rest)
    title = issue_text.title("{words}", source)
    assert "\n" not in title
    assert not re.search(r"[@#!](?=\w)", title)
    assert len(title) <= 250


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("https://acorn.example/a", "https://acorn.example/a"),
        ("acorn.example/a?b=1#c", "https://acorn.example/a?b=1#c"),
        ("bücher.example/ä", "https://b%C3%BCcher.example/%C3%A4"),
        ("/a", ""),
        ("quick-start", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://a.example/>x", "https://a.example/%3Ex"),
        ("https://[::1", ""),
    ],
)
def test_the_address_of_a_page(key: str, url: str) -> None:
    assert issue_text.page_url(key) == url


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("https://acorn.example/docs/install/", "docs/install"),
        ("/docs/install?x=1#y", "docs/install"),
        ("https://acorn.example/", ""),
        ("https://acorn.example/../../secret", ""),
        ("/a b>", "a%20b%3E"),
    ],
)
def test_where_a_page_is_edited(key: str, path: str) -> None:
    rule = "https://git.example/edit/main/{path}.md"
    assert issue_text.edit_url(rule, key) == (f"https://git.example/edit/main/{path}.md" if path else "")
    assert issue_text.edit_url(None, key) == ""
