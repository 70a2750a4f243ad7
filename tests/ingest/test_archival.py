"""An archived project, widget or page refuses responses with a reason, and its counts can still be read."""

from tests.support import factories
from tests.support.project_mode import settle
from tests.support.refusals import refusal_counts
from tests.support.serving import Api


async def test_it_takes_no_responses_and_still_tells_counts(api: Api) -> None:
    project = await factories.project(api.pool)
    votes = await factories.widget(api.pool, "updown", project)
    response = await api.stored(votes.id, "+1")
    await api.pool.execute("select fn.archive_project($1, $2)", project.account_id, project.id)
    await settle(api, project, False)
    for answer in (
        await api.create(votes.id, "-1", headers={"origin": "https://example.com"}),
        await api.patch(response, "-1", {"origin": "https://example.com"}),
        await api.v0(
            "create", {"contentSetId": votes.id, "key": "/a", "value": "+1"}, {"origin": "https://example.com"}
        ),
    ):
        assert answer.status == 403
        assert "archived" in answer.json()["message"]
    assert await refusal_counts(api) == {("archived", "https://example.com"): 3}
    assert await api.counts(votes.id) == [1, 0]
    assert (await api.delete(response)).status == 204  # deleting is always allowed
    await api.pool.execute("select fn.unarchive_project($1, $2)", project.account_id, project.id)
    await settle(api, project, False)
    assert (await api.create(votes.id, "-1")).status == 201


async def test_it_archives_a_widget_or_a_page_alone(api: Api) -> None:
    project = await factories.project(api.pool)
    votes, likes = [await factories.widget(api.pool, type, project) for type in ("updown", "pulse")]
    for key in ("/a", "/b"):
        await api.stored(votes.id, "+1", key)
    page = await api.pool.fetchval("select id from page where key = '/a'")
    await api.pool.execute("select fn.archive_page($1, $2, $3)", project.account_id, project.id, page)
    refused = await api.create(votes.id, "-1", "/a")
    assert refused.status == 403
    assert "archived" in refused.json()["message"]
    assert (await api.create(votes.id, "-1", "/b")).status == 201
    assert await api.counts(votes.id, "/a") == [1, 0]
    # The whole page is archived, also for a widget that was not on it yet.
    assert (await api.create(likes.id, "+", "/a")).status == 403
    batch = [{"widget": votes.id, "page": key, "value": "+1", "visitor": "somebody"} for key in ("/a", "/b", "/c")]
    answer = await api.post("/v1/responses", {"items": batch})
    assert [item["status"] for item in answer.json()["items"]] == [403, 201, 201]
    of = project.account_id, project.id
    await api.pool.execute("select fn.archive_widget($1, $2, $3::text::uuid)", *of, votes.id)
    await settle(api, project, False)
    assert (await api.create(votes.id, "-1", "/b")).status == 403
    assert (await api.create(likes.id, "+")).status == 201
