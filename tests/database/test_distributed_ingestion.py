"""Ingestion on a cluster: each account's responses are stored and counted on its node, and a dead node loses none."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import psycopg
import pytest

from app.database import distribution
from tests.support import citus, factories
from tests.support.factories import Widget
from tests.support.serving import Api, check_tallies, ingest_of, running, settings
from tests.support.settings import database_url

PAGES = [f"https://example.com/{n}" for n in range(3)]


@pytest.fixture
async def api(server: str, template: str) -> AsyncIterator[Api]:
    """The application on a distributed database."""
    with citus.clone(server, "ingestion", template) as dsn:
        for node in citus.nodes(server):
            with psycopg.connect(node, autocommit=True) as connection:  # nodes are killed
                connection.execute("alter database ingestion set synchronous_commit = on")
        async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
            await pool.execute("select fn.create_partitions()")
            async with running(settings(dsn), pool) as api:
                yield api
            await check_tallies(pool)


async def spread(api: Api, dsn: str, count: int, type: str = "updown") -> dict[str, int]:
    """Widgets of at least as many accounts, on both workers, and the port of each."""
    widgets: list[Widget] = []
    places: dict[Any, int] = {}
    while len(widgets) < count or len(set(places.values())) < 2:
        widgets.append(await factories.widget(api.pool, type))
        with psycopg.connect(dsn) as connection:
            places = {place.account_id: place.port for place in distribution.places(connection)}
    return {widget.id: places[widget.account_id] for widget in widgets}


@citus.needs_citus
async def test_responses_of_several_accounts_are_counted_at_once(api: Api, server: str) -> None:
    widgets = await spread(api, database_url(server, "ingestion"), 6)
    sent = [(widget, page, value) for widget in widgets for page in PAGES for value in ("+1", "+1", "-1")]
    await asyncio.gather(*(api.stored(widget, value, page, title="A page") for widget, page, value in sent))
    for widget in widgets:
        assert [list(item["counts"].values()) for item in await api.stats(widget, *PAGES)] == [[2, 1]] * 3
    # One visitor's second vote is an edit of the first.
    (first, *_), page = widgets, PAGES[0]
    for value in ("+1", "-1"):
        await api.stored(first, value, page, visitor="somebody", address="203.0.113.9")
    assert await api.counts(first, page) == [2, 2]
    await ingest_of(api)._titles.flush()
    assert await api.pool.fetchval("select count(*) from page where title = 'A page'") == 3 * len(widgets)


@citus.needs_citus
async def test_messages_edits_and_removals_stay_on_one_node(api: Api, server: str) -> None:
    widgets = await spread(api, database_url(server, "ingestion"), 4, "message")
    stored = await asyncio.gather(*(api.stored(widget, "Thanks", revokable=True) for widget in widgets))
    assert (await api.patch(stored[0], "Many thanks")).status == 200
    assert (await api.delete(stored[1])).status == 204
    rows = await api.pool.fetch("select widget_id::text, body from response order by id")
    first, second, *others = widgets
    assert {row["widget_id"]: row["body"] for row in rows} == {first: "Many thanks", **dict.fromkeys(others, "Thanks")}
    assert second not in others


@citus.needs_citus
@pytest.mark.parametrize("test_mode", [False, True])
async def test_passages_and_test_mode_work_for_each_account(api: Api, server: str, test_mode: bool) -> None:
    widgets = await spread(api, database_url(server, "ingestion"), 4, "message")
    await api.pool.execute("update project set test_mode = $1", test_mode)
    for widget in widgets:
        stored = await api.stored(
            widget, "Which key?", revokable=True, passage={"exact": "a key", "start": 0, "end": 5}
        )
        for passage in ({"exact": "the key", "start": 4, "end": 11}, None, {"exact": "any key", "start": 8, "end": 15}):
            body = json.dumps({"token": stored["revokable"]["token"], "passage": passage}).encode()
            assert (await api.send("PATCH", f"/v1/responses/{stored['id']}", body)).status == 200
    rows = await api.pool.fetch("select account_id, exact, start_at from passage")
    assert [(row["exact"], row["start_at"]) for row in rows] == [("any key", 8)] * len(widgets)
    assert len({row["account_id"] for row in rows}) == len(widgets)
    counted = await api.pool.fetchval("select count(*) from response where counted_on is not null")
    assert counted == (0 if test_mode else len(widgets))


@citus.needs_citus
async def test_an_open_inbox_learns_of_a_message_that_a_node_stored(api: Api, server: str) -> None:
    (widget, *_) = await spread(api, database_url(server, "ingestion"), 1, "message")
    project_id = await api.pool.fetchval("select project_id::text from widget where id = $1", widget)
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(database_url(server, "ingestion"))
    await listener.add_listener("message", lambda *call: heard.put_nowait(call[3]))
    await api.stored(widget, "Thanks")
    async with asyncio.timeout(10):
        assert await heard.get() == project_id
    await listener.close()


@citus.needs_citus
async def test_what_is_refused_and_seen_is_counted_for_its_account(api: Api, server: str) -> None:
    widgets = await spread(api, database_url(server, "ingestion"), 4)
    ingest = ingest_of(api)
    for widget in widgets:
        await api.stored(widget, "+1", PAGES[0])
        assert (await api.create(widget, "no such value", PAGES[0])).status == 422
        known = await ingest.lookups.widget(widget)
        for page in PAGES[:2]:
            ingest.seen_counts.add(known, page)
    await ingest.seen_counts.flush()
    await ingest.refusals.flush()
    views = await api.pool.fetch("select account_id, sum(count) as n from seen_day group by 1")
    # Of a page without responses the widget alone.
    assert [row["n"] for row in views] == [3] * len(widgets)
    refusals = await api.pool.fetch("select account_id, count from refusal where reason = 'value'")
    assert [row["count"] for row in refusals] == [1] * len(widgets)


@citus.needs_citus
@pytest.mark.parametrize("number", [0, 1], ids=["coordinator", "worker"])
async def test_a_killed_node_loses_nothing_and_stops_no_other(number: int, api: Api, server: str) -> None:
    widgets = await spread(api, database_url(server, "ingestion"), 20)
    victim = citus.nodes(server)[number]
    dead = {widget for widget, port in widgets.items() if number == 0 or str(port) in victim}
    acknowledged: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    is_over = asyncio.Event()

    async def respond(widget: str) -> None:
        while not is_over.is_set():
            answer = await api.create(widget, "+1", PAGES[0])
            assert answer.status in (201, 503), answer.body
            (acknowledged if answer.status == 201 else refused)[widget] += 1
            await asyncio.sleep(0.01 if answer.status == 201 else 0.1)  # a page takes 200 a second

    load = [asyncio.create_task(respond(widget)) for widget in widgets]
    await asyncio.sleep(2)
    start = citus.kill(victim)
    before = Counter(acknowledged)
    await asyncio.sleep(12)  # longer than a statement is repeated
    during = acknowledged - before
    await asyncio.to_thread(start)
    await asyncio.sleep(5)
    after = Counter(acknowledged)
    await asyncio.sleep(3)
    is_over.set()
    await asyncio.gather(*load)
    assert set(refused) <= dead, f"{refused}, {dead}: an account on another node was refused"
    assert all(during[widget] > 0 for widget in widgets if widget not in dead)
    assert all(acknowledged[widget] > after[widget] for widget in widgets), "a node did not come back"
    for widget in widgets:
        # One that was not answered in time may have been stored.
        (count, _), sent = await api.counts(widget, PAGES[0]), acknowledged[widget]
        assert sent <= count <= sent + refused[widget]
    rows = await api.pool.fetch("select widget_id::text, count(*) as n from response group by 1")
    assert {row["widget_id"]: row["n"] for row in rows} == {
        widget: (await api.counts(widget, PAGES[0]))[0] for widget in widgets
    }
