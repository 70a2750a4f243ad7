import json
import re
import string
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.ingest.keys import TRACKING, KeyRules, canonical, rules
from app.ingest.wire import read_arguments
from app.text.strict_json import loads
from tests.support import factories
from tests.support.serving import Api

SET = "0197b3a0-0000-7000-8000-000000000001"
PLAIN = KeyRules(trailing_slash=False, index=False, www=False)

# WHATWG URL: what a browser escapes in each part of an address; existing escapes stay.
_C0 = {chr(code) for code in range(0x20)} | {"\x7f"}
_QUERY = _C0 | set(" \"#<>'")
_PATH = _C0 | set(' "#<>?^`{}')
_FRAGMENT = _C0 | set(' "<>`')


def escaped(text: str, those: set[str]) -> str:
    return "".join(
        "".join(f"%{byte:02X}" for byte in char.encode()) if char in those or char > "~" else char for char in text
    )


def href(host: str, path: str, query: str | None, fragment: str | None) -> str:
    """`location.href` of a page whose address was written with these parts."""
    path = escaped(path, _PATH)
    return (
        f"https://{host}/{path}"
        + (f"?{escaped(query, _QUERY)}" if query is not None else "")
        + (f"#{escaped(fragment, _FRAGMENT)}" if fragment is not None else "")
    )


def sent(key: str, widget_id: str = SET) -> bytes:
    """The query of a published SDK's request for `key`, as fetch sends it."""
    text = f"$p={json.dumps([{'contentSetId': widget_id, 'key': key}], ensure_ascii=False, separators=(',', ':'))}"
    return escaped(text.partition("#")[0], _QUERY).encode()


def read_key(query: bytes) -> tuple[str, bool]:
    (argument,), is_cut = read_arguments(query)
    assert set(argument) == {"contentSetId", "key"}
    return argument["key"], is_cut


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\t\n\r"), max_size=20)
TRICKY = st.text(st.sampled_from("&+%#\"'\\=?/ {}[]<>^`|~;:@é日😀ab12.-_$"), max_size=20)
ESCAPES = st.lists(
    st.one_of(
        st.sampled_from(
            ["%25", "%26", "%2B", "%2b", "%23", "%22", "%20", "%41", "%7E", "%C3%A9", "%c3%a9", "%", "%zz", "%2"]
        ),
        st.text(string.ascii_letters, min_size=1, max_size=3),
    ),
    max_size=6,
).map("".join)
SEGMENTS = st.lists(
    st.sampled_from(["", ".", "..", "%2e", "a", "index.html", "INDEX.php", "index.htm", "index.html5", "%69ndex.html"]),
    max_size=6,
).map("/".join)
PART = st.one_of(TEXT, TRICKY, ESCAPES, SEGMENTS)
HOSTS = st.sampled_from(
    ["example.com", "www.example.com", "EXAMPLE.com:443", "localhost:8080", "xn--bcher-kva.example"]
)
ADDRESSES = st.builds(href, HOSTS, PART.map(lambda path: path.replace("\\", "/")), st.none() | PART, st.none() | PART)
ANY_RULES = st.builds(
    KeyRules,
    trailing_slash=st.booleans(),
    index=st.booleans(),
    www=st.booleans(),
    aliases=st.sampled_from(
        [(), (("example.com", "site.example"),), (("a.example", "b.example"), ("b.example", "a.example"))]
    ),
    query=st.sampled_from(["keep", "drop", ("a", "b", "é")]),
    hash_routes=st.booleans(),
)


@given(key=ADDRESSES | TEXT | TRICKY | ESCAPES.map(lambda path: "http://a.example/" + path), rules=ANY_RULES)
@example(key="https://example.com/%2525", rules=KeyRules())
@example(key="https://example.com/a/index.html/index.html", rules=KeyRules())
@example(key="https://www.www.example.com/", rules=KeyRules())
@example(key="https://example.com/a/./index.html/..", rules=KeyRules())
@example(key="https://example.com//index.php", rules=KeyRules())
@example(key="https://example.com/a/index.html/", rules=KeyRules())
@example(key="https://example.com/a/index.html/index.html", rules=KeyRules(trailing_slash=False))
@example(key="https://example.com/%%32%35", rules=KeyRules())
@example(key="https://example.com/?a=%75tm_x&ut%6D_source=1", rules=KeyRules())
@example(key="https://example.com/%2e%2e/%2E", rules=KeyRules())
def test_it_is_idempotent(key: str, rules: KeyRules) -> None:
    once = canonical(key, rules)
    assert canonical(once, rules) == once


