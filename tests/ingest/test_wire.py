import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FeelbackError
from app.ingest.keys import KeyRules, canonical
from app.ingest.wire import read_arguments
from app.text.strict_json import loads
from tests.support import factories
from tests.support.serving import Api

SET = "0197b3a0-0000-7000-8000-000000000001"
BAD_JSON = {
    "nothing": b"",
    "broken": b'{"a":',
    "two values": b"{}{}",
    "trailing comma": b"[1,]",
    "single quotes": b"{'a':1}",
    "a comment": b"{} // a",
    "bare word": b"yes",
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":Infinity}',
    "-Infinity": b'{"a":-Infinity}',
    "a number without end": b'{"a":1e999}',
    "an int of 10,000 digits": b'{"a":' + b"9" * 10_000 + b"}",
    "a leading zero": b'{"a":01}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "not UTF-8": b'{"a":"\xff"}',
    "a surrogate as UTF-8": b'{"a":"\xed\xa0\x80"}',
    "an overlong slash": b'{"a":"\xc0\xaf"}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "a lone low surrogate": b'{"a":"x\\udc00y"}',
    "surrogates the wrong way round": b'{"a":"\\udc00\\ud800"}',
    "a lone surrogate in a name": b'{"\\ud83d":1}',
    "NUL": b'{"a":"\\u0000"}',
    "NUL in a name": b'{"a\\u0000":1}',
    "NUL behind a backslash": b'{"a":"\\\\\\u0000"}',
    "a bare NUL": b'{"a":"\x00"}',
    "a bare control character": b'{"a":"\x01"}',
    "deep lists": b"[" * 17 + b"]" * 17,
    "deep objects": b'{"a":' * 17 + b"1" + b"}" * 17,
    "very deep lists": b"[" * 30_000 + b"]" * 30_000,
    "very deep objects": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "deep without an end": b"[" * 60_000,
}
REPEATED_NAMES = {
    "a name given twice": b'{"a":1,"a":2}',
    "a name given twice, once escaped": b'{"a":1,"\\u0061":2}',
    "a name given twice, with an escaped colon near": b'{"a":1,"a":"\\u003a"}',
    "a name with a colon given twice": b'{"a:":1,"a:":2}',
    "a name given twice below": b'{"v":{"tag":"idea","tag":"error"}}',
    "a name given twice in a list": b'[[{"a":1,"a":1}]]',
    "the empty name twice": b'{"":1,"":2}',
    "a name with quotes given twice": b'{"\\"":1,"\\"":2}',
    "a name with a backslash at its end given twice": b'{"a\\\\":1,"a\\\\":2}',
    "a name given twice beside as many quotes": b'{"a":"\\"\\"","a":1}',
}


@pytest.mark.parametrize("raw", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_it_refuses_what_is_not_strict_json(raw: bytes) -> None:
    with pytest.raises(FeelbackError) as caught:
        loads(raw)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":"::\\u003a:","b:c":":"}',
        b'{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
        b'{"a":"\\\\u0000"}',
        b'{"a":"\\ud83d\\ude00"}',
        '{"a":"é😀"}'.encode(),
        b'{"a\\\\":"\\\\","b\\"":"\\\\\\"","c":"\\"\\""}',
        b' [1, -0.5e-3, true, null, "\\"\\/\\b\\f\\n\\r\\t"] ',
        b"[" * 16 + b"]" * 16,
        b'"text"',
        b"9007199254740993",
        b"123456789012345678901234567890",
    ],
)
def test_it_reads_json_as_it_was_meant(raw: bytes) -> None:
    assert loads(raw) == json.loads(raw)


TEXT = st.text(st.sampled_from('a":\\u{}[], é😀\n'), max_size=4)
VALUES = st.recursive(
    TEXT | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(TEXT, inner), max_size=3).map(tuple),
    max_leaves=8,
)


def _written(value: object, ascii_only: bool) -> str:
    """A value as JSON; a tuple is an object's pairs, in which a name may stand twice."""
    if isinstance(value, tuple):
        pairs = (f"{_written(name, ascii_only)} :{_written(item, ascii_only)}" for name, item in value)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(item, ascii_only) for item in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


@given(VALUES, st.booleans())
def test_loads_reads_what_the_standard_library_reads(value: object, ascii_only: bool) -> None:
    raw = _written(value, ascii_only).encode()
    assert loads(raw) == json.loads(raw)


