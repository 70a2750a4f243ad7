import pytest

from app.text.page_keys import key_parts, path


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("https://a.example/%E6%95%B0%E6%8D%AE", "/数据"),
        ("https://a.example/caf%c3%a9?q=%C3%A9#%C3%A9", "/café?q=é#é"),
        ("https://a.example/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "/مرحبا"),
        ("https://a.example/a%2Fb%20c%25%23%3F", "/a%2Fb%20c%25%23%3F"),  # these mean something else than / or a blank
        ("https://a.example/%E6%95", "/%E6%95"),  # half a letter
        ("https://a.example/%FF%E6%95%B0", "/%FF%E6%95%B0"),
        ("https://a.example/%E2%80%AE", "/%E2%80%AE"),  # would turn round what follows
        ("https://a.example/%C2%A0", "/%C2%A0"),
        ("https://a.example/", "a.example"),
        ("https://xn--mnchen-3ya.example", "münchen.example"),
        ("https://xn--bad.example", "xn--bad.example"),
        ("/emoji-%F0%9F%98%80", "/emoji-😀"),  # a path of a project with one site
        ("app%E6%95%B0", "app%E6%95%B0"),  # a name, not an address
    ],
)
def test_addresses_are_decoded_for_reading(key: str, text: str) -> None:
    assert path(key) == text


def test_the_host_is_decoded_and_nothing_of_the_path_is_taken_for_it() -> None:
    assert key_parts("https://xn--mnchen-3ya.example:8080/xn--mnchen-3ya") == (
        "münchen.example:8080",
        "/xn--mnchen-3ya",
    )
