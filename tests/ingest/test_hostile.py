import asyncio
import gc
import json
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from app.database import db
from app.errors import FeelbackError
from app.ingest.limits import Buckets
from app.ingest.refusals import OTHER, Refusals
from app.ingest.visitors import Salts
from app.ingest.wire import read_arguments
from app.queries.visitors import DaySalt
from tests.support import factories
from tests.support.serving import PAGE, SECRET, Api, MakeApi, ingest_of

EVIL = "https://evil.example"
PAD = "x" * 14_000


async def grown(ask: Callable[[int], Awaitable[Any]], times: int = 60) -> float:
    """The bytes of memory that a call of `ask` retains."""
    await ask(0)
    gc.collect()
    tracemalloc.start()
    try:
        for n in range(1, times + 1):
            await ask(n)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / times
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", ["key", "user agent", "forwarded", "origin"])
async def test_it_remembers_nothing_large_that_anybody_may_make_up(make_api: MakeApi, what: str) -> None:
    api = await make_api(limits="off")
    likes = await factories.widget(api.pool, of=await factories.project(api.pool, origins=("https://a.example",)))

    async def ask(n: int) -> None:
        if what == "key":
            assert (await api.create(likes.id, "+", f"https://a.example/{n}" + "😀" * 4000)).status == 422
            return
        headers = {
            "user agent": {"user-agent": f"{n}{PAD}"},
            "forwarded": {"x-forwarded-for": f"{'10.0.0.1,' * 1500}1.2.3.{n}"},
            "origin": {"origin": f"https://{n}{PAD}.example"},
        }[what]
        assert (await api.create(likes.id, "+", headers=headers)).status == 403

    assert await grown(ask) < 5000


async def test_it_tells_long_keys_and_long_browsers_apart(api: Api) -> None:
    likes = await factories.widget(api.pool)
    key = "https://example.com/" + "a" * 1500
    for n in range(2):
        await api.stored(
            likes.id, "+", key + "?utm_source=x", visitor=None, address="203.0.113.7",
            headers={"user-agent": "Mozilla/5.0 " + "x" * 1000 + str(n)},
        )  # fmt: skip
    assert await api.counts(likes.id, key) == [2]


def test_it_reads_arguments_in_linear_time_whatever_follows_them() -> None:
    def seconds(spaces: int) -> float:
        query, times = b'$p=[{"contentSetId":"x","key":"a"}' + b"%20" * spaces + b"x", []
        for _ in range(5):
            began = time.thread_time()
            assert read_arguments(query)[1]
            times.append(time.thread_time() - began)
        return min(times)

    # Ten times as many: ten times the work, or a hundred if each space is read again for each.
    assert seconds(20_000) < 40 * seconds(2_000)