@pytest.mark.parametrize("raw", REPEATED_NAMES.values(), ids=REPEATED_NAMES.keys())
def test_loads_takes_the_last_value_of_a_repeated_name(raw: bytes) -> None:
    assert loads(raw) == json.loads(raw)


async def test_it_answers_bad_json_with_400_and_stores_nothing(api: Api) -> None:
    for path in ("/v1/responses", "/v0/feelbacks/create", "/v0/feelbacks/getAggregates", "/v1/stats"):
        for name, raw in BAD_JSON.items():
            answer = await api.send("POST", path, raw, {"origin": "https://example.com"})
            assert answer.status == 400, (path, name, answer.body)
            error = answer.json()
            assert set(error) == {"error", "message", "data"}
            assert error["error"] == "bad_request"
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["access-control-allow-origin"] == "*"
    assert await api.pool.fetchval("select count(*) from response") == 0


async def test_create_counts_the_last_value_of_a_repeated_name(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    for number, twice in enumerate((b'"value":"y","value":"n"', b'"value":"y","v\\u0061lue":"n"')):
        headers = {"user-agent": f"Browser {number}"}
        body = b'{"widget":"%s","page":"k1",%s}' % (votes.id.encode(), twice)
        assert (await api.send("POST", "/v1/responses", body, headers)).status == 201
        body = b'[{"contentSetId":"%s","key":"k2",%s}]' % (votes.id.encode(), twice)
        assert (await api.send("POST", "/v0/feelbacks/create", body, headers)).status == 200
    sql = "select o.value, count(*) from response as f join option as o on o.account_id = f.account_id"
    sql += " and o.widget_id = f.widget_id and o.no = f.option_no group by o.value"
    assert [tuple(row) for row in await api.pool.fetch(sql)] == [("n", 4)]


@pytest.mark.parametrize(
    "number",
    ["9" * 19, "9" * 4000, "-" + "9" * 400, "1e308", "1.5", "-1e-300", "123456789012345678901234567890.5"],
)
async def test_it_refuses_huge_and_odd_numbers_as_values(api: Api, number: str) -> None:
    stars = await factories.widget(api.pool, "rating")
    answer = await api.send("POST", "/v1/responses", f'{{"widget":"{stars.id}","page":"k","value":{number}}}'.encode())
    assert answer.status in (400, 422), answer.body
    assert await api.pool.fetchval("select count(*) from response") == 0


@pytest.mark.parametrize("body", [None, 1, "text", [], [1], True, {"items": {}}, {"items": []}, {"items": [1]}, {}])
async def test_it_refuses_bodies_of_a_wrong_kind(api: Api, body: object) -> None:
    answer = await api.post("/v1/responses", body)
    if body == {"items": [1]}:  # each item has a result of its own
        assert answer.json()["items"][0]["status"] == 422
    else:
        assert answer.status == 422, answer.body


async def test_it_refuses_parts_of_a_wrong_kind(api: Api) -> None:
    reactions = await factories.widget(api.pool, "reaction")
    harmless = [("context", None), ("context", {}), ("visitor", None), ("revokable", True)]
    for name in ("widget", "page", "placement", "value", "context", "visitor", "revokable"):
        for wrong in (None, 7, 1.5, True, [], {}, [[]], {"a": {}}, "x" * 5000):
            if (name, wrong) not in harmless and (name, wrong) != ("key", "x" * 5000):
                answer = await api.post(
                    "/v1/responses", {"widget": reactions.id, "page": "k", "value": "happy", name: wrong}
                )
                assert 400 <= answer.status < 500, (name, wrong)
    assert await api.pool.fetchval("select count(*) from response") == 0


@pytest.mark.parametrize("body", [b"[]", b"[1]", b"[{},{}]", b"null", b"7", b'"text"', b"[null]", b"[[]]"])
async def test_it_refuses_arguments_that_are_not_one_object(api: Api, body: bytes) -> None:
    for call in ("create", "edit", "remove"):
        assert (await api.send("POST", f"/v0/feelbacks/{call}", body)).status == 400


async def test_it_takes_the_argument_in_an_array_or_alone(api: Api) -> None:
    likes = await factories.widget(api.pool)
    argument = {"contentSetId": likes.id, "key": "k", "value": "+"}
    for body, address in ((argument, "192.0.2.1"), ([argument], "192.0.2.2")):
        answer = await api.post("/v0/feelbacks/create", body, address=address)
        assert answer.status == 200, answer.body
        assert set(answer.json()) == {"feelbackId"}
    for target in ({"contentSetId": likes.id, "key": "k"}, [{"contentSetId": likes.id, "key": "k"}]):
        assert (await api.post("/v0/feelbacks/getAggregates", target)).json() == [2]


def as_browser(key: str, widget_id: str = SET) -> bytes:
    """The query of a published SDK's read, as a browser's fetch sends it (WHATWG URL)."""
    text = f"$p={json.dumps([{'contentSetId': widget_id, 'key': key}], ensure_ascii=False, separators=(',', ':'))}"
    text = text.replace("\t", "").replace("\n", "").replace("\r", "").partition("#")[0]
    return (
        "".join(
            char if "!" <= char <= "~" and char not in "\"#<>'" else "".join(f"%{byte:02X}" for byte in char.encode())
            for char in text
        )
        .replace("'", "%27")
        .encode()
    )


@pytest.mark.parametrize(
    "key",
    [
        "https://example.com/a?b=1&c=2",
        "https://example.com/a?q=a+b",
        "https://example.com/50%25?x=%26&y=%2B&z=%23",
        "https://example.com/a?q=100%",
        "https://example.com/café",
        "日本語 & ümläute + 100% <b>'\"",
        'says "yes"',
        'back\\slash and \\" both',
        'ends in a quote"',
        "ends in a backslash\\",
        "$p=[1]&$p=2",
        "{}[]|^`~",
        " ",
        '"}]',
        "😀",
    ],
)
def test_it_reads_the_key_of_a_published_sdk_as_it_was_meant(key: str) -> None:
    for query in (as_browser(key), b"$p=" + quote(json.dumps([{"contentSetId": SET, "key": key}])).encode()):
        arguments, is_cut = read_arguments(query)
        assert arguments == [{"contentSetId": SET, "key": key}]
        assert not is_cut


@pytest.mark.parametrize(
    "key",
    [
        "https://example.com/a%20b",
        "https://example.com/caf%C3%A9",
        "https://a.example/%22?%5B",
        "https://a.example/caf%E9?%00%0A%ED%A0%80",
    ],
)
def test_it_finds_the_page_where_escapes_are_its_own(key: str) -> None:
    # An escape made by the browser looks like one in the address; canonical keys have one spelling.
    (argument,), _ = read_arguments(as_browser(key))
    assert canonical(argument["key"], KeyRules()) == canonical(key, KeyRules())


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?b=1&c=%25#x", "https://example.com/a?b=1&c=%25"),
        ("ticket #1", "ticket "),
        ('says "#1"', 'says "'),
        ("back\\#slash", "back\\"),
        ("#", ""),
        ("é#é", "é"),
    ],
)
def test_it_completes_json_that_was_cut_inside_the_key(key: str, before: str) -> None:
    arguments, is_cut = read_arguments(as_browser(key))
    assert arguments == [{"contentSetId": SET, "key": before}]
    assert is_cut


