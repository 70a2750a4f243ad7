import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import factories
from tests.support.serving import PAGE, Api

COUNTABLE = [
    ("pulse", "+", "+"),
    ("updown", "+1", "-1"),
    ("yesno", "y", "n"),
    ("reaction", "happy", "sad"),
    ("rating", 2, 5),
    ("nps", 0, 10),
]


async def rows(api: Api) -> int:
    return await api.pool.fetchval("select count(*) from response")  # type: ignore[no-any-return]


async def test_it_stores_a_response_and_tells_its_id_and_token(api: Api) -> None:
    likes = await factories.widget(api.pool)
    before = datetime.now(UTC)
    answer = await api.create(likes.id, "+", context={"title": "A"})
    assert answer.status == 201
    response = answer.json()
    assert response["outcome"] == "counted"
    row = await api.pool.fetchrow(
        "select f.*, c.key from response f join placement c on c.account_id = f.account_id and c.id = f.placement_id"
    )
    assert row is not None
    assert str(row["id"]) == response["id"]
    assert uuid.UUID(response["id"]).version == 7
    assert row["key"] == PAGE
    assert json.loads(row["context"]) == {"title": "A"}
    assert abs(row["created_at"] - before) < timedelta(seconds=5)
    assert await api.counts(likes.id) == [1]
    window = datetime.fromisoformat(response["revokable"]["expireAt"]) - row["created_at"]
    assert window == timedelta(hours=1)


async def test_it_answers_the_published_sdk_in_its_words(api: Api) -> None:
    likes = await factories.widget(api.pool)
    argument = {"contentSetId": likes.id, "key": PAGE, "value": "+", "revokable": True, "context": {"a": 1}}
    answer = await api.v0("create", argument)
    assert answer.status == 200
    result = answer.json()
    assert set(result) == {"feelbackId", "revokable"}
    assert set(result["revokable"]) == {"token", "expireAt"}
    for revokable in (False, None, "true", 1):
        answer = await api.v0("create", {**argument, "revokable": revokable})
        assert set(answer.json()) == {"feelbackId"}


async def test_it_takes_a_placement_by_its_id(api: Api) -> None:
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+")
    placement = str(await api.pool.fetchval("select id from placement"))
    assert (
        await api.post("/v1/responses", {"placement": placement, "value": "+", "visitor": "somebody"})
    ).status == 201
    assert (await api.v0("create", {"contentId": placement, "value": "+"})).status == 200
    assert (await api.v0("getAggregates", placement)).json() == [3]
    assert (await api.v0("getAggregates", {"contentId": placement})).json() == [3]


@pytest.mark.parametrize(("type", "first", "last"), COUNTABLE)
@pytest.mark.parametrize("visitor", ["somebody-1", None])
async def test_it_counts_a_visitor_once_and_the_last_value_wins(
    api: Api, type: str, first: Any, last: Any, visitor: str | None
) -> None:
    widget = await factories.widget(api.pool, type)
    results = [
        await api.stored(widget.id, value, visitor=visitor, context={"n": n})
        for n, value in enumerate([first, first, last])
    ]
    assert [one["outcome"] for one in results] == ["counted", "duplicate", "duplicate"]
    assert len({one["id"] for one in results}) == 1
    assert await rows(api) == 1
    (stats,) = await api.stats(widget.id)
    assert stats["total"] == 1
    assert stats["counts"][str(last)] == 1
    await api.stored(widget.id, first, "https://example.com/another", visitor=visitor)
    await api.stored(widget.id, first, visitor="somebody-2")
    assert await rows(api) == 3


