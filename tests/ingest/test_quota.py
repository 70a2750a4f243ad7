"""At ten times the plan's responses more are refused, with a reason, until the next month or a larger plan."""

import asyncio
import time

import pytest

from tests.support import factories
from tests.support.refusals import refusal_counts
from tests.support.serving import Api

STOP = """
insert into usage (account_id, month, responses, stopped_at)
values ($1, date_trunc('month', now() at time zone 'UTC'), 20000, now())
on conflict (account_id, month) do update set stopped_at = excluded.stopped_at
"""


async def settled(api: Api, widget_id: str, status: int) -> float:
    """The seconds until responses get this status."""
    started = time.monotonic()
    while (await api.create(widget_id, "+1", f"/{time.monotonic()}")).status != status:
        assert time.monotonic() - started < 10
        await asyncio.sleep(0.2)
    return time.monotonic() - started


async def test_it_stops_says_so_and_goes_on(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    response = await api.stored(votes.id, "+1")
    await api.pool.execute(STOP, votes.account_id)
    assert await settled(api, votes.id, 402) < 7
    before = await api.pool.fetchval("select count(*) from response")
    origin = {"origin": "https://example.com"}
    answer = await api.create(votes.id, "+1", "/b", headers=origin)
    assert (answer.status, answer.json()["error"]) == (402, "payment_required")
    assert "ten times" in answer.json()["message"]
    assert answer.json()["data"]["renewsAt"].endswith("-01T00:00:00+00:00")
    v0 = await api.v0("create", {"contentSetId": votes.id, "key": "/b", "value": "+1"}, origin)
    assert v0.status == 402
    items = [{"widget": votes.id, "page": "/b", "value": "+1"}]
    assert (await api.post("/v1/responses", {"items": items}, origin)).json()["items"][0]["status"] == 402
    assert (await refusal_counts(api))["quota", "https://example.com"] == 3
    # Stored responses can be read, edited and deleted.
    assert (await api.counts(votes.id))[0] == 1
    assert (await api.patch(response, "-1", origin)).status == 200
    assert (await api.delete(response)).status == 204
    assert await api.pool.fetchval("select count(*) from response") == before - 1
    await api.pool.execute("update usage set stopped_at = null")
    assert await settled(api, votes.id, 201) < 7


@pytest.mark.parametrize("month", ["interval '1 month'", "interval '-1 month'"])
async def test_another_month_s_stop_is_none(api: Api, month: str) -> None:
    votes = await factories.widget(api.pool, "updown")
    await api.pool.execute(STOP.replace("'UTC')", f"'UTC' - {month})"), votes.account_id)
    assert (await api.create(votes.id, "+1")).status == 201


async def test_another_account_is_not_stopped(api: Api) -> None:
    votes, others = await factories.widget(api.pool, "updown"), await factories.widget(api.pool, "updown")
    await api.pool.execute(STOP, votes.account_id)
    assert (await api.create(others.id, "+1")).status == 201
