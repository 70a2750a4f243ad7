import pytest

from app.text.bidi import cleaned, isolated, with_elements


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Was this helpful?", "Was this helpful?"),
        ("数据 ☕", "数据 ☕"),
        ("ردود الفعل", "\u2068ردود الفعل\u2069"),
        ("משוב", "\u2068משוב\u2069"),
        ("Feedback משוב", "\u2068Feedback משוב\u2069"),
        ("٣٤", "\u2068٣٤\u2069"),
        ("\u2068משוב\u2069", "\u2068משוב\u2069"),
        ("a\u202eb\u2066c", "abc"),
    ],
)
def test_names_that_run_from_right_to_left_are_isolated(name: str, text: str) -> None:
    assert isolated(name) == text
    assert isolated(text) == text


def test_a_name_cannot_leave_its_isolate() -> None:
    assert isolated("משוב\u2069 16") == "\u2068משוב 16\u2069"
    assert cleaned("\u202e1 → 2") == "1 → 2"


def test_in_html_isolates_are_elements() -> None:
    html = '<title>\u2068א\u2069</title><img alt="\u2068א\u2069"><p>\u2068א\u2069 · 1 → 2</p>'
    assert with_elements(html) == ('<title>\u2068א\u2069</title><img alt="\u2068א\u2069"><p><bdi>א</bdi> · 1 → 2</p>')