async def test_it_lets_the_last_of_a_batch_win(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    items = [
        {"widget": votes.id, "page": PAGE, "value": value, "visitor": "somebody"} for value in ("+1", "-1", "+1", "-1")
    ]
    for counted in (1, 0):
        results = (await api.post("/v1/responses", {"items": items})).json()["items"]
        assert len({one["id"] for one in results}) == 1
        assert [one["outcome"] for one in results].count("counted") == counted
        assert await api.counts(votes.id) == [0, 1]


async def test_it_counts_each_response_where_the_policy_is_open(api: Api) -> None:
    likes = await factories.widget(api.pool, policy="open")
    for visitor in ("somebody", "somebody", None, None):
        assert (await api.stored(likes.id, "+", visitor=visitor))["outcome"] == "counted"
    assert await api.counts(likes.id) == [4]


async def test_it_counts_an_address_once_where_the_policy_is_address(api: Api) -> None:
    likes = await factories.widget(api.pool, policy="address")
    outcomes = [
        (await api.stored(likes.id, "+", visitor=visitor, address=address))["outcome"]
        for visitor, address in [
            ("somebody-1", "192.0.2.1"),
            ("somebody-2", "192.0.2.1"),
            (None, "192.0.2.1"),
            (None, "192.0.2.2"),
        ]
    ]
    assert outcomes == ["counted", "duplicate", "duplicate", "counted"]
    assert (await api.create(likes.id, "+", visitor=None, headers={"user-agent": "Another/1.0"})).json()[
        "outcome"
    ] == "counted"
    assert (await api.create(likes.id, "+", visitor=None, headers={"user-agent": "Third/1.0"})).json()[
        "outcome"
    ] == "duplicate"


@pytest.mark.parametrize("visitor", ["somebody", None])
@pytest.mark.parametrize("type", ["message", "tagged", "form"])
async def test_it_takes_a_retried_message_within_a_minute_for_one(api: Api, type: str, visitor: str | None) -> None:
    widget = await factories.widget(api.pool, type, fields=[{"name": "a"}] if type == "form" else None)

    def saying(text: str) -> Any:
        return {"message": text, "tagged": {"tag": "idea", "message": text}, "form": {"a": text}}[type]

    first = await api.stored(widget.id, saying("one"), visitor=visitor)
    again = await api.stored(widget.id, saying("one"), visitor=visitor)
    assert (again["outcome"], again["id"]) == ("duplicate", first["id"])
    assert (await api.stored(widget.id, saying("two"), visitor=visitor))["outcome"] == "counted"
    assert (await api.stored(widget.id, saying("one"), visitor="somebody-else"))["outcome"] == "counted"
    assert (await api.stored(widget.id, saying("one"), "k", visitor=visitor))["outcome"] == "counted"
    span = await api.pool.fetchval("select max(expires_at) - now() from visit")
    assert timedelta(seconds=50) < span <= timedelta(seconds=60)
    await api.pool.execute("update visit set expires_at = now()")
    later = await api.stored(widget.id, saying("one"), visitor=visitor)
    assert later["outcome"] == "counted"
    assert later["id"] != first["id"]
    assert await rows(api) == 5


@pytest.mark.parametrize("test_mode", [False, True])
async def test_a_message_that_was_edited_is_not_undone_by_its_first_text_sent_again(api: Api, test_mode: bool) -> None:
    widget = await factories.widget(api.pool, "tagged")
    await api.pool.execute("update project set test_mode = $1", test_mode)
    for first, second in (({"tag": "idea", "message": "one"}, {"tag": "error", "message": "two"}), ("idea", "error")):
        value, later = (each if isinstance(each, dict) else {"tag": each} for each in (first, second))
        stored = await api.stored(widget.id, value, visitor="somebody")
        answer = await api.patch(stored, later)
        assert answer.status == 200
        again = await api.stored(widget.id, value, visitor="somebody")
        assert (again["outcome"], again["id"]) == ("duplicate", stored["id"])
        row = await api.pool.fetchrow(
            """select o.value, f.body from response as f join option as o
                on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
            where f.id = $1""",
            stored["id"],
        )  # fmt: skip
        assert tuple(row) == (later["tag"], later.get("message"))


async def test_it_folds_visitors_without_a_token_until_the_salt_changes(api: Api) -> None:
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+", visitor=None)
    ends = await api.pool.fetchval("select expires_at from visit")
    assert ends == (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    await api.stored(likes.id, "+", visitor="somebody")
    assert await api.pool.fetchval("select count(*) from visit where expires_at = 'infinity'") == 1


async def test_it_gives_each_of_a_batch_its_own_result(api: Api) -> None:
    likes, votes = await factories.widget(api.pool), await factories.widget(api.pool, "yesno")
    items: list[Any] = [
        {"widget": likes.id, "page": "a", "value": "+", "visitor": "somebody"},
        {"widget": likes.id, "page": "a", "value": "-"},
        {"widget": str(uuid.uuid4()), "page": "a", "value": "+"},
        {"widget": "none", "page": "a", "value": "+"},
        {"widget": votes.id, "page": "b", "value": "y", "visitor": "somebody"},
        {"widget": votes.id, "value": "y"},
        7,
        {"widget": likes.id, "page": "a", "value": "+", "unknown": 1},
    ]
    answer = await api.post("/v1/responses", {"items": items})
    assert answer.status == 200
    results = answer.json()["items"]
    assert [one["status"] for one in results] == [201, 422, 404, 404, 201, 422, 422, 422]
    for one in results:
        assert set(one) >= ({"id", "outcome"} if one["status"] == 201 else {"error", "message", "data"})
    assert await rows(api) == 2
    again = (await api.post("/v1/responses", {"items": items[:1]})).json()["items"]
    assert again[0]["status"] == 200
    assert again[0]["outcome"] == "duplicate"


async def test_it_takes_500_at_once_and_no_more(api: Api) -> None:
    likes = await factories.widget(api.pool, policy="open")
    project_key = await factories.api_key(api.pool, likes)
    items = [{"widget": likes.id, "page": f"k{n % 7}", "value": "+"} for n in range(500)]
    headers = {"authorization": f"Bearer {project_key}"}
    answer = await api.post("/v1/responses", {"items": items}, headers)
    assert {one["status"] for one in answer.json()["items"]} == {201}
    assert (await api.post("/v1/responses", {"items": [*items, items[0]]}, headers)).status == 422
    assert await rows(api) == 500


async def test_it_answers_404_for_an_unknown_widget_or_placement(api: Api) -> None:
    nothing = ("", "none", "0", "x" * 100, str(uuid.UUID(int=0)), str(uuid.uuid4()), 7, None, {}, ["a"])
    for id in nothing:
        for body in ({"widget": id, "page": "a", "value": "+"}, {"placement": id, "value": "+"}):
            assert (await api.post("/v1/responses", body)).status == 404
        for body in ({"contentSetId": id, "key": "a", "value": "+"}, {"contentId": id, "value": "+"}):
            answer = await api.v0("create", body)
            assert answer.status == 404
            assert answer.json()["error"] == "not_found"
    assert await api.pool.fetchval("select count(*) from placement") == 0


async def test_it_takes_a_new_widget_at_once_and_a_changed_one_within_seconds(api: Api) -> None:
    project = await factories.project(api.pool)
    id = uuid.uuid4()
    assert (await api.create(str(id), "+")).status == 404
    likes = await factories.widget(api.pool, of=project)
    assert (await api.create(likes.id, "+")).status == 201


BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "facebookexternalhit/1.1", "Bytespider",
    "GPTBot/1.0", "Mozilla/5.0 (compatible; bingbot/2.0)", "Chrome-Lighthouse", "Slackbot-LinkExpanding 1.0",
]  # fmt: skip
READERS = [
    "",
    "curl/8.0",
    "python-httpx/0.27",
    "Mozilla/5.0 (Linux; CUBOT X30) Chrome/1.0",
    "Mozilla/5.0 (iPhone) Safari/604.1",
]


async def test_it_answers_bots_and_does_not_count_them(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for bot in BOTS:
        answer = await api.create(likes.id, "+", headers={"user-agent": bot})
        assert answer.status in (200, 201)
        assert answer.json()["outcome"] == "ignored", bot
        argument = {"contentSetId": likes.id, "key": "a", "value": "+"}
        assert (await api.v0("create", argument, {"user-agent": bot})).status == 200
    assert await rows(api) == 0
    assert await api.pool.fetchval("select count(*) from placement") == 0


async def test_it_counts_readers_that_are_no_bots(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for reader in READERS:
        answer = await api.create(likes.id, "+", headers={"user-agent": reader})
        assert answer.json()["outcome"] == "counted", reader


async def test_it_refuses_a_visitor_that_is_no_token(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for token in ("short", "x" * 201, 12345678, ["x" * 8], {}, True):
        assert (await api.create(likes.id, "+", visitor=token)).status == 422


async def test_it_counts_on_the_day_of_the_project_s_zone(api: Api) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        project = await factories.project(api.pool, time_zone=zone)
        likes = await factories.widget(api.pool, of=project)
        response = await api.stored(likes.id, "+")
        row = await api.pool.fetchrow(
            "select counted_on, (created_at at time zone $2)::date as day from response where id = $1",
            response["id"],
            zone,
        )
        assert row is not None
        assert row["counted_on"] == row["day"]
    days = await api.pool.fetchval("select count(distinct counted_on) from response")
    assert days >= 2


async def test_it_refuses_other_media_types(api: Api) -> None:
    for path in ("/v1/responses", "/v0/feelbacks/create", "/v0/feelbacks/edit", "/v0/feelbacks/remove", "/v1/stats"):
        for kind in ("", "text/plain", "text/json", "multipart/form-data; boundary=x", "application/jsonp"):
            answer = await api.send("POST", path, b"{}", {"content-type": kind})
            assert answer.status == 415
            assert answer.json()["error"] == "unsupported_media_type"


async def test_it_takes_json_with_a_charset(api: Api) -> None:
    likes = await factories.widget(api.pool)
    assert (await api.create(likes.id, "+", headers={"content-type": "Application/JSON; charset=utf-8"})).status == 201


METHODS = {
    "/v1/responses": "POST, OPTIONS",
    f"/v1/responses/{uuid.UUID(int=7)}": "PATCH, DELETE, OPTIONS",
    "/v1/stats": "GET, HEAD, POST, OPTIONS",
    "/v1/openapi.json": "GET, HEAD, OPTIONS",
    "/v0/feelbacks/create": "POST, OPTIONS",
    "/v0/feelbacks/edit": "POST, OPTIONS",
    "/v0/feelbacks/remove": "POST, OPTIONS",
    "/v0/feelbacks/getAggregates": "GET, HEAD, POST, OPTIONS",
}


async def test_it_names_the_methods_that_are_possible(api: Api) -> None:
    for path, allowed in METHODS.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - set(allowed.split(", ")):
            answer = await api.send(method, path)
            assert answer.status == 405, (method, path)
            assert answer.headers["allow"] == allowed
            assert answer.json()["error"] == "method_not_allowed"


async def test_it_has_nothing_elsewhere(api: Api) -> None:
    for path in ("/v1/", "/v1/none", "/v0/feelbacks", "/v0/feelbacks/create/", "/v1/responses/a/b", "/v0/x/create"):
        answer = await api.send("POST", path, b"{}")
        assert answer.status == 404
        assert answer.json()["error"] == "not_found"
