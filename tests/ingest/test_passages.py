"""A message may be about a passage of its page: stored, deleted, exported and hidden with it."""

import asyncio
import json
import re
from typing import Any

import pytest

from app.config import ROOT
from app.database.tenant import TenantPool
from app.queries import merges, project_settings
from app.queries.passages import page_passages
from tests.support import factories
from tests.support.merges import continue_merges
from tests.support.serving import PAGE, Api

PASSAGE = {
    "exact": "Press Enter.", "prefix": "and then ", "suffix": " The page", "heading": "Install",
    "start": 120, "end": 132,
}  # fmt: skip
NAMES = ("exact", "prefix", "suffix", "heading", "start_at", "end_at")


async def stored(api: Api) -> list[tuple[Any, ...]]:
    """The passages in the order of their responses."""
    return [tuple(row) for row in await api.pool.fetch(f"select {', '.join(NAMES)} from passage order by response_id")]


async def patch(api: Api, response: dict[str, Any], **parts: Any) -> Any:
    """Change parts of a response."""
    body = json.dumps({"token": response["revokable"]["token"], **parts}).encode()
    return await api.send("PATCH", f"/v1/responses/{response['id']}", body)


@pytest.mark.parametrize("type", ["message", "tagged", "form"])
@pytest.mark.parametrize("mode", [False, True])
async def test_it_is_stored_with_its_response(api: Api, type: str, mode: bool) -> None:
    widget = await factories.widget(api.pool, type, is_open_form=type == "form")
    await api.pool.execute("update project set test_mode = $1", mode)
    value: Any = {"message": "Which key?", "tagged": {"tag": "idea"}, "form": {"name": "Ada"}}[type]
    if type == "tagged":
        value = {"tag": await api.pool.fetchval("select value from option order by no limit 1")}
    response = await api.stored(widget.id, value, passage=PASSAGE)
    assert response["outcome"] == ("test" if mode else "counted")
    assert await stored(api) == [tuple(PASSAGE.values())]
    assert await api.pool.fetchval("select sum(count) from tally") == (None if mode else 1)


