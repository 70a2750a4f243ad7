import os
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

from app.database.ids import uuid_v7
from app.ingest.tokens import Tokens
from app.queries.ingestion import INGEST, Response
from tests.support import factories
from tests.support.serving import PAGE, SECRET, Api

Pool = asyncpg.Pool


async def days(api: Api) -> dict[date, int]:
    rows = await api.pool.fetch("select day, sum(count)::int as n from tally_day group by day having sum(count) <> 0")
    return {row["day"]: row["n"] for row in rows}


async def ingested(
    pool: "Pool[asyncpg.Record]", widget: factories.Widget, at: datetime, day: date
) -> dict[str, object]:
    """A response as it was stored at another time; its id and a token."""
    ms = int(at.timestamp() * 1000)
    response = Response(
        account_id=widget.account_id, widget_id=UUID(widget.id), key=PAGE, id=UUID(bytes=uuid_v7(ms)),
        created_ms=ms,
        day=day, option_no=1, body=None, fields=None, context=None, visitor=None, dedup_key=os.urandom(16),
        dedup_ms=None, address=None,
    )  # fmt: skip
    assert not await pool.fetch(INGEST, *([value] for value in response), 1000, None, False)
    token = Tokens(SECRET).make(response.id.bytes, UUID(widget.id).bytes, int(time.time() * 1000) + 60_000)
    return {"id": str(response.id), "revokable": {"token": token}}


async def test_it_takes_a_response_back_once(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    response, _ = await api.stored(votes.id, "+1"), await api.stored(votes.id, "+1")
    for _ in range(3):
        answer = await api.delete(response)
        assert (answer.status, answer.body) == (204, b"")
        assert await api.counts(votes.id) == [1, 0]
    assert await api.pool.fetchval("select count(*) from visit") == 1


async def test_the_visitor_may_respond_again(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    for visitor in ("somebody", None):
        response = await api.stored(votes.id, "+1", visitor=visitor)
        await api.delete(response)
        again = await api.stored(votes.id, "-1", visitor=visitor)
        assert again["outcome"] == "counted"
        assert again["id"] != response["id"]
        assert (await api.delete(response)).status == 204  # the first one, again
    assert await api.counts(votes.id) == [0, 2]


async def test_it_takes_the_count_from_the_value_it_has_now(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    response = await api.stored(votes.id, "+1")
    await api.patch(response, "-1")
    await api.delete(response)
    assert await api.counts(votes.id) == [0, 0]
    assert await days(api) == {}


async def test_it_takes_the_count_from_the_day_it_was_counted_on(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    now = datetime.now(UTC)
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    old = await ingested(api.pool, votes, now - timedelta(days=1), yesterday)
    response = await ingested(api.pool, votes, now - timedelta(days=1), yesterday)
    new = await api.stored(votes.id, "+1")
    assert await days(api) == {yesterday: 2, today: 1}
    assert (await api.patch(old, "-1")).status == 200
    rows = await api.pool.fetch("select day, option_no from tally_day where count > 0 order by 1, 2")
    assert [tuple(row) for row in rows] == [(yesterday, 1), (yesterday, 2), (today, 1)]
    assert (await api.delete(old)).status == 204
    assert await days(api) == {yesterday: 1, today: 1}
    assert (await api.delete(new)).status == 204
    assert (await api.delete(response)).status == 204
    assert await days(api) == {}


async def test_it_keeps_to_that_day_when_the_project_s_zone_changes(api: Api) -> None:
    project = await factories.project(api.pool, time_zone="Pacific/Kiritimati")
    votes = await factories.widget(api.pool, "updown", of=project)
    response, other = await api.stored(votes.id, "+1"), await api.stored(votes.id, "-1")
    (day,) = await days(api)
    for zone in ("Pacific/Pago_Pago", "America/Los_Angeles"):
        await api.pool.execute("update project set time_zone = $1", zone)
        assert (await api.patch(response, "-1")).status == 200
        assert await days(api) == {day: 2}
    assert (await api.delete(response)).status == 204
    assert (await api.delete(other)).status == 204
    assert await days(api) == {}


async def test_it_forgets_everything_about_a_response(api: Api) -> None:
    messages = await factories.widget(api.pool, "message")
    response = await api.stored(messages.id, "a secret", context={"$user": "ada@example.com"})
    await api.delete(response)
    for table in ("response", "visit"):
        assert await api.pool.fetchval(f"select count(*) from {table}") == 0


async def test_it_frees_a_place_of_the_address(api: Api) -> None:
    likes = await factories.widget(api.pool)
    response = await api.stored(likes.id, "+", address="192.0.2.1")
    assert await api.pool.fetchval("select sum(visits) from address_visit") == 1
    await api.delete(response, address="192.0.2.1")
    assert await api.pool.fetchval("select sum(visits) from address_visit") == 0


async def test_it_leaves_the_visit_to_the_response_that_took_it_over(api: Api) -> None:
    messages = await factories.widget(api.pool, "message")
    old = await api.stored(messages.id, "the same", visitor="somebody")
    await api.pool.execute("update visit set expires_at = now()")
    new = await api.stored(messages.id, "the same", visitor="somebody")
    assert new["outcome"] == "counted"
    await api.delete(old)
    again = await api.stored(messages.id, "the same", visitor="somebody")
    assert (again["outcome"], again["id"]) == ("duplicate", new["id"])
