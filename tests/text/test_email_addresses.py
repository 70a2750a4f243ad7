"""Email addresses that visitors leave, as mail servers take them."""

import pytest

from app.text.email_addresses import comparable, deliverable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann+feedback@Example.COM ", "Ann+feedback@example.com"),
        ("o'brien@example.co.uk", "o'brien@example.co.uk"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
        ("a@" + "b" * 63 + "." + "c" * 63 + ".example", "a@" + "b" * 63 + "." + "c" * 63 + ".example"),
    ],
)
def test_it_is_where_mail_is_sent(text: str, address: str) -> None:
    assert deliverable(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "ann", "ann@", "@example.com", "ann@localhost", "ann@example..com", "ann@-example.com",
        "ann@exa mple.com",
        "ann@example.com\r\nBcc: eve@example.com", "ann\r@example.com", "ann\x00@example.com", "ann\x7f@example.com",
        "a\u202enna@example.com", "ann@exam\u2066ple.com", "ann\u200b@example.com", "ann\u2028@example.com",
        "ann@example.com,eve@example.com", "ann@eve@example.com", "Ann <ann@example.com>", "ann(x)@example.com",
        "ann@[127.0.0.1]", ".ann@example.com", "ann.@example.com", "a..n@example.com", '"ann"@example.com',
        "x" * 65 + "@example.com", "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5), "ann@exa_mple!.com",
    ],
)  # fmt: skip
def test_it_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"invisible|local part|domain|long"):
        deliverable(text)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Ann@example.com", "ann@EXAMPLE.com", True),
        ("ann@bücher.example", "ann@XN--BCHER-KVA.example", True),
        ("jose\u0301@example.com", "jos\u00e9@example.com", True),
        ("ann+a@example.com", "ann@example.com", False),
    ],
)
def test_which_are_the_same(one: str, other: str, is_same: bool) -> None:
    assert (comparable(deliverable(one)) == comparable(deliverable(other))) is is_same