async def test_what_may_be_left_out_is_empty(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    await api.stored(widget.id, "Which key?", passage={"exact": "鍵を押す。", "start": 0, "end": 5})
    assert await stored(api) == [("鍵を押す。", "", "", "", 0, 5)]


@pytest.mark.parametrize(
    ("change", "field", "limit"),
    [
        ({"exact": "x" * 1001}, "passage.exact", 1000),
        ({"exact": " \n"}, "passage.exact", 1000),
        ({"exact": None}, "passage.exact", 1000),
        ({"exact": 7}, "passage.exact", 1000),
        ({"prefix": "x" * 65}, "passage.prefix", 64),
        ({"suffix": ["x"]}, "passage.suffix", 64),
        ({"heading": "x" * 301}, "passage.heading", 300),
        ({"heading": None}, "passage.heading", 300),
        ({"start": -1}, "passage.start", 100_000_000),
        ({"start": "1"}, "passage.start", 100_000_000),
        ({"start": True}, "passage.start", 100_000_000),
        ({"end": 1e9}, "passage.end", 100_000_000),
        ({"end": 10**30}, "passage.end", 100_000_000),
        ({"end": 120}, "passage.end", None),
        ({"color": "red"}, "passage", None),
    ],
)
async def test_bad_input_names_field_and_limit_and_changes_nothing(
    api: Api, change: dict[str, Any], field: str, limit: int | None
) -> None:
    widget = await factories.widget(api.pool, "message")
    first = await api.stored(widget.id, "Which key?", passage=PASSAGE)
    for answer in (
        await api.create(widget.id, "Another", passage=PASSAGE | change),
        await patch(api, first, passage=PASSAGE | change),
    ):
        assert answer.status == 422, answer.body
        error = answer.json()
        assert error["data"]["field"] == field
        assert error["data"].get("limit") == limit
        assert str(limit or "") in error["message"]
    assert await stored(api) == [tuple(PASSAGE.values())]
    assert await api.counts(widget.id) == [1]


@pytest.mark.parametrize("passage", ["text", [], 5, False])
async def test_it_must_be_an_object(api: Api, passage: Any) -> None:
    widget = await factories.widget(api.pool, "message")
    answer = await api.create(widget.id, "Hello", passage=passage)
    assert (answer.status, answer.json()["data"]["field"]) == (422, "passage")


async def test_a_vote_is_about_no_passage(api: Api) -> None:
    widget = await factories.widget(api.pool, "yesno")
    answer = await api.create(widget.id, "y", passage=PASSAGE)
    assert (answer.status, answer.json()["data"]) == (422, {"field": "passage", "limit": 0})
    response = await api.stored(widget.id, "y")
    assert (await patch(api, response, passage=PASSAGE)).status == 422
    assert await stored(api) == []


async def test_it_is_changed_and_cleared_under_the_token(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    response = await api.stored(widget.id, "Which key?")
    other = PASSAGE | {"exact": "Press Return.", "end": 133}
    for passage, expected in ((PASSAGE, [PASSAGE]), (other, [other]), (other, [other]), (None, []), (None, [])):
        assert (await patch(api, response, passage=passage)).status == 200
        assert await stored(api) == [tuple(each.values()) for each in expected]
    assert (await patch(api, response, value="Which one?", passage=PASSAGE)).status == 200
    assert await stored(api) == [tuple(PASSAGE.values())]
    assert (await patch(api, response, value="Which one is it?")).status == 200  # what is left out stays
    assert await stored(api) == [tuple(PASSAGE.values())]


async def test_the_same_words_at_two_passages_are_two_responses(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    for _ in range(2):  # sent again they are the same two
        for start in (0, 200):
            answer = await api.create(
                widget.id, "Typo", visitor="visitor-token", passage=PASSAGE | {"start": start, "end": start + 12}
            )
            assert answer.status in (200, 201), answer.body
    assert [row[4] for row in await stored(api)] == [0, 200]
    assert await api.counts(widget.id) == [2]


async def test_it_goes_with_its_response(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    responses = [await api.stored(widget.id, f"Message {n}", passage=PASSAGE) for n in range(2)]
    assert (await api.delete(responses[0])).status == 204
    assert len(await stored(api)) == 1
    placements = await api.pool.fetchval("select array_agg(id) from placement")
    await _as_owner(api, "select fn.purge_placements($1, $2)", widget.account_id, placements)
    assert await stored(api) == []


async def _as_owner(api: Api, sql: str, *arguments: Any) -> None:
    """As jobs do: a cluster has a connection for each role, and a transaction must not change rows on two."""
    async with api.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local role feelback_owner")
        await connection.execute(sql, *arguments)


@pytest.mark.parametrize(
    "call",
    [
        "select fn.purge_widget($1, $2)", "select fn.purge_project($1, $3)", "select fn.purge_account($1)",
        "select fn.purge_visitor($1, $3, (select visitor from response where account_id = $1 and widget_id = $2))",
        """select fn.delete_expired_batch($1, $3, '00000000-0000-0000-0000-000000000000',
            'ffffffff-ffff-ffff-ffff-ffffffffffff')""",
    ],
)  # fmt: skip
async def test_every_deletion_knows_it(api: Api, call: str) -> None:
    widget = await factories.widget(api.pool, "message")
    other = await factories.widget(api.pool, "message")
    for each in (widget, other):
        await api.stored(each.id, "Which key?", passage=PASSAGE)
    await api.pool.execute(
        "update project set retention_days = 30, retained_from = current_date + 1 where id = $1", widget.project_id
    )
    await api.pool.execute("update response set counted_on = current_date - 100 where widget_id = $1", widget.id)
    if "expired" not in call:
        await api.pool.execute("update response set counted_on = current_date where widget_id = $1", widget.id)
    used = [arg for n, arg in enumerate((widget.account_id, widget.id, widget.project_id), 1) if f"${n}" in call]
    sql = call if "$2" in call or "$3" not in call else call.replace("$3", "$2")
    await _as_owner(api, sql, *used)
    left = await api.pool.fetch("select account_id from passage")
    assert [row["account_id"] for row in left] == [other.account_id]
    if "expired" in call:  # retention keeps counts; what this test changed of them would be found at its end
        await api.pool.execute("delete from tally where account_id = $1", widget.account_id)
        await api.pool.execute("delete from tally_day where account_id = $1", widget.account_id)


async def test_test_responses_take_theirs_along(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    await api.pool.execute("update project set test_mode = true")
    await api.stored(widget.id, "Which key?", passage=PASSAGE)
    await project_settings.delete_test_responses(TenantPool(api.pool, widget.account_id), widget.project_id)
    assert await stored(api) == []


async def test_on_a_merged_page_it_knows_the_address_it_was_sent_from(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    tenant = TenantPool(api.pool, widget.account_id)
    keys = [PAGE, "https://example.com/b"]
    for key in keys:
        await api.stored(widget.id, f"At {key}", key, passage=PASSAGE)
    ids = {row["key"]: row["id"] for row in await api.pool.fetch("select id, key from page")}
    await merges.merge_pages(tenant, widget.project_id, ids[keys[0]], ids[keys[1]])
    await continue_merges(api.pool)
    await api.stored(widget.id, "At an alias", keys[0], passage=PASSAGE | {"start": 3})
    listed = await page_passages(tenant, widget.project_id, ids[keys[1]])
    assert sorted((each.body, each.key) for each in listed) == [
        ("At an alias", keys[0]), (f"At {keys[0]}", keys[0]), (f"At {keys[1]}", keys[1]),
    ]  # fmt: skip
    await merges.undo_merge(tenant, widget.project_id, ids[keys[0]])
    await continue_merges(api.pool)
    for key, count in zip(keys, (2, 1), strict=True):
        assert {each.key for each in await page_passages(tenant, widget.project_id, ids[key])} == {key}
        assert len(await page_passages(tenant, widget.project_id, ids[key])) == count


async def test_many_at_once_are_stored_each_with_its_own(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    await asyncio.gather(
        *(
            api.stored(widget.id, f"{n}", f"https://example.com/{n % 3}", passage=PASSAGE | {"start": n})
            for n in range(60)
        )
    )
    rows = await api.pool.fetch(
        "select r.body, p.start_at from passage as p"
        " join response as r on r.account_id = p.account_id and r.id = p.response_id"
    )
    assert sorted(int(row["body"]) for row in rows) == list(range(60))
    assert all(int(row["body"]) == row["start_at"] for row in rows)


async def test_the_documented_call_works(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    body = re.findall(r"-d '(.+?)'", (ROOT / "docs/passages.md").read_text(), re.S)[0].replace("WIDGET", widget.id)
    assert (await api.send("POST", "/v1/responses", body.encode())).status == 201
    assert [row[0] for row in await stored(api)] == ["Press the key."]
    exact, start, end = (json.loads(body)["passage"][name] for name in ("exact", "start", "end"))
    assert end - start == len(exact)
