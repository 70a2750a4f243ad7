"""Seen counts over HTTP: what is counted, what is refused before any work, and what is read of it."""

import asyncio
import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.ingest.counters import MOST
from app.ingest.seen_counts import ELSEWHERE, SeenCounts
from app.ingest.v1 import MOST_SEEN
from tests.support import factories
from tests.support.serving import PAGE, Answer, Api, MakeApi, ingest_of

TEXT = {"content-type": "text/plain;charset=UTF-8"}
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


async def see(api: Api, *items: Any, **headers: Any) -> Answer:
    """Send what was seen in a page view, and wait until it is written."""
    body = json.dumps({"items": list(items)}).encode()
    answer = await api.send("POST", "/v1/seen", body, TEXT | headers)
    await ingest_of(api).seen_counts.flush()
    return answer


async def stored(api: Api) -> list[tuple[Any, int]]:
    """The counts by placement or widget."""
    rows = await api.pool.fetch("select scope_id, sum(count)::int as count from seen_day group by 1 order by 2")
    return [(str(row["scope_id"]), row["count"]) for row in rows]


async def outcomes(answer: Answer) -> list[Any]:
    """The outcome or status of each item."""
    assert answer.status == 200, answer.body
    return [item.get("outcome", item["status"]) for item in answer.json()["items"]]


async def test_a_view_counts_what_was_seen_once(api: Api) -> None:
    widget = await factories.widget(api.pool, "updown")
    await api.stored(widget.id, "+1")
    placement = str(await api.pool.fetchval("select id from placement"))
    this, elsewhere = {"widget": widget.id, "page": PAGE}, {"widget": widget.id, "page": PAGE + "/other"}
    spelt = {"widget": widget.id, "page": PAGE + "?utm_source=mail"}
    answer = await see(api, this, elsewhere, spelt, {"placement": placement})
    assert await outcomes(answer) == ["counted"] * 4
    assert sorted(await stored(api)) == sorted([(placement, 1), (widget.id, 2)])
    await see(api, this)
    assert sorted(await stored(api)) == sorted([(placement, 2), (widget.id, 3)])
    assert await api.pool.fetchval("select count(*) from page") == 1


async def test_the_day_is_that_of_the_projects_zone(api: Api) -> None:
    widget = await factories.widget(api.pool, "updown")
    await api.pool.execute("update project set time_zone = 'Pacific/Kiritimati'")
    await see(api, {"widget": widget.id, "page": PAGE})
    day = await api.pool.fetchval("select (now() at time zone 'Pacific/Kiritimati')::date")
    assert await api.pool.fetchval("select day from seen_day") == day


async def test_bots_tests_and_archived_widgets_are_left_out(api: Api) -> None:
    widget = await factories.widget(api.pool, "updown")
    item = {"widget": widget.id, "page": PAGE}
    assert await outcomes(await see(api, item, **{"user-agent": BOT})) == ["ignored"]
    await api.pool.execute("update widget set archived_at = now()")
    other = await factories.widget(api.pool, "updown")
    await api.pool.execute("update project set test_mode = true where id = $1", other.project_id)
    assert await outcomes(await see(api, {"widget": other.id, "page": PAGE})) == ["ignored"]
    assert await stored(api) == []


async def test_an_item_that_is_refused_hides_no_other(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://example.com",))
    widget = await factories.widget(api.pool, "updown", project)
    item, wrong = {"widget": widget.id, "page": PAGE}, {"widget": "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f", "page": PAGE}
    items = [wrong, {**item, "value": 1}, "x", {"widget": widget.id}, {"widget": widget.id, "page": "x" * 9000}, item]
    answer = await see(api, *items, origin="https://example.com")
    assert await outcomes(answer) == [404, 422, 422, 422, 422, "counted"]
    assert await stored(api) == [(widget.id, 1)]
    # Not of the site: refused, and no refusal of a response.
    assert await outcomes(await see(api, item, origin="https://other.example")) == [403]
    assert await stored(api) == [(widget.id, 1)]
    await ingest_of(api).refusals.flush()
    assert await api.pool.fetchval("select count(*) from refusal") == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 422), (b"{}", 422), (b'{"items": []}', 422), (b'{"items": {}}', 422),
        (b'{"items": [{}], "visitor": "x"}', 422),
        (json.dumps({"items": [{}] * (MOST_SEEN + 1)}).encode(), 422),
        (b'{"items": ["' + b"x" * 200_000 + b'"]}', 413),
    ],
)  # fmt: skip
async def test_a_body_that_is_wrong_is_refused_whole(api: Api, body: bytes, status: int) -> None:
    answer = await api.send("POST", "/v1/seen", body, TEXT)
    assert answer.status == status
    assert answer.json()["message"]


