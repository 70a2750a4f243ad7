import json

import pytest

from app.ingest.widgets import is_allowed
from tests.support import factories
from tests.support.serving import PAGE, Answer, Api

HERE = "https://example.com"
ORIGINS = ("https://example.com", "https://*.example.org", "http://intranet:8080", "https://[::1]:8443")


def cors(answer: Answer) -> str | None:
    return answer.headers.get("access-control-allow-origin")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://example.com", True), ("https://EXAMPLE.com", True), ("http://example.com", False),
        ("https://example.com:8443", False),
        ("https://www.example.com", False), ("https://example.com.evil.example", False), ("https://evilexample.com",
        False),
        ("https://a.example.org", True), ("https://a.b.example.org", True), ("https://example.org", False),
        ("https://evilexample.org", False), ("http://a.example.org", False), ("https://a.example.org:444", False),
        ("https://a.example.org.evil.example", False), ("https://evil.example/.example.org", False),

        ("https://evil.com?.example.org", False), ("https://evil.com#.example.org", False),
        ("https://evil.com\\.example.org", False), ("https://evil.com@a.example.org", False),
        ("https://evil.com .example.org", False), ("https://evil.com%2f.example.org", False),
        ("https://evil.com\x00.example.org", False), ("https://ü.example.org", False),
        ("https://a.example.org:٤٤٣", False), ("https://xn--tda.example.org", True),

        ("http://intranet:8080", True), ("http://intranet", False), ("https://[::1]:8443", True), ("null", False),
        ("", False),
        ("*", False), ("http://localhost:3000", False), ("file://", False),
    ],
)  # fmt: skip
def test_it_admits_the_origins_of_the_project(origin: str, allowed: bool) -> None:
    assert is_allowed(origin, ORIGINS, test_mode=False) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost", True), ("http://localhost:3000", True), ("https://localhost:3000", True),
        ("http://app.localhost:1", True),
        ("http://127.0.0.1:5173", True), ("http://[::1]:5173", True), ("http://localhost.evil.example", False),
        ("http://evil-localhost", False), ("http://evil.example?.localhost", False),
        ("http://evil.example#.localhost:1", False), ("http://evil.example\\.localhost", False),
        ("http://127.0.0.1.evil.example", False), ("https://other.example", False), ("", False), ("null", False),
    ],
)  # fmt: skip
def test_it_admits_localhost_in_test_mode(origin: str, allowed: bool) -> None:
    assert is_allowed(origin, ORIGINS, test_mode=True) is allowed


def test_it_admits_all_where_the_project_does() -> None:
    for origin in ("https://anything.example", "null", "", "file://"):
        assert is_allowed(origin, ("*",), test_mode=False)


async def listed(api: Api, *origins: str, **more: bool) -> factories.Widget:
    project = await factories.project(api.pool, origins=origins or (HERE,), **more)
    return await factories.widget(api.pool, of=project)


