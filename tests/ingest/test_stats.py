import json
import math
import uuid
from urllib.parse import quote

import asyncpg
import pytest

from app.database.ids import as_uuid
from app.database.retry import RetryingConnection
from app.ingest import questions
from tests.support import factories
from tests.support.serving import PAGE, Answer, Api, ingest_of


async def get(api: Api, query: str, **headers: str) -> Answer:
    return await api.send(
        "GET", "/v1/stats", headers={n.replace("_", "-"): v for n, v in headers.items()}, query=query.encode()
    )


async def test_it_tells_counts_shares_and_scores_of_votes(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    for value in ("+1", "+1", "+1", "-1"):
        await api.stored(votes.id, value)
    (stats,) = await api.stats(votes.id)
    z, n, p = 1.96, 4, 0.75
    wilson = (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)
    assert stats.pop("score") == pytest.approx(wilson)
    assert stats.pop("positiveInterval") == pytest.approx([wilson, 0.954413], abs=1e-6)
    assert stats.pop("sentimentInterval") == pytest.approx([-0.420960, 0.920960], abs=1e-6)
    assert stats.pop("averageInterval") is None
    assert stats == {
        "widget": votes.id, "page": PAGE, "counts": {"+1": 3, "-1": 1}, "total": 4, "positive": 0.75, "neutral": 0.0,
        "negative": 0.25,
        "sentiment": 0.5, "average": None,
    }  # fmt: skip


async def test_it_tells_averages_and_scores_of_ratings(api: Api) -> None:
    stars = await factories.widget(api.pool, "rating")
    for value in (5, 5, 4, 1):
        await api.stored(stars.id, value)
    (stats,) = await api.stats(stars.id)
    assert stats["average"] == 3.75
    assert stats["averageInterval"] == pytest.approx(await _mean_interval(api, 15, 67, 4, 1, 5))
    assert stats["sentimentInterval"] == pytest.approx(await _mean_interval(api, 1.5, 3.25, 4, -1, 1))
    assert stats["score"] == pytest.approx((5 * 3 + 15) / (5 + 4))
    assert stats["sentiment"] == pytest.approx((1 + 1 + 0.5 - 1) / 4)
    assert (stats["positive"], stats["neutral"], stats["negative"]) == (0.75, 0.0, 0.25)


async def _mean_interval(api: Api, *arguments: float) -> list[float]:
    return list(await api.pool.fetchval("select fn.mean_interval($1, $2, $3, $4, $5)", *arguments))


async def test_it_reads_an_unknown_page_as_zeros_and_creates_nothing(api: Api) -> None:
    feelings = await factories.widget(api.pool, "reaction")
    assert (await api.v0("getAggregates", {"contentSetId": feelings.id, "key": "none"})).json() == [0, 0, 0]
    (stats,) = await api.stats(feelings.id, "none")
    assert stats["counts"] == {"happy": 0, "neutral": 0, "sad": 0}
    assert stats["total"] == 0
    assert {stats[name] for name in ("positive", "neutral", "negative", "sentiment", "average", "score")} == {None}
    assert {stats[f"{name}Interval"] for name in ("positive", "sentiment", "average")} == {None}
    assert await api.pool.fetchval("select count(*) from placement") == 0


async def test_it_answers_many_keys_in_their_order(api: Api) -> None:
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+", "https://example.com/b")
    keys = ["https://example.com/a", "https://EXAMPLE.com/b/#x", "https://example.com/b", "c"]
    items = await api.stats(likes.id, *keys)
    assert [(one["page"], one["total"]) for one in items] == list(zip(keys, [0, 1, 1, 0], strict=True))
    answer = await api.post("/v1/stats", {"widget": likes.id, "pages": keys})
    assert answer.json()["items"] == items
    placement = await api.pool.fetchval("select id::text from placement")
    for answer in (await get(api, f"placement={placement}"), await api.post("/v1/stats", {"placement": placement})):
        assert [(one["page"], one["total"]) for one in answer.json()["items"]] == [("https://example.com/b", 1)]


async def test_it_answers_200_keys_and_no_more(api: Api) -> None:
    likes = await factories.widget(api.pool)
    keys = [f"k{n}" for n in range(200)]
    assert len((await api.post("/v1/stats", {"widget": likes.id, "pages": keys})).json()["items"]) == 200
    assert (await api.post("/v1/stats", {"widget": likes.id, "pages": [*keys, "more"]})).status == 422
    assert len((await get(api, f"widget={likes.id}&" + "&".join(f"page={key}" for key in keys))).json()["items"]) == 200
    for n in (201, 500, 3000):
        assert (await get(api, f"widget={likes.id}&" + "&".join(["page=a"] * n))).status in (400, 422)


async def test_it_refuses_questions_that_it_cannot_answer(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for query in (
        "", "widget=", f"widget={likes.id}", "page=a", f"widget={likes.id}&page=",
        f"widget={likes.id}&widget={likes.id}&page=a",
        f"widget={likes.id}&page=a&x=1",
        f"widget={likes.id}&page=a&placement={uuid.uuid4()}", f"widget={likes.id}&page={'x' * 3000}",
        f"widget={likes.id}&page=%FF",
        f"widget={likes.id}&page=%00",
        f"widget={likes.id}&page=%ED%A0%80", f"widget={likes.id}&Key=a", "%00", "&&&",
    ):  # fmt: skip
        assert (await get(api, query)).status in (400, 404, 422), query
    assert (await api.send("GET", "/v1/stats", query="widget=é".encode())).status == 400
    for body in ({}, {"pages": ["a"]}, {"widget": likes.id}, {"widget": likes.id, "pages": []},
                  {"widget": likes.id, "pages": "a"},
                  {"widget": likes.id, "pages": [7]}, {"widget": likes.id, "pages": [None]},
                  {"widget": likes.id, "pages": ["a"],
                  "x": 1}):  # fmt: skip
        assert (await api.post("/v1/stats", body)).status == 422, body
    for id in ("none", str(uuid.uuid4())):
        assert (await get(api, f"widget={id}&page=a")).status == 404
        assert (await get(api, f"placement={id}")).status == 404
        assert (await api.v0("getAggregates", id)).status == 404


async def test_a_question_that_comes_again_follows_the_rules_of_its_project(api: Api) -> None:
    likes = await factories.widget(api.pool)
    page = "https://example.com/?a=1"
    await api.stored(likes.id, "+", page)
    query = f"widget={likes.id}&page={quote(page, safe='')}"
    for _ in range(2):
        (item,) = (await get(api, query)).json()["items"]
        assert (item["total"], "canonical" in item) == (1, False)
    await api.pool.execute('update project set key_rules = \'{"query": "drop"}\' where id = $1', likes.project_id)
    await ingest_of(api).lookups._widgets.renew(as_uuid(likes.id, "widget"))
    (item,) = (await get(api, query)).json()["items"]
    assert (item["total"], item["canonical"]) == (0, "https://example.com/")


async def test_extras_of_one_question_are_not_in_the_next(api: Api) -> None:
    likes = await factories.widget(api.pool)
    query = f"widget={likes.id}&page=a&reasons=1"
    for _ in range(2):
        assert "reasons" in (await get(api, query)).json()["items"][0]
    assert "reasons" not in (await get(api, query.replace("&reasons=1", ""))).json()["items"][0]


def test_the_oldest_questions_are_forgotten_and_long_ones_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_BYTES", 200)
    remembered = questions.Questions()
    first = remembered.question(b"widget=w&page=0")
    assert remembered.question(b"widget=w&page=0") is first
    for n in range(1, 30):
        remembered.question(b"widget=w&page=%d" % n)
    assert remembered.question(b"widget=w&page=0") is not first
    assert remembered._bytes == sum(map(len, remembered._questions)) <= 200
    long = b"widget=w&page=" + b"x" * 20
    assert remembered.question(long) is not remembered.question(long)


async def test_it_answers_304_to_who_has_it_already(api: Api) -> None:
    likes = await factories.widget(api.pool)
    query = f"widget={likes.id}&page=a"
    p = f'$p=[{{"contentSetId":"{likes.id}","key":"a"}}]'.encode()
    for ask in (
        lambda **headers: get(api, query, **headers),
        lambda **headers: api.send("GET", "/v0/feelbacks/getAggregates", headers={n.replace("_", "-"): v for n,
        v in headers.items()}, query=p),
        lambda **headers: api.send("GET", "/v1/openapi.json", headers={n.replace("_", "-"): v for n,
        v in headers.items()}),
    ):  # fmt: skip
        first = await ask()
        assert first.status == 200
        tag = first.headers["etag"]
        assert "max-age" in first.headers["cache-control"]
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = await ask(if_none_match=known, origin="https://example.com")
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == first.headers["cache-control"]
            assert again.headers["access-control-allow-origin"] == "*"
        assert (await ask(if_none_match='"other"')).status == 200
    before = (await get(api, query)).headers["etag"]
    await api.stored(likes.id, "+", "a")
    after = await get(api, query, if_none_match=before)
    assert after.status == 200
    assert after.json()["items"][0]["total"] == 1


async def test_a_read_is_one_query_however_it_is_asked(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    likes = await factories.widget(api.pool)
    query = "&".join([f"widget={likes.id}", *(f"page={n}" for n in range(50))])
    tag = (await get(api, query)).headers["etag"]  # also reads the widget
    queries: list[str] = []
    fetch = RetryingConnection.fetch

    async def counted(connection: RetryingConnection, sql: str, *arguments: object) -> list[asyncpg.Record]:
        queries.append(sql)
        return await fetch(connection, sql, *arguments)

    monkeypatch.setattr(RetryingConnection, "fetch", counted)
    # None is answered from memory: a copy there could be older than a vote that another process has acknowledged.
    assert (await get(api, query)).status == 200
    assert (await get(api, query, if_none_match=tag)).status == 304
    assert (await api.send("HEAD", "/v1/stats", query=query.encode())).status == 200
    assert len(queries) == 3
    assert all("fn.tallies(" in each for each in queries)


async def test_it_counts_every_response_that_was_acknowledged_before(api: Api) -> None:
    likes = await factories.widget(api.pool, policy="open")
    for n in range(1, 60):
        await api.stored(likes.id, "+")
        assert await api.counts(likes.id) == [n]


async def test_it_describes_itself(api: Api) -> None:
    answer = await api.send("GET", "/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body)["openapi"].startswith("3.1")
