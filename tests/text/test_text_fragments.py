"""Links that open a page at a text, as browsers parse them."""

import pytest

from app.text.text_fragments import url

PAGE = "https://example.com/a"
WORDS = "%20".join(["word"] * 8)


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "fragment"),
    [
        ("key", "", "", "key"),
        ("the key", "shows a page and ", " to you and all", "a%20page%20and-,the%20key,-to%20you%20and"),
        ("a-b, c & d", "", "", "a%2Db%2C%20c%20%26%20d"),
        ("100 % / ?#:~:text=x", "", "", "100%20%25%20%2F%20%3F%23%3A~%3Atext%3Dx"),
        ("鍵を押す。", "", "", "%E9%8D%B5%E3%82%92%E6%8A%BC%E3%81%99%E3%80%82"),
        ("one\ntwo three\nfour", "", "", "one,four"),
        ("  one \t two ", "", "", "one%20two"),
        ("word " * 40, "", "", f"{WORDS},{WORDS}"),
        # What is in another line, or a word that is cut off, helps no browser.
        ("key", "old line\nthe new ", " page\nnext", "the%20new-,key,-page"),
        ("key", "alf a ", " b hal", "a-,key,-b"),
        ("key", "ternationaliza ", " zation", "key"),
    ],
)  # fmt: skip
def test_it_is_spelt_as_browsers_take_it(exact: str, prefix: str, suffix: str, fragment: str) -> None:
    assert url(PAGE, exact, prefix, suffix) == f"{PAGE}#:~:text={fragment}"


def test_a_page_with_a_fragment_keeps_it() -> None:
    assert url(PAGE + "#top", "key") == f"{PAGE}#top:~:text=key"


@pytest.mark.parametrize("key", ["/a", "product-7", "javascript:alert(1)", "httpsx://a"])
def test_a_key_that_is_no_address_has_no_link(key: str) -> None:
    assert url(key, "key") is None


def test_a_passage_without_words_leads_to_the_page() -> None:
    assert url(PAGE, " \n ") == PAGE