async def test_it_takes_responses_from_its_sites_only(api: Api) -> None:
    likes = await listed(api)
    for headers, status in (
        ({"origin": HERE}, 201),
        ({"referer": f"{HERE}/page?x=1"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://evil.example", "referer": f"{HERE}/page"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "https://evil.example/?https://example.com"}, 403),
        ({"referer": "https://example.com@evil.example/"}, 403),
        ({"referer": "example.com"}, 403),
        ({}, 403),
    ):
        answer = await api.create(likes.id, "+", headers=headers)
        assert answer.status == status, headers
        argument = {"contentSetId": likes.id, "key": PAGE, "value": "+"}
        assert (await api.v0("create", argument, headers)).status == (200 if status == 201 else 403)
    assert (await api.create(likes.id, "+")).json()["error"] == "forbidden"


async def test_it_tells_only_its_sites_what_came_of_a_response(api: Api) -> None:
    likes = await listed(api)
    answer = await api.create(likes.id, "+", headers={"origin": HERE})
    assert cors(answer) == HERE
    assert answer.headers["vary"] == "origin"
    assert "access-control-allow-credentials" not in answer.headers
    response = answer.json()
    for origin, allowed in ((HERE, HERE), ("https://evil.example", None), ("null", None)):
        headers = {"origin": origin}
        for answer in (
            await api.create(likes.id, "+", headers=headers),
            await api.create(likes.id, "none", headers=headers),
            await api.create(likes.id, "+", "x" * 3000, headers=headers),
            await api.patch(response, "none", headers),
            await api.send("GET", "/v1/stats", headers=headers, query=f"widget={likes.id}&page=a".encode()),
            await api.v0("getAggregates", {"contentSetId": likes.id, "key": "a"}, headers),
            await api.v0("create", {"contentSetId": likes.id, "key": "a", "value": "none"}, headers),
        ):
            if answer.status == 403:  # or an element would take itself for offline, and send the response later
                assert cors(answer) == origin, answer.body
            elif answer.status != 422 or b"3000" not in answer.body:  # before the gate has loaded the widget
                assert cors(answer) == allowed, answer.body
            assert answer.headers.get("vary") == "origin" or cors(answer) == "*"


async def test_a_page_of_another_site_learns_why_it_cannot_read(api: Api) -> None:
    likes = await listed(api)
    evil = "https://evil.example"
    for path, query in (("/v1/stats", f"widget={likes.id}&page=a"), (f"/v1/widgets/{likes.id}", "")):
        answer = await api.send("GET", path, headers={"origin": evil}, query=query.encode())
        assert (answer.status, cors(answer)) == (403, evil)
        message = answer.json()["message"]
        assert message == f"This project takes no responses from {evil}. Add the site in its settings."
        for headers in ({"origin": HERE}, {}):  # a program without an origin reads what it likes
            answer = await api.send("GET", path, headers=headers, query=query.encode())
            assert answer.status == 200, headers
    secret = await factories.api_key(api.pool, likes)
    headers = {"origin": evil, "authorization": f"Bearer {secret}"}
    answer = await api.send("GET", "/v1/stats", headers=headers, query=f"widget={likes.id}&page=a".encode())
    assert answer.status == 200


async def test_answers_have_the_page_key_where_it_is_another_text(api: Api) -> None:
    likes = await factories.widget(api.pool)
    page, key = "https://example.com/a/?utm_source=news#top", "https://example.com/a"
    assert (await api.create(likes.id, "+", page)).json()["canonical"] == key
    assert "canonical" not in (await api.create(likes.id, "+", key)).json()
    items = {"items": [{"widget": likes.id, "page": each, "value": "+"} for each in (page, key)]}
    results = (await api.send("POST", "/v1/responses", json.dumps(items).encode())).json()["items"]
    assert [result.get("canonical") for result in results] == [key, None]
    body = {"widget": likes.id, "pages": [page, key]}
    counts = (await api.send("POST", "/v1/stats", json.dumps(body).encode())).json()["items"]
    assert [(item["page"], item.get("canonical")) for item in counts] == [(page, key), (key, None)]


async def test_any_page_may_read_errors_that_belong_to_no_widget(api: Api) -> None:
    headers = {"origin": "https://any.example"}
    for answer in (
        await api.create("none", "+", headers=headers),
        await api.send("POST", "/v1/responses", b"{", headers),
        await api.send("PUT", "/v1/responses", b"{}", headers),
        await api.send("POST", "/v1/none", b"{}", headers),
        await api.v0("edit", {}, headers),
        await api.send("POST", "/v1/responses", b"x" * 70_000, headers),
    ):
        assert answer.status >= 400
        assert cors(answer) == "*"


async def test_it_answers_every_preflight(api: Api) -> None:
    likes = await listed(api)
    for path in (
        "/v0/feelbacks/create", "/v0/feelbacks/edit", "/v0/feelbacks/remove", "/v0/feelbacks/getAggregates",
        "/v1/responses", "/v1/stats",
        f"/v1/responses/{likes.id}",
    ):  # fmt: skip
        request_headers = {
            "origin": "https://any.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        answer = await api.send("OPTIONS", path, headers=request_headers)
        assert (answer.status, answer.body) == (204, b"")
        assert cors(answer) == "*"
        assert {"POST", "PATCH", "DELETE"} <= set(answer.headers["access-control-allow-methods"].split(", "))
        assert {"content-type", "feelback-token"} <= set(answer.headers["access-control-allow-headers"].split(", "))
        assert int(answer.headers["access-control-max-age"]) >= 600
    assert (await api.send("OPTIONS", "/v1/none")).status == 404


async def test_it_takes_calls_with_an_api_key_from_anywhere(api: Api) -> None:
    likes, other = await listed(api), await listed(api)
    write, read = await factories.api_key(api.pool, likes), await factories.api_key(api.pool, likes, "read")
    foreign = await factories.api_key(api.pool, other)
    sent = {"visitor": "somebody", "page": "k"}

    async def create(secret: str) -> Answer:
        return await api.create(likes.id, "+", headers={"authorization": secret}, **sent)

    assert (await create(f"Bearer {write}")).status == 201
    assert (await create(f"bearer  {write} ")).json()["outcome"] == "duplicate"
    for secret in (f"Bearer {read}", f"Bearer {foreign}"):
        assert (await create(secret)).status == 403
    for secret in ("Bearer none", "Bearer", "Bearer ", write, f"Basic {write}", "", "Bearer \xff"):
        answer = await create(secret)
        assert answer.status == 401, secret
        assert answer.json()["error"] == "unauthorized"
    response = (await create(f"Bearer {write}")).json()
    assert (await api.patch(response, "+", {"authorization": f"Bearer {write}"})).status == 200
    assert (await api.delete(response, {"authorization": f"Bearer {write}"})).status == 204
    assert await api.pool.fetchval("select bool_and(last_used_at is not null) from api_key")


async def test_it_counts_calls_with_a_key_by_the_visitor_they_name(api: Api) -> None:
    likes = await listed(api)
    headers = {"authorization": f"Bearer {await factories.api_key(api.pool, likes)}"}
    for visitor, total in (("somebody", 1), ("somebody", 1), ("somebody-else", 2), (None, 3), (None, 4)):
        await api.stored(likes.id, "+", visitor=visitor, headers=headers)
        assert (await api.stats(likes.id))[0]["total"] == total


@pytest.mark.parametrize("change", ["revoked_at = now()", "expires_at = now()"])
async def test_it_refuses_a_key_that_holds_no_more(api: Api, change: str) -> None:
    likes = await listed(api)
    secret = await factories.api_key(api.pool, likes)
    await api.pool.execute(f"update api_key set {change}")
    assert (await api.create(likes.id, "+", headers={"authorization": f"Bearer {secret}"})).status == 401


async def test_it_reads_counts_for_every_origin_that_may_see_them(api: Api) -> None:
    likes = await listed(api)
    everywhere = await listed(api, "*")
    for widget_id, origin, allowed in (
        (likes.id, HERE, HERE),
        (everywhere.id, HERE, "*"),
        (everywhere.id, "null", "*"),
    ):
        answer = await api.send(
            "GET", "/v1/stats", headers={"origin": origin}, query=f"widget={widget_id}&page=a".encode()
        )
        assert cors(answer) == allowed