async def test_it_takes_text_which_needs_no_preflight(api: Api) -> None:
    assert (await api.send("POST", "/v1/seen", b'{"items": [{}]}')).status == 415
    assert (await api.send("GET", "/v1/seen")).status == 405


async def test_views_have_a_limit_of_their_own(make_api: MakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ingest.limits.time", SimpleNamespace(monotonic=lambda: 1000.0))
    api = await make_api(limit_address_per_second="1", limit_address_burst="2")
    widget = await factories.widget(api.pool, "updown")
    item = {"widget": widget.id, "page": PAGE}
    assert [(await see(api, item)).status for _ in range(3)] == [200, 200, 429]
    assert (await api.stored(widget.id, "+1"))["outcome"] == "counted"
    key = await factories.api_key(api.pool, widget)
    assert (await see(api, item, authorization=f"Bearer {key}")).status == 200


async def test_stats_say_it_to_a_key_of_the_project(api: Api) -> None:
    widget = await factories.widget(api.pool, "updown")
    await api.stored(widget.id, "+1")
    for _ in range(4):
        await see(api, {"widget": widget.id, "page": PAGE})
    query = f"widget={widget.id}&page={PAGE}&page={PAGE}/other&seen=1".encode()
    refused = await api.send("GET", "/v1/stats", query=query)
    assert refused.status == 403
    assert "API key" in refused.json()["message"]
    key = {"authorization": f"Bearer {await factories.api_key(api.pool, widget)}"}
    of_page, elsewhere = (await api.send("GET", "/v1/stats", query=query, headers=key)).json()["items"]
    today = str(await api.pool.fetchval("select (now() at time zone 'UTC')::date"))
    interval = of_page["seen"].pop("rateInterval")
    assert of_page["seen"] == {"count": 4, "responses": 1, "since": today, "rate": 0.25}
    assert interval[0] < 0.25 < interval[1]
    assert elsewhere["seen"] == {"count": 0, "responses": 0, "since": None, "rate": None, "rateInterval": None}
    body = json.dumps({"widget": widget.id, "pages": [PAGE], "seen": True}).encode()
    assert (await api.send("POST", "/v1/stats", body, key)).json()["items"][0]["seen"]["count"] == 4
    assert "seen" not in (await api.stats(widget.id, PAGE))[0]
    assert (await api.send("GET", "/v1/stats", query=query[:-1] + b"2", headers=key)).status == 422
    other = await factories.widget(api.pool, "updown")
    other_key = {"authorization": f"Bearer {await factories.api_key(api.pool, other)}"}
    assert (await api.send("GET", "/v1/stats", query=query, headers=other_key)).status == 403
    for scope, status in (("send", 403), ("read_counts", 200), ("read_messages", 200)):
        scoped = {"authorization": f"Bearer {await factories.api_key(api.pool, widget, scope)}"}
        assert (await api.send("GET", "/v1/stats", query=query, headers=scoped)).status == status
        # Counts of responses are for everybody.
        assert (await api.send("GET", "/v1/stats", query=query[:-7], headers=scoped)).status == 200


async def test_windows_of_the_management_api_say_it(api: Api) -> None:
    widget = await factories.widget(api.pool, "updown")
    await api.stored(widget.id, "+1")
    for _ in range(2):
        await see(api, {"widget": widget.id, "page": PAGE})
    await api.pool.execute("call fn.refresh_stats(now())")
    key = {"authorization": f"Bearer {await factories.api_key(api.pool, widget)}"}
    placement = await api.pool.fetchval("select id from placement")
    for scope in (f"widgets/{widget.id}", f"placements/{placement}"):
        path = f"/v1/projects/{widget.project_id}/{scope}/windows"
        items = (await api.send("GET", path, query=b"seen=1", headers=key)).json()["items"]
        rows = [(item["days"], item["seen"]["count"], item["seen"]["rate"]) for item in items]
        # The last 24 full hours may have no response yet.
        assert [row for row in rows if row[0] > 1] == [(days, 2, 0.5) for days in (7, 30, 90, 365)]
        assert "seen" not in (await api.send("GET", path, headers=key)).json()["items"][0]
    path = f"/v1/projects/{widget.project_id}/windows"
    assert (await api.send("GET", path, query=b"seen=1", headers=key)).status == 422


class Database:
    """Takes rows of counts, unless it fails."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.fails = False

    async def write(self, batch: list[Any]) -> None:
        if self.fails:
            raise OSError
        self.rows.extend(batch)


def widget_of(id: int) -> Any:
    """A widget, as far as counting needs it."""
    return SimpleNamespace(account_id=1, id=id, day=3)


async def test_counts_wait_for_the_database() -> None:
    database = Database()
    database.fails = True
    counts = SeenCounts(database.write, seconds=1000)
    for key in ("/a", "/a", "/b"):
        counts.add(widget_of(2), key)
    await counts.flush()
    database.fails = False
    counts.add(widget_of(2), "/a")
    await counts.flush()
    assert database.rows == [(1, 2, "/a", 3, 3), (1, 2, "/b", 3, 1)]


async def test_a_flood_of_pages_stays_small_and_loses_no_view_of_a_widget(api: Api) -> None:
    database = Database()
    counts = SeenCounts(database.write, seconds=1000, pages=2)
    for key in ("/a", "/b", "/c", "/d", "/a"):
        counts.add(widget_of(2), key)
    counts.add(widget_of(9), "/c")
    await counts.flush()
    assert database.rows == [(1, 2, "/a", 3, 2), (1, 2, "/b", 3, 1), (1, 2, ELSEWHERE, 3, 2), (1, 9, "/c", 3, 1)]
    counts.add(widget_of(2), "/c")
    await counts.flush()
    assert database.rows[-1] == (1, 2, "/c", 3, 1)
    # And while the database does not answer.
    database.fails = True
    for n in range(MOST + 10):
        counts.add(widget_of(n), "/a")
        counts.add(widget_of(n), "/b")
    assert len(counts._counts) <= 2 * MOST + 10
    await counts.flush()
    widget = await factories.widget(api.pool, "updown")
    await api.stored(widget.id, "+1")
    row = await api.pool.fetchrow("select account_id, id from widget where id = $1", widget.id)
    assert row is not None
    own = SimpleNamespace(account_id=row["account_id"], id=row["id"], day=date(2026, 6, 1))
    ingest_of(api).seen_counts.add(own, ELSEWHERE)  # type: ignore[arg-type]  # as far as counting needs it
    await ingest_of(api).seen_counts.flush()
    assert await stored(api) == [(widget.id, 1)]


async def test_a_flush_waits_for_the_one_before() -> None:
    # When the server stops its connections end once this returns.
    database, gate = Database(), asyncio.Event()

    async def write(batch: list[Any]) -> None:
        await gate.wait()
        await database.write(batch)

    counts = SeenCounts(write, seconds=0)
    counts.add(widget_of(2), "/a")
    while counts._counts:  # noqa: ASYNC110 - until the write has begun
        await asyncio.sleep(0)
    last = asyncio.create_task(counts.flush())
    await asyncio.sleep(0)
    assert not last.done()
    gate.set()
    await last
    assert database.rows == [(1, 2, "/a", 3, 1)]
