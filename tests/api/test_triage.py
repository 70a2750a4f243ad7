"""Triage by the API: status, assignee, tags, notes, groups, saved views, and how lists and exports show it."""

import csv
import io
import json
import uuid
from typing import Any

import pytest

from tests.support.api_cases import OF
from tests.support.api_tenants import Tenant, ask, got
from tests.support.serving import Api


async def call(api: Api, own: Tenant, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The answer to a call with the key that manages the project."""
    answer = await ask(api, own.write, method, own.filled(OF + path), body)
    assert answer.status == status, answer.body
    return answer.json() if answer.body else None


async def owner_of(api: Api, own: Tenant) -> str:
    """The id of the account's owner."""
    sql = "select person_id from member where account_id = $1"
    return str(await api.pool.fetchval(sql, own.project.account_id))


async def test_it_changes_and_shows_triage(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    owner = await owner_of(api, own)
    change = {"ids": [own.message, own.response], "status": "in_progress", "assignee": owner, "addTags": [own.tag]}
    done = await call(api, own, "POST", "/triage", change)
    assert done["changed"] == 1  # the other has no words
    items = {item["id"]: item for item in (await got(api, own, "/responses"))["items"]}
    message = items[own.message]
    assert message["status"] == "in_progress"
    assert message["assignee"]["id"] == owner
    assert message["assignee"]["email"].startswith("owner")
    assert message["tags"] == [{"id": own.tag, "name": "Bug"}]
    assert message["group"] is None
    vote = items[own.response]
    assert (vote["status"], vote["assignee"], vote["tags"], vote["group"]) == (None, None, [], None)
    assert await call(api, own, "POST", "/triage", change) == {"changed": 0, "action": None}
    assert (await call(api, own, "POST", "/triage/undo", {"action": done["action"]})) == {"changed": 1}
    assert (await call(api, own, "POST", "/triage/undo", {"action": done["action"]})) == {"changed": 0}
    assert (await got(api, own, "/responses", "status=new"))["items"][0]["tags"] == []
    await call(api, own, "POST", "/triage", {"ids": [own.message], "assignee": owner})
    await call(api, own, "POST", "/triage", {"ids": [own.message], "assignee": None})
    assert (await got(api, own, "/responses", "assignee=none"))["items"][0]["id"] == own.message


async def test_it_filters_the_list(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    owner = await owner_of(api, own)
    other = await api.stored(own.notes, "Another word", "/0")
    change = {"ids": [own.message], "status": "resolved", "assignee": owner, "addTags": [own.tag]}
    await call(api, own, "POST", "/triage", change)
    await call(api, own, "POST", "/triage", {"ids": [own.message, other["id"]], "group": "join"})
    group = (await got(api, own, "/responses", "status=resolved"))["items"][0]["group"]

    async def ids(query: str) -> list[str]:
        return [item["id"] for item in (await got(api, own, "/responses", query))["items"]]

    for query in ("status=resolved", f"assignee={owner}", f"tag={own.tag}"):
        assert await ids(query) == [own.message], query
    for query in ("status=new", "status=open", "assignee=none"):
        assert await ids(query) == [other["id"]], query
    assert await ids(f"group={group}") == [other["id"], own.message]
    assert await ids("status=dismissed") == []
    for wrong in ("status=done", "assignee=ann", "tag=x", "group=x"):
        answer = await ask(api, own.read, "GET", own.filled(f"{OF}/responses"), query=wrong)
        assert answer.status == 422, wrong
        assert answer.json()["message"].startswith(wrong.partition("=")[0])


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({}, 422, "ids"),
        ({"ids": []}, 422, "ids"),
        ({"ids": ["x"]}, 422, "ids"),
        ({"status": "done"}, 422, "status"),
        ({"assignee": "ann@example.com"}, 422, "assignee"),
        ({"assignee": str(uuid.UUID(int=5))}, 422, "assignee must be a member"),
        ({"addTags": [str(uuid.UUID(int=5))]}, 404, "tag"),
        ({"group": "split"}, 422, "group"),
        ({"group": "join"}, 422, "at least two"),
        ({"more": 1}, 422, "more"),
    ],
)
async def test_it_says_what_is_wrong(
    api: Api, tenants: list[Tenant], change: dict[str, Any], status: int, word: str
) -> None:
    own = tenants[0]
    body = {"ids": [own.message], **change} if change else {}
    answer = await call(api, own, "POST", "/triage", body, status)
    assert word in answer["message"]
    assert (await got(api, own, "/responses", "status=new"))["items"][0]["id"] == own.message


async def test_tags_notes_and_views(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    idea = await call(api, own, "POST", "/tags", {"name": "Idea"}, 201)
    assert (idea["name"], idea["messages"]) == ("Idea", 0)
    assert (await call(api, own, "POST", "/tags", {"name": "IDEA"}, 409))["error"] == "conflict"
    assert (await call(api, own, "PATCH", f"/tags/{idea['id']}", {"name": "Wish"}))["name"] == "Wish"
    assert [tag["name"] for tag in (await got(api, own, "/tags"))["items"]] == ["Bug", "Wish"]
    note = await call(api, own, "POST", f"/responses/{own.message}/notes", {"body": "From a program"}, 201)
    assert (note["author"], note["body"]) == (None, "From a program")
    notes = (await got(api, own, f"/responses/{own.message}/notes"))["items"]
    assert [each["body"] for each in notes] == ["A note", "From a program"]
    assert set(note) == {"id", "author", "body", "createdAt"}
    await call(api, own, "POST", f"/responses/{own.message}/notes", {"body": "x" * 2001}, 422)
    await call(api, own, "POST", f"/responses/{own.message}/notes", {"body": " "}, 422)
    await call(api, own, "DELETE", f"/notes/{note['id']}", None, 204)
    view = await call(api, own, "POST", "/views", {"name": "Mine", "query": "?assignee=me"}, 201)
    assert view["query"] == "assignee=me"
    assert [each["name"] for each in (await got(api, own, "/views"))["items"]] == ["Mine", "Open"]
    await call(api, own, "POST", "/views", {"name": "Mine", "query": "x=%00"}, 409)


async def test_it_lists_similar_messages(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    other = await api.stored(own.notes, "A word of mine!", "/1")
    await api.stored(own.notes, "Something else entirely", "/2")
    await api.pool.execute("call fn.run_by_account('{gather messages}')")
    (similar,) = (await got(api, own, f"/responses/{own.message}/similar"))["items"]
    assert (similar["id"], similar["words"]) == (other["id"], "A word of mine!")
    assert similar["similarity"] > 0.8


async def test_exports_have_triage(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    formula = await call(api, own, "POST", "/tags", {"name": "a;=1"}, 201)
    owner = await owner_of(api, own)
    change = {"ids": [own.message], "status": "resolved", "assignee": owner, "addTags": [own.tag, formula["id"]]}
    await call(api, own, "POST", "/triage", change)
    answer = await ask(api, own.read, "GET", own.filled(f"{OF}/exports"), query="kind=responses")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")))}
    row = rows[own.message]
    assert row["status"] == "resolved"
    assert row["assignee"].startswith("owner")
    assert json.loads(row["tags"]) == ["a;=1", "Bug"]
    assert ";=" not in row["tags"]  # at which some spreadsheets separate cells
    assert (rows[own.response]["status"], rows[own.response]["assignee"], rows[own.response]["tags"]) == ("", "", "")


async def test_replies(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path = f"/responses/{own.message}/replies"
    assert (await got(api, own, path))["items"] == []
    new = {"body": "We fixed the page.", "replyTo": own.owner}
    reply = await call(api, own, "POST", path, new, 201)
    assert {**reply, "id": "", "createdAt": ""} == {
        "id": "", "author": None, "body": "We fixed the page.", "fixed": False, "state": "waiting", "error": None,
        "createdAt": "",
    }  # fmt: skip
    mail = await api.pool.fetchrow("select recipient, context::jsonb ->> 'by' as by from mail")
    assert mail["recipient"] == "ada@example.com"
    assert mail["by"] == await api.pool.fetchval("select email from person where id = $1", uuid.UUID(own.owner))
    assert (await got(api, own, path))["items"] == [reply]
    await api.pool.execute("update reply set state = 'kept'")
    assert (await got(api, own, path))["items"] == [{**reply, "state": "stored"}]
    for wrong, status in (
        ({**new, "replyTo": str(uuid.UUID(int=5))}, 422),
        ({"body": "A"}, 422),
        ({**new, "body": "x" * 4001}, 422),
        ({**new, "body": " "}, 422),
        ({**new, "body": "\x07"}, 422),
        ({**new, "to": "eve@example.com"}, 422),
        ({**new, "fixed": True}, 409),
    ):
        await call(api, own, "POST", path, wrong, status)
    assert await api.pool.fetchval("select count(*) from mail") == 1
    await call(api, own, "POST", "/triage", {"ids": [own.message], "status": "resolved"})
    assert (await call(api, own, "POST", path, {**new, "body": "It is fixed.", "fixed": True}, 201))["fixed"] is True
    assert "already" in (await call(api, own, "POST", path, {**new, "body": "Again.", "fixed": True}, 409))["message"]
    await call(api, own, "POST", f"/responses/{own.response}/replies", new, 404)