@given(address=ADDRESSES, rules=ANY_RULES)
def test_it_agrees_between_create_and_read_of_any_page(address: str, rules: KeyRules) -> None:
    written = loads(json.dumps([{"key": address}]).encode())[0]["key"]
    read, is_cut = read_key(sent(address))
    if rules.hash_routes and is_cut:
        # The browser does not send the fragment, so only the key before it is known.
        assert canonical(address, rules).startswith(canonical(read, rules))
    else:
        assert canonical(read, rules) == canonical(written, rules)


@given(address=ADDRESSES, rules=ANY_RULES)
def test_it_agrees_with_a_client_that_escapes_all_of_it(address: str, rules: KeyRules) -> None:
    query = f"$p={quote(json.dumps([{'contentSetId': SET, 'key': address}]), safe='')}".encode()
    assert read_key(query) == (address, False)


@given(key=(TEXT | TRICKY).filter(lambda key: not re.search("%[0-9A-Fa-f]{2}", key)))
def test_it_reads_literal_keys_verbatim_up_to_a_hash(key: str) -> None:
    assert canonical(key, KeyRules()) == key or re.match("https?://", key, re.IGNORECASE)
    assert read_key(sent(key)) == (key.partition("#")[0], "#" in key)


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["HTTP://Example.COM", "http://example.com:80/", "http://example.com/#a", "http://me:pw@example.com"], "http://example.com/"),
        (["https://example.com:443/a", "https://example.com:0443/a", "https://example.com./a"], "https://example.com/a"),
        (["https://example.com:8443/a"], "https://example.com:8443/a"),
        (["https://a.example/%7Euser", "https://a.example/~user"], "https://a.example/~user"),
        (["https://a.example/caf%c3%a9", "https://a.example/café", "https://a.example/caf%C3%A9"], "https://a.example/caf%C3%A9"),
        (["https://a.example/a b", "https://a.example/a%20b"], "https://a.example/a%20b"),
        (["https://a.example/100%", "https://a.example/100%25"], "https://a.example/100%25"),
        (["https://a.example/%252F"], "https://a.example/%252F"),
        (["https://a.example/a%2fb"], "https://a.example/a%2Fb"),
        (["https://a.example/a+b"], "https://a.example/a+b"),
        (["https://a.example/x/../a/./b", "https://a.example/a/b"], "https://a.example/a/b"),
        (["https://bücher.example/", "https://xn--bcher-kva.example", "https://B%C3%BCcher.example"], "https://xn--bcher-kva.example/"),
        (["http://[::1]:80/a", "http://[::1]/a"], "http://[::1]/a"),
        (["https://a.example?b=1", "https://a.example/?b=1"], "https://a.example/?b=1"),
    ],
)  # fmt: skip
def test_it_gives_every_spelling_of_an_address_one_key(spellings: list[str], key: str) -> None:
    assert {canonical(spelling, PLAIN) for spelling in spellings} == {key}


@pytest.mark.parametrize(
    "key", ["", "a", "/a/b?c#d", "ftp://A.example/", "HTTPS:/a", "https://", "https:///a", "mailto:A@b", "Ünï #1 %41",
            "https://a b/", "https://exa mple.com/a", "https://example.com:port/"],
)  # fmt: skip
def test_it_leaves_literal_keys_verbatim(key: str) -> None:
    assert canonical(key, KeyRules()) == key


RULES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "https://www.example.com/a/index.html?b=1&utm_source=x#c", "https://example.com/a?b=1"),
    ({}, "https://example.com/a/", "https://example.com/a"),
    ({}, "https://example.com/", "https://example.com/"),
    ({"trailing_slash": False}, "https://example.com/a/", "https://example.com/a/"),
    ({}, "https://example.com/index.php", "https://example.com/"),
    ({"index": False}, "https://example.com/a/index.html", "https://example.com/a/index.html"),
    ({"trailing_slash": False}, "https://example.com/a/Index.HTM", "https://example.com/a/"),
    ({"www": False}, "https://www.example.com/a", "https://www.example.com/a"),
    ({"aliases": {"Example.org": "example.com"}}, "https://www.example.org/a", "https://example.com/a"),
    ({"aliases": {"m.example.com": "example.org", "example.org": "example.com"}}, "http://m.example.com/", "http://example.com/"),
    ({"query": "drop"}, "https://example.com/a?b=1", "https://example.com/a"),
    ({"query": ["id"]}, "https://example.com/a?b=1&id=2&c=3&id=4", "https://example.com/a?id=2&id=4"),
    ({"query": []}, "https://example.com/a?b=1", "https://example.com/a"),
    ({}, "https://example.com/a?&b=1&&c&", "https://example.com/a?b=1&c"),
    ({}, "https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
    ({"hash_routes": True}, "https://example.com/#/a/b", "https://example.com/#/a/b"),
    ({"hash_routes": True}, "https://example.com/#!/a b", "https://example.com/#!/a%20b"),
    ({"hash_routes": True}, "https://example.com/a#section", "https://example.com/a"),
    ({"hash_routes": False}, "https://example.com/#/a/b", "https://example.com/"),
    ({"www": "no", "query": 7, "aliases": [], "unknown": 1}, "https://www.example.com/?a=1", "https://example.com/?a=1"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "address", "key"), RULES)