async def test_it_answers_head_as_get(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for path, query in (
        ("/v1/stats", f"widget={likes.id}&page=a".encode()),
        ("/v1/openapi.json", b""),
        ("/v0/feelbacks/getAggregates", b'$p=[{"contentSetId":"%s","key":"a"}]' % likes.id.encode()),
    ):
        get, head = [await api.send(method, path, query=query) for method in ("GET", "HEAD")]
        assert (head.status, head.headers) == (200, get.headers)


async def test_it_takes_an_address_with_its_host(api: Api) -> None:
    likes = await factories.widget(api.pool)
    item = {"widget": likes.id, "page": "a", "value": "+"}
    assert (await api.post("http://localhost/v1/responses", item)).status == 201
    assert (await api.send("GET", "https://localhost:8000/healthz")).status == 200
    assert (await api.send("GET", "http://localhost")).status in (200, 303)


async def test_it_refuses_web_sockets(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    for path in ("/v0/feelbacks/create", "/secret-of-a-visitor"):
        await api.application(
            {"type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": []},
            receive,
            send,
        )
    assert [message["type"] for message in sent] == ["websocket.close"] * 2
    assert "secret-of-a-visitor" not in caplog.text


async def test_it_gives_no_length_to_answers_that_have_no_body(api: Api) -> None:
    likes = await factories.widget(api.pool)
    response = await api.stored(likes.id, "+")
    assert "content-length" not in (await api.delete(response)).headers
    query = f"widget={likes.id}&page=a".encode()
    tag = (await api.send("GET", "/v1/stats", query=query)).headers["etag"]
    again = await api.send("GET", "/v1/stats", headers={"if-none-match": tag}, query=query)
    assert (again.status, "content-length" in again.headers) == (304, False)
    assert "content-length" not in (await api.send("OPTIONS", "/v1/stats")).headers


async def test_it_varies_by_origin_whether_or_not_one_is_given(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://a.example",))
    likes = await factories.widget(api.pool, of=project)
    for headers in ({}, {"origin": "https://a.example"}, {"origin": EVIL}):
        answer = await api.send("GET", "/v1/stats", headers=headers, query=f"widget={likes.id}&page=a".encode())
        assert answer.headers["vary"] == "origin"


async def test_it_keeps_a_flood_of_origins_small_for_the_whole_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    now = 3600.0 * 1000
    monkeypatch.setattr("app.ingest.refusals.time.time", lambda: now)

    async def write(rows: list[tuple[Any, Any, str, str, int]]) -> None:
        written.extend(row[3] for row in rows)

    refusals = Refusals(write, seconds=1000)
    for flush in range(5):
        for n in range(100):
            refusals.add(1, 2, "origin", f"https://{flush}-{n}.example")
        await refusals.flush()
    assert len(set(written)) == 51
    assert written[-1] == OTHER
    now += 3600
    refusals.add(1, 2, "origin", EVIL)
    await refusals.flush()
    assert written[-1] == EVIL


async def test_it_keeps_counting_known_origins_in_a_flood() -> None:
    written: list[tuple[Any, Any, str, str, int]] = []

    async def write(rows: list[tuple[Any, Any, str, str, int]]) -> None:
        written.extend(rows)

    refusals = Refusals(write, seconds=1000)
    for n in range(60):
        refusals.add(1, 2, "origin", f"https://{n}.example")
    refusals.add(1, 2, "origin", "https://0.example")
    await refusals.flush()
    assert (1, 2, "origin", "https://0.example", 2) in written


def test_it_lets_a_large_question_through_where_the_bucket_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.ingest.limits.time.monotonic", lambda: now)
    buckets = Buckets("address", 10, 20)
    buckets.take(b"a", 200)
    with pytest.raises(FeelbackError) as caught:
        buckets.take(b"a", 200)
    now += int(caught.value.headers["retry-after"])
    buckets.take(b"a", 200)


def test_it_forgets_many_buckets_at_once_where_all_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ingest.limits.time.monotonic", lambda: 1000.0)
    buckets = Buckets("address", 1, 10, size=1000)
    swept = 0
    forget = buckets._forget

    def counted(now: float) -> None:
        nonlocal swept
        swept += 1
        forget(now)

    monkeypatch.setattr(buckets, "_forget", counted)
    for n in range(3000):
        buckets.take(str(n).encode())
    assert len(buckets._levels) <= 1000
    assert swept <= 40


async def test_it_limits_who_asks_for_what_is_not_there(make_api: MakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="2")
    monkeypatch.setattr("app.ingest.limits.time.monotonic", lambda: 1000.0)
    likes = await factories.widget(api.pool)
    await api.stats(likes.id, "a")
    nothing = [f"01890000-0000-7000-8000-{n:012}" for n in range(30)]
    for call in (
        lambda id: api.create(id, "+", visitor="somebody", address="203.0.113.7"),
        lambda id: api.send("GET", "/v1/stats", query=f"widget={id}&page=a".encode(), address="203.0.113.8"),
        lambda id: api.v0("getAggregates", id, address="203.0.113.9"),
        lambda id: api.create(
            likes.id, "+", visitor="somebody", address="203.0.113.10", headers={"authorization": f"Bearer {id}"}
        ),
    ):
        statuses = [(await call(id)).status for id in nothing]
        assert statuses[0] in (401, 404)
        assert statuses[-1] == 429
    await api.stored(likes.id, "+", visitor="somebody", address="203.0.113.7")


async def test_it_limits_readers_with_another_project_s_key(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="1")
    likes, other = await factories.widget(api.pool), await factories.widget(api.pool)
    query = f"widget={likes.id}&page=a".encode()
    statuses = []
    for n, of in enumerate((other, likes)):
        bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, of, 'read')}"}
        first, *reads = (
            api.send("GET", "/v1/stats", headers=bearer, query=query, address=f"1.2.3.{n}") for _ in range(16)
        )
        assert (await first).status == 200  # the key is looked up, which has a limit of its own
        statuses.append({answer.status for answer in await asyncio.gather(*reads)})
    assert statuses == [{200, 429}, {200}]


async def test_it_tells_of_each_item_what_came_of_it_where_one_could_not_be_looked_up(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    likes = await factories.widget(api.pool)
    await api.stored(likes.id, "+")

    async def away(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("app.queries.widget_lookups.ingest_widget", away)
    items = [
        {"widget": id, "page": "a", "value": "+", "visitor": "somebody"}
        for id in (likes.id, "01890000-0000-7000-8000-000000000000")
    ]
    answer = await api.post("/v1/responses", {"items": items})
    assert [item["status"] for item in answer.json()["items"]] == [201, 503]
    assert await api.counts(likes.id, "a") == [1]


@pytest.mark.parametrize("state", ["53100", "53200", "58030"])
def test_it_takes_a_full_disk_for_a_database_that_is_away(state: str) -> None:
    assert isinstance(asyncpg.PostgresError.new({"C": state, "M": ""}), db.UNAVAILABLE)


@pytest.mark.parametrize("number", ["1_0", "٣", "0x3", "3 4", "infinity", "1e999"])
async def test_it_takes_no_number_that_only_python_would(api: Api, number: str) -> None:
    form = await factories.widget(api.pool, "form", fields=[{"name": "n", "kind": "number"}])
    assert (await api.create(form.id, {"n": number})).status == 422
    for right in ("3", "-3.5", "+1e2", ".5", "5."):
        assert (await api.create(form.id, {"n": right})).status == 201, right


async def test_it_leads_back_to_web_pages_only(api: Api) -> None:
    likes = await factories.widget(api.pool)
    body = f"widget={likes.id}&page=a&value=%2B".encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "referer": "javascript://x/%0aalert(1)"}
    answer = await api.send("POST", "/v1/responses", body, headers)
    assert "location" not in answer.headers
    assert b"javascript" not in answer.body


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/danke-schön?à=1", "https://example.com/danke-sch%C3%B6n?%C3%A0=1"),
        ("/a%20b#c", "https://example.com/a%20b#c"),
        ("/\x7f", PAGE),
        ("/a\r\nset-cookie: a=b", PAGE),
        ("https://exämple.com/", PAGE),
        ("\\\\evil.example", PAGE),
    ],
)
async def test_it_leads_back_to_the_page_that_the_form_names(api: Api, wanted: str, location: str) -> None:
    likes = await factories.widget(api.pool)
    body = urlencode({"widget": likes.id, "page": "a", "value": "+", "return": wanted}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "https://example.com", "referer": PAGE}
    assert (await api.send("POST", "/v1/responses", body, headers)).headers["location"] == location