def test_it_reads_an_escaped_hash_whole() -> None:
    query = b"$p=" + quote(json.dumps([{"contentSetId": SET, "key": "ticket #1"}]), safe="").encode()
    assert read_arguments(query) == ([{"contentSetId": SET, "key": "ticket #1"}], False)


@pytest.mark.parametrize(
    "query",
    [
        b"", b"$p", b"$p=", b"$p=[", b"$p={", b"$p=%", b"$p=%22", b"p=[1]", b'$p=["a"', b"$p=%FF",
        b"$p=nonsense", b'$p=[{"contentSetId":"a"',
        b'$p=[{"contentSetId":"a","key":"\\u0000"}]',
    ],
)  # fmt: skip
def test_it_refuses_arguments_that_it_cannot_read(query: bytes) -> None:
    with pytest.raises(FeelbackError) as caught:
        read_arguments(query)
    assert caught.value.status == 400


def test_read_arguments_takes_the_last_value_of_a_repeated_name() -> None:
    query = b'$p=[{"contentSetId":"a","contentSetId":"b","key":"c"}]'
    assert read_arguments(query) == ([{"contentSetId": "b", "key": "c"}], False)


def test_it_reads_a_placement_id() -> None:
    for query in (
        f'$p=["{SET}"]',
        f"$p=%5B%22{SET}%22%5D",
        f"$p=[%22{SET}%22]",
        f'x=1&$p=["{SET}"]',
        f'%24p=["{SET}"]',
    ):
        assert read_arguments(query.encode()) == ([SET], False)
