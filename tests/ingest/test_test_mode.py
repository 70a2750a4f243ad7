"""Test mode: responses are marked as tests and not counted, and later responses count normally."""

from datetime import UTC, datetime, timedelta

from tests.support import factories
from tests.support.project_mode import settle
from tests.support.serving import Api, check_tallies


async def rows(api: Api) -> list[tuple[int, bool]]:
    records = await api.pool.fetch("select option_no, counted_on is null as is_test from response order by id")
    return [(row["option_no"], row["is_test"]) for row in records]


async def test_it_marks_and_does_not_count(api: Api) -> None:
    project = await factories.project(api.pool, test_mode=True)
    votes = await factories.widget(api.pool, "updown", project)
    first = await api.create(votes.id, "+1", visitor="somebody")
    assert (first.status, first.json()["outcome"]) == (201, "test")
    again = await api.create(votes.id, "-1", visitor="somebody")
    assert (again.status, again.json()["outcome"]) == (200, "duplicate")
    assert again.json()["id"] == first.json()["id"]
    assert await rows(api) == [(2, True)]
    assert await api.counts(votes.id) == [0, 0]
    edited = await api.patch(again.json(), "+1")
    assert edited.status == 200
    assert await api.counts(votes.id) == [0, 0]
    assert (await api.delete(edited.json())).status == 204
    assert await rows(api) == []


async def test_it_takes_them_by_v0_too(api: Api) -> None:
    project = await factories.project(api.pool, test_mode=True)
    votes = await factories.widget(api.pool, "updown", project)
    answer = await api.v0("create", {"contentSetId": votes.id, "key": "/a", "value": "+1"})
    assert answer.status == 200
    assert await rows(api) == [(1, True)]


async def test_it_counts_a_visitor_later_who_has_tested(api: Api) -> None:
    project = await factories.project(api.pool, test_mode=True)
    votes = await factories.widget(api.pool, "updown", project)
    await api.create(votes.id, "+1", visitor=None, address="203.0.113.9")
    await settle(api, project, False)
    answer = await api.create(votes.id, "-1", visitor=None, address="203.0.113.9")
    assert answer.json()["outcome"] == "counted"
    assert await api.counts(votes.id) == [0, 1]
    await settle(api, project, True)
    assert (await api.create(votes.id, "-1", visitor=None, address="203.0.113.9")).json()["outcome"] == "duplicate"
    assert await rows(api) == [(2, True), (2, False)]
    await check_tallies(api.pool)


async def test_it_leaves_aggregates_alone_and_is_deleted(api: Api) -> None:
    project = await factories.project(api.pool, test_mode=True)
    notes = await factories.widget(api.pool, "message", project)
    for n in range(3):
        await api.stored(notes.id, f"Test {n}")
    later = datetime.now(UTC) + timedelta(minutes=62)  # when this hour is over
    await api.pool.execute("call fn.refresh_stats($1)", later)
    for table in ("tally", "tally_day", "widget_day", "widget_hour", "placement_score", "tally_change"):
        assert await api.pool.fetchval(f"select count(*) from {table}") == 0, table
    assert await api.pool.fetchval("call fn.reconcile($1)", later) == 0
    of = project.account_id, project.id
    inbox = await api.pool.fetch("select is_test from fn.inbox_messages($1, $2, 'inbox', null, null, null, 10)", *of)
    assert [row["is_test"] for row in inbox] == [True] * 3
    assert await api.pool.fetchval("select fn.delete_test_responses($1, $2)", *of) == 3
    assert await api.pool.fetchval("select count(*) from visit") == 0
    assert await rows(api) == []


async def test_it_lets_old_ones_go(api: Api) -> None:
    project = await factories.project(api.pool, test_mode=True)
    votes = await factories.widget(api.pool, "updown", project)
    await api.create(votes.id, "+1")
    await api.pool.execute("update project set retention_days = 10")
    await api.pool.execute("call fn.delete_expired_responses()")
    assert len(await rows(api)) == 1
    await api.pool.execute("call fn.delete_expired_responses(now() + interval '12 days')")
    assert await rows(api) == []
