"""What a request may cost before it is known what it is about."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from app.ingest import v1
from app.ingest.keys import KeyRules, _canonical, canonical
from tests.support import factories
from tests.support.serving import Api, MakeApi

LIGATURE = "\ufdfa"  # eighteen letters in one character
COSTLY = {
    "a host of one label": f"https://{LIGATURE * 2600}n.example/",
    "a host of many labels": f"https://{'.'.join([LIGATURE * 60] * 40)}.example/",
    "a host within its limits": f"https://{'.'.join([LIGATURE * 20] * 4)}.example/",
    "a host in escapes": f"https://{quote(LIGATURE * 200)}.example/",
    "a path": f"https://n.example/{LIGATURE * 2000}",
}
LONG = {
    "names of parameters": f"https://n.example/?{'%41=&' * 1200}",
    "many index pages": f"https://n.example{'/index.html' * 500}",
    "many dots": f"https://n.example{'/..' * 2000}",
    "many labels": f"https://{'é.' * 80}example/",
}
# As long as the longest of those, and nothing odd in it.
ORDINARY = "https://n.example/?" + "&".join(f"p{n}={n}" for n in range(700))


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets do not fill up again while a test runs."""
    # In that module only: the event loop needs a clock that runs.
    monkeypatch.setattr("app.ingest.limits.time", SimpleNamespace(monotonic=lambda: 1000.0))


def best_seconds(*calls: Callable[[], object]) -> list[float]:
    """The least CPU time of ten runs of each, seconds in turn: a machine that slows down slows all of them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(10):
        for call, seconds in zip(calls, times, strict=True):
            start = time.thread_time()
            for _ in range(8):
                call()
            seconds.append(time.thread_time() - start)
    return [min(seconds) for seconds in times]


@pytest.mark.parametrize("key", (COSTLY | LONG).values(), ids=COSTLY | LONG)
def test_no_key_costs_much_more_than_an_ordinary_long_one(key: str) -> None:
    rules = KeyRules()
    costly, ordinary = best_seconds(lambda: _canonical(key, rules), lambda: _canonical(ORDINARY, rules))
    assert costly < 8 * ordinary  # 3 at most; without the bounds, some hundred


async def test_a_request_with_eight_of_them_costs_no_more_than_an_ordinary_one(api: Api) -> None:
    likes = await factories.widget(api.pool)
    times: dict[str, list[float]] = {COSTLY["a host of one label"]: [], ORDINARY: []}
    for _ in range(10):
        for key, seconds in times.items():
            items = [{"widget": likes.id, "page": key, "value": "+"} for _ in range(8)]
            body = json.dumps({"items": items}, ensure_ascii=False).encode()
            start = time.thread_time()
            assert (await api.send("POST", "/v1/responses", body)).status == 200
            seconds.append(time.thread_time() - start)
    costly, ordinary = map(min, times.values())
    assert costly < 4 * ordinary


@pytest.mark.parametrize(
    "host",
    ["é" * 64 + ".example", "é." * 120 + "example", LIGATURE * 20 + ".example", "xn--" + "é" * 70, "a" * 254 + ".é"],
)
def test_a_host_that_dns_has_no_room_for_stays_as_it_is(host: str) -> None:
    assert canonical(f"https://{host}/", KeyRules()) == f"https://{host}/"


def test_a_host_with_letters_of_any_script_has_one_spelling() -> None:
    for host in ("bücher.example", "BÜCHER.example", "b%C3%BCcher.example", "bücher。example"):
        assert canonical(f"https://{host}/", KeyRules()) == "https://xn--bcher-kva.example/"


@pytest.mark.usefixtures("still")
async def test_the_budget_of_an_address_counts_what_costs_much_and_is_taken_by_no_project(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="10")
    likes = await factories.widget(api.pool)
    body = {"items": [{"widget": likes.id, "page": COSTLY["a host of one label"], "value": "+"} for _ in range(8)]}
    # As it is, not in escapes: 63 KB.
    raw = json.dumps(body, ensure_ascii=False).encode()
    answers = [await api.send("POST", "/v1/responses", raw, address="203.0.113.7") for _ in range(6)]
    assert answers[0].status == 200
    assert {item["status"] for item in answers[0].json()["items"]} == {422}
    assert answers[-1].status == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await api.create(likes.id, "+", address="203.0.113.8")).status == 201


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/beacons", "/v1/seen", "/v1/stats", "/v0/feelbacks/create"])
@pytest.mark.usefixtures("still")
async def test_it_refuses_before_it_reads_the_body(
    make_api: MakeApi, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="1")
    read = []

    async def body(*_: object) -> bytes:
        read.append(1)
        return b"{}"

    monkeypatch.setattr("app.ingest.request.Request.body", body)
    text = {"content-type": "text/plain" if path in ("/v1/beacons", "/v1/seen") else "application/json"}
    statuses = [(await api.send("POST", path, b" " * 5000, text, address="203.0.113.7")).status for _ in range(6)]
    assert statuses[-1] == 429
    assert len(read) == len([status for status in statuses if status != 429])
    read.clear()
    large = {**text, "content-length": "99999999"}
    assert (await api.send("POST", path, b"{}", large, address="203.0.113.8")).status == 413
    assert read == []


@pytest.mark.usefixtures("still")
async def test_a_body_of_unknown_length_counts_as_the_longest(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="10")  # 200 kilobytes at once
    headers = {"content-length": None, "transfer-encoding": "chunked"}
    statuses = [
        (await api.send("POST", "/v1/responses", b"{}", headers, address="203.0.113.7")).status for _ in range(5)
    ]
    assert statuses == [422, 422, 422, 429, 429]


@pytest.mark.usefixtures("still")
async def test_a_host_that_is_not_ascii_takes_a_budget_of_its_own(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="2")  # 40 at once
    likes = await factories.widget(api.pool)
    pages = [f"https://é{n}.example/" for n in range(8)]
    answer = await api.post("/v1/stats", {"widget": likes.id, "pages": pages}, address="203.0.113.7")
    assert answer.status == 429
    pages = [f"https://x{n}.example/é" for n in range(8)]
    answer = await api.post("/v1/stats", {"widget": likes.id, "pages": pages}, address="203.0.113.8")
    assert answer.status == 200


@pytest.mark.usefixtures("still")
async def test_an_api_key_takes_no_budget_of_the_address(make_api: MakeApi) -> None:
    api = await make_api(limit_address_per_second="1", limit_address_burst="1")
    likes = await factories.widget(api.pool)
    bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, likes)}"}
    items = [{"widget": likes.id, "page": "a" * 2000, "value": "+"} for _ in range(25)]
    for _ in range(5):
        answer = await api.post("/v1/responses", {"items": items}, bearer, address="203.0.113.7")
        assert answer.status == 200
    assert len(items) <= v1.MOST_ITEMS


async def test_a_long_address_is_shortened_only_up_to_three_times_the_limit(api: Api) -> None:
    likes = await factories.widget(api.pool)
    tracker = "https://example.com/a?utm_source="
    assert (await api.create(likes.id, "+", tracker + "x" * 5000)).status == 201
    answer = await api.create(likes.id, "+", tracker + "x" * 6200)
    assert answer.status == 422
    assert json.loads(answer.body)["data"] == {"limit": 2048}
