from urllib.parse import quote, urlencode

import pytest

from tests.support import factories
from tests.support.serving import PAGE, Answer, Api

FORM = "application/x-www-form-urlencoded"
HERE = {"referer": PAGE, "origin": "https://example.com"}


async def submit(api: Api, fields: dict[str, str] | bytes, headers: dict[str, str] | None = None) -> Answer:
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    return await api.send(
        "POST", "/v1/responses", body, {"content-type": FORM, **(HERE if headers is None else headers)}
    )


async def test_it_votes_without_javascript_and_leads_back(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    for value, counts in (("y", [1, 0]), ("n", [0, 1]), ("n", [0, 1])):
        answer = await submit(api, {"widget": votes.id, "page": PAGE, "value": value})
        assert answer.status == 303
        assert answer.headers["location"] == PAGE
        assert answer.body == b""
        assert await api.counts(votes.id) == counts


async def test_it_reads_every_type(api: Api) -> None:
    fields = [
        {"name": "name", "required": True},
        {"name": "age", "kind": "number"},
        {"name": "news", "kind": "boolean"},
    ]
    for type, answer_fields in (
        ("pulse", {"value": "+"}),
        ("updown", {"value": "-1"}),
        ("rating", {"value": "5"}),
        ("nps", {"value": "10"}),
        ("reaction", {"value": "happy"}),
        ("message", {"message": "Grüße & mehr +1"}),
        ("message", {"value": "said as value"}),
        ("tagged", {"tag": "idea", "message": ""}),
        ("tagged", {"value": "error", "message": "broken"}),
        ("form", {"fields.name": "Ada", "fields.age": "36", "fields.news": "on"}),
    ):
        widget = await factories.widget(api.pool, type, fields=fields if type == "form" else None)
        answer = await submit(api, {"widget": widget.id, "page": "k", **answer_fields})
        assert answer.status == 303, (type, answer.body)
        assert (await api.stats(widget.id, "k"))[0]["total"] == 1
    bodies = await api.pool.fetch("select body from response where body is not null order by id")
    assert [row["body"] for row in bodies] == ["Grüße & mehr +1", "said as value", "broken"]
    assert await api.pool.fetchval("select fields::text from response where fields is not null") == (
        '{"age": 36, "name": "Ada", "news": true}'
    )


async def test_it_knows_a_visitor_by_the_token_of_the_form(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    for visitor in ("somebody", "somebody", "somebody-else", ""):
        await submit(api, {"widget": votes.id, "page": PAGE, "value": "y", "visitor": visitor})
    assert await api.counts(votes.id) == [3, 0]


@pytest.mark.parametrize(
    ("wanted", "referer", "location"),
    [
        ("https://example.com/thanks?a=1#b", PAGE, "https://example.com/thanks?a=1#b"),
        ("/thanks", PAGE, "https://example.com/thanks"),
        ("thanks", "https://example.com/x/y", "https://example.com/x/thanks"),
        ("https://evil.example/", PAGE, PAGE),
        ("//evil.example/", PAGE, PAGE),
        ("/\\evil.example/", PAGE, PAGE),
        ("\\\\evil.example", PAGE, PAGE),
        ("https://example.com@evil.example/", PAGE, PAGE),
        ("https://example.com.evil.example/", PAGE, PAGE),
        ("https:evil.example", PAGE, "https://example.com/evil.example"),
        ("javascript:alert(1)", PAGE, PAGE),
        ("data:text/html,x", PAGE, PAGE),
        ("http://example.com/", PAGE, PAGE),
        ("/a\r\nset-cookie: a=b", PAGE, PAGE),
        ("/a b", PAGE, PAGE),
        ("https://[", PAGE, PAGE),
        ("/é", PAGE, "https://example.com/%C3%A9"),
        ("", PAGE, PAGE),
        ("/thanks", "", "https://example.com/thanks"),
        ("", "https://evil.example/x", PAGE),
        ("https://evil.example/x", "https://evil.example/x", None),
    ],
)
async def test_it_leads_only_to_pages_of_the_origin(api: Api, wanted: str, referer: str, location: str | None) -> None:
    votes = await factories.widget(api.pool, "yesno")
    headers = {"origin": "https://example.com", **({"referer": referer} if referer else {})}
    answer = await submit(api, {"widget": votes.id, "page": PAGE, "value": "y", "return": wanted}, headers)
    if location is None:
        assert answer.status == 200
        assert b"evil" not in answer.body
    else:
        assert answer.status == 303
        target = answer.headers["location"]
        assert target == location or (location == "https://example.com/evil.example" and target in (location, PAGE))


async def test_it_says_what_is_wrong_on_a_page(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    project = await factories.project(api.pool, origins=("https://other.example",))
    elsewhere = await factories.widget(api.pool, of=project)
    for fields, status in (
        ({"widget": votes.id, "page": PAGE, "value": "<script>alert(1)</script>"}, 422),
        ({"widget": "<script>alert(1)</script>", "page": PAGE, "value": "y"}, 404),
        ({"widget": votes.id, "value": "y"}, 422),
        ({}, 422),
        ({"widget": elsewhere.id, "page": PAGE, "value": "+"}, 403),
        (b"value=%FF", 400),
        (b"value=\xff", 400),
        (b"widget=a&widget=b", 400),
        (b"value=%00", 400),
        (b"&".join(b"a%d=1" % n for n in range(200)), 400),
    ):
        answer = await submit(api, fields)  # type: ignore[arg-type]
        assert answer.status == status, fields
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src" in answer.headers["content-security-policy"]
        assert b"<script" not in answer.body
        assert PAGE.encode() in answer.body
    assert await api.pool.fetchval("select count(*) from response") == 0


async def test_it_takes_forms_nowhere_else(api: Api) -> None:
    for path in ("/v1/stats", "/v0/feelbacks/create", "/v0/feelbacks/getAggregates"):
        answer = await api.send("POST", path, b"a=1", {"content-type": FORM, **HERE})
        assert answer.status == 415


async def test_it_reads_a_plus_and_escapes_as_forms_do(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    body = f"widget={votes.id}&page={quote('https://example.com/a?q=a+b&c=%25')}&value=y".encode()
    assert (await submit(api, body)).status == 303
    assert await api.pool.fetchval("select key from placement") == "https://example.com/a?q=a+b&c=%25"


async def test_it_leads_back_to_the_page_that_it_is_about(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    site = {"referer": "https://example.com/", "origin": "https://example.com"}  # all that browsers tell other sites
    for key, back in (
        (PAGE, PAGE),
        ("ticket-1", "https://example.com/"),
        ("https://elsewhere.example/a", "https://example.com/"),
    ):
        answer = await submit(api, {"widget": votes.id, "page": key, "value": "y"}, site)
        assert answer.headers["location"] == back