async def test_it_lets_an_office_like_and_unlike_as_often_as_it_likes(make_api: MakeApi) -> None:
    api = await make_api(limit_address_burst="10000", limit_visitors_per_address="3")
    likes = await factories.widget(api.pool)
    for n in range(200):
        response = await api.stored(likes.id, "+", visitor=f"visitor-{n % 5}", address="203.0.113.7")
        assert (await api.delete(response)).status == 204
    for n in range(3):
        await api.stored(likes.id, "+", visitor=f"another-{n}", address="203.0.113.7")
    assert (await api.create(likes.id, "+", visitor="one-more", address="203.0.113.7")).status == 429
    assert await api.counts(likes.id) == [3]


async def test_it_logs_nothing_of_refused_requests(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    api = await make_api(log_level="debug")
    likes = await factories.widget(api.pool)
    secret = "told-in-confidence"
    for body in (
        json.dumps({"widget": secret}),
        json.dumps({"widget": likes.id, "page": secret, "value": secret}),
        json.dumps({"widget": likes.id, "page": secret, "value": "+", "context": {secret: [secret]}}),
        json.dumps({"widget": likes.id, "page": secret, "value": "+", secret: secret}),
        f'{{"{secret}',
    ):
        answer = await api.send(
            "POST", "/v1/responses", body.encode(), {"origin": f"https://{secret}.example", "user-agent": secret}
        )
        assert 400 <= answer.status < 500
    await api.send(secret, f"/v1/{secret}")
    await api.send("GET", "/v1/stats", query=f"widget={secret}&page={secret}".encode())
    await ingest_of(api).refusals.flush()
    assert secret not in caplog.text


async def test_it_waits_so_long_for_a_database_that_hangs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.2)
    pool = await db.connect(database, min_size=1, max_size=1)
    began = time.monotonic()
    async with pool.acquire():
        with pytest.raises(TimeoutError):
            await db.value(pool, "select 1")
    assert time.monotonic() - began < 3
    pool.terminate()


@pytest.mark.parametrize("change", ["update api_key set revoked_at = now()", "update project set origins = '{}'"])
async def test_it_knows_of_a_change_in_six_seconds_however_quiet_it_was(
    api: Api, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    likes = await factories.widget(api.pool)
    bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, likes)}"} if "api_key" in change else {}
    headers = {"origin": "https://example.com", **bearer}
    assert (await api.create(likes.id, "+", headers=headers)).status == 201
    await api.pool.execute(change)
    later = time.monotonic() + 7
    monkeypatch.setattr("app.ingest.widgets.time.monotonic", lambda: later)
    assert (await api.create(likes.id, "+", headers=headers)).status in (401, 403)


async def test_it_asks_for_the_salt_once_however_many_wait() -> None:
    loads, fails = 0, True

    async def load(_day: date, fresh: bytes) -> DaySalt:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.01)
        if fails:
            raise TimeoutError
        return DaySalt(fresh, True, None)

    salts = Salts(load, [SECRET])
    errors = await asyncio.gather(*(salts.renew() for _ in range(50)), return_exceptions=True)
    assert {type(error) for error in errors} == {TimeoutError}
    assert loads == 1
    fails, order = False, list[int]()

    async def go(n: int) -> None:
        await salts.renew()
        order.append(n)

    await asyncio.gather(*(go(n) for n in range(50)))
    assert (loads, order, len(salts.key)) == (2, list(range(50)), 32)