def test_it_follows_its_rules(stored: dict[str, Any], address: str, key: str) -> None:
    assert canonical(address, rules(stored)) == key


@pytest.mark.parametrize("name", sorted([*TRACKING, "utm_source", "UTM_medium", "utm_x", "%75tm_source", "GCLID"]))
def test_it_drops_trackers(name: str) -> None:
    assert canonical(f"https://example.com/a?{name}=1&b=2&{name}", KeyRules()) == "https://example.com/a?b=2"


@pytest.mark.parametrize("key", [
    "https://example.com/a?b=1&c=2", "https://example.com/a+b?q=c+d", "https://example.com/50%25?x=%26",
    "https://example.com/a#part", "https://example.com/caf%E9?q=%FF",
    "https://example.com/a?q=%22", 'https://example.com/?q="é"&r=\'', "https://example.com/caf%C3%A9/日本",
    "a literal & + % 'key'",
    'says "yes"', "ticket #1", "ticket #1 #2", "back\\slash", 'quote"#hash', "#hash", "x" * 1000 + "é",
    "app://screen#tab", "app://screen#/tab/2", "mailto:someone#1", "http://no host/#part", "https://[no]/a#b",
])  # fmt: skip
async def test_it_finds_the_placement_of_a_key_however_a_client_asks(api: Api, key: str) -> None:
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+", "another")
    answer = await api.v0("create", {"contentSetId": likes.id, "key": key, "value": "+"})
    assert answer.status == 200
    assert (await api.send("GET", "/v0/feelbacks/getAggregates", query=sent(key, likes.id))).json() == [1]
    query = f"$p={quote(json.dumps([{'contentSetId': likes.id, 'key': key}]), safe='')}".encode()
    assert (await api.send("GET", "/v0/feelbacks/getAggregates", query=query)).json() == [1]
    assert (await api.v0("getAggregates", {"contentSetId": likes.id, "key": key})).json() == [1]
    assert await api.counts(likes.id, key) == [1]


async def test_it_looks_no_whole_key_up_where_the_fragment_does_not_count(api: Api) -> None:
    likes = await factories.widget(api.pool, key_rules={"hash_routes": True})
    for key in ("https://example.com/#/a", "https://example.com/"):
        await api.stored(likes.id, "+", key)
    read = "/v0/feelbacks/getAggregates"
    assert (await api.send("GET", read, query=sent("https://example.com/#/a", likes.id))).json() == [1]
    plain = await factories.widget(api.pool)
    await api.stored(plain.id, "+", "https://example.com/")
    assert (await api.send("GET", read, query=sent("https://example.com/#/a", plain.id))).json() == [1]


async def test_it_reads_zeros_where_a_cut_key_may_mean_two(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for key in ("ticket #1", "ticket #2"):
        await api.stored(likes.id, "+", key)
    answer = await api.send("GET", "/v0/feelbacks/getAggregates", query=sent("ticket #1", likes.id))
    assert answer.json() == [0]


async def test_rules_of_a_widget_override_those_of_its_project(api: Api) -> None:
    project = await factories.project(api.pool, key_rules={"query": "drop", "www": False})
    likes = await factories.widget(api.pool, of=project, key_rules={"www": True})
    await api.stored(likes.id, "+", "https://www.example.com/?a=1")
    assert await api.pool.fetchval("select key from placement") == "https://example.com/"


LENGTHS: list[tuple[Any, int]] = [
    ("", 422), (None, 422), (7, 422), ("x" * 2049, 422), ("é" * 1025, 422), ("x" * 60_000, 422),
    ("https://a.example/" + "é" * 1000, 422), ("x" * 2048, 201), ("é" * 1024, 201),
    ("https://a.example/?" + "&".join(["utm_x=1"] * 400), 201),
]  # fmt: skip


async def test_it_limits_the_length_of_keys(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for key, status in LENGTHS:
        assert (await api.create(likes.id, "+", key)).status == status, key
