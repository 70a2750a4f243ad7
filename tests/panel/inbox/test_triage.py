"""Triage in the inbox without JavaScript: filters by address, forms, undo, notes, tags and saved views."""

import re
import uuid

import asyncpg
import pytest

from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, act, ids, message_ids, new_tag, post

Pool = asyncpg.Pool


async def test_status_filters_by_the_address(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, three = await ids(pool)
    await owner.get(PAGE)
    await owner.get(await act(owner, "resolve", one))
    assert "Resolved: 1 message" in owner.text
    assert message_ids(owner)[0] == one  # it stays in its folder
    await owner.get(await act(owner, "progress", two))
    await owner.get(f"{PAGE}?status=resolved")
    assert message_ids(owner) == [one]
    assert re.search(r"Status:</span>\s*<bdi>Resolved", owner.raw)
    await owner.get(f"{PAGE}?status=open")
    assert message_ids(owner)[:2] == [two, three]
    await owner.get(f"{PAGE}?status=in_progress&view=archive")
    assert message_ids(owner) == []
    assert "No matches" in owner.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("status=done", 422, "“status” in the address must be open, new, in_progress, resolved or dismissed."),
        ("assignee=ann", 422, "“assignee” in the address must be me, none or the id of a member."),
        (f"assignee={uuid.UUID(int=7)}", 404, "The assignee of this filter is no member of the account."),
        ("tag=bug", 422, "“tag” in the address must be an id."),
        (f"tag={uuid.UUID(int=7)}", 404, "The tag of this filter does not exist."),
        (f"group={uuid.UUID(int=7)}", 404, "The group of this filter does not exist."),
    ],
)
async def test_it_names_what_is_wrong_in_the_address(owner: Browser, query: str, status: int, words: str) -> None:
    for part in ("", "/arrivals", "/count"):
        response = await owner.get(f"{PAGE}{part}?{query}")
        assert response.status_code == status
        assert words in owner.text


async def test_a_filter_stays_through_actions_and_chips(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, _ = await ids(pool)
    await owner.get(PAGE)
    await act(owner, "resolve", one, two)
    location = await act(owner, "reopen", one, status="resolved", view="all", q="")
    assert "status=resolved" in location
    await owner.get(location)
    assert message_ids(owner) == [two]
    await owner.get(f"{PAGE}?view=all&status=resolved&period=30d")
    chips = re.findall(r'class="filter-chip" href="([^"]+)"', owner.raw.replace("&amp;", "&"))
    assert chips == [f"{PAGE}?period=30d&view=all", f"{PAGE}?view=all&status=resolved"]


async def test_one_form_changes_status_assignee_and_tags(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, three = await ids(pool)
    await owner.get(PAGE)
    bug = await new_tag(owner, pool, "Bug")
    idea = await new_tag(owner, pool, "Idée <b>")
    chosen = [("ids", one), ("ids", two), ("action", "triage")]
    fields = [("to_status", "in_progress"), ("to_assignee", "me"), ("add_tag", bug), ("remove_tag", idea)]
    await post(owner, f"{PAGE}/actions", *chosen, *fields)
    assert "Updated: 2 messages" in owner.text
    for query in ("status=in_progress", "assignee=me", f"tag={bug}"):
        await owner.get(f"{PAGE}?{query}")
        assert message_ids(owner) == [one, two], query
    await owner.get(f"{PAGE}?assignee=none")
    assert message_ids(owner)[0] == three
    await owner.get(PAGE)
    await post(owner, f"{PAGE}/actions", *chosen, ("to_assignee", "none"), ("add_tag", idea))
    undo = re.search(r'action="([^"]+/undo)"', owner.text)
    assert undo
    await owner.get(f"{PAGE}?assignee=me")
    assert message_ids(owner) == []
    await post(owner, undo[1])
    assert "Undone: 2 messages" in owner.text
    await owner.get(f"{PAGE}?assignee=me")
    assert message_ids(owner) == [one, two]
    assert "Idée" not in owner.text.partition('id="messages"')[2].partition("</ol>")[0]
    await post(owner, f"{PAGE}/actions", *chosen, status=422)
    await post(owner, f"{PAGE}/actions", *chosen, ("to_status", "x"), status=422)
    await post(owner, f"{PAGE}/actions", *chosen, ("to_assignee", "x"), status=422)
    await post(owner, f"{PAGE}/actions", *chosen, ("to_assignee", str(uuid.UUID(int=7))), status=422)


async def test_a_message_of_its_own_page(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, _ = await ids(pool)
    await owner.get(PAGE)
    bug = await new_tag(owner, pool, "Bug")
    idea = await new_tag(owner, pool, "Idea")
    at = f"{PAGE}/{one}"
    about = [("ids", one), ("back", one), ("action", "triage"), ("to_status", "new"), ("to_assignee", "none")]
    location = await post(owner, f"{PAGE}/actions", *about, ("tags", bug))
    assert location.startswith(at)
    assert "Updated: 1 message" in owner.text
    assert re.search(rf'value="{bug}" checked', owner.raw)
    # Tags that another member has added since the page was opened stay.
    await post(owner, f"{PAGE}/actions", *about, ("tags", idea), ("listed_tags", bug))
    names = """select array_agg(g.name order by g.name) from message_tag as k
        join tag as g on g.account_id = k.account_id and g.id = k.tag_id"""
    assert await pool.fetchval(names) == ["Idea"]
    await post(owner, f"{PAGE}/actions", ("ids", one), ("ids", two), ("action", "join"))
    await owner.get(at)
    assert "Apply to all 2 that are the same" in owner.text
    await post(owner, f"{PAGE}/actions", *about, ("to_status", "new"), ("whole_group", "yes"), status=303)
    await post(owner, f"{PAGE}/actions", ("ids", one), ("action", "resolve"), ("whole_group", "yes"), ("back", one))
    assert "Resolved: 2 messages" in owner.text
    await post(owner, f"{PAGE}/actions", ("ids", one), ("one", f"leave {two}"), ("back", one))
    assert await pool.fetchval("select count(*) from triage where group_id is not null") == 0


async def test_similar_messages_are_suggested_and_confirmed(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, _ = await ids(pool)
    for id, words in ((one, "The export button does nothing"), (two, "Export button does nothing!")):
        await pool.execute("update response set body = $2, fields = null where id = $1", uuid.UUID(id), words)
    await pool.execute("call fn.run_by_account('{gather messages}')")
    await owner.get(f"{PAGE}/{one}")
    assert "These read alike" in owner.text
    assert f'value="join {two}"' in owner.raw
    await post(owner, f"{PAGE}/actions", ("ids", one), ("one", f"join {two}"), ("back", one))
    assert "Marked as the same: 2 messages" in owner.text
    assert f'value="leave {two}"' in owner.raw
    assert f'value="join {two}"' not in owner.raw
    group = await pool.fetchval("select group_id from triage where response_id = $1", uuid.UUID(one))
    await owner.get(f"{PAGE}?group={group}")
    assert message_ids(owner) == [one, two]
    await owner.get(PAGE)
    assert re.search(rf'group={group}[^>]*><span class="hidden">Show the </span>2 same', owner.raw)


async def test_notes_are_written_and_deleted(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (one,) = await ids(pool, 1)
    await owner.get(f"{PAGE}/{one}")
    await post(owner, f"{PAGE}/{one}/notes", ("note", "שלום <script>\r\nsecond line"), ("back", one))
    assert "Note added" in owner.text
    assert '<p class="words" dir="auto">שלום &lt;script&gt;\nsecond line</p>' in owner.raw
    await owner.get(PAGE)
    assert "1 note" in owner.text
    note = await pool.fetchval("select id from note")
    await post(owner, f"{PAGE}/{one}/notes", ("note", " "), status=422)
    await post(owner, f"{PAGE}/{one}/notes", ("note", "x" * 2001), status=422)
    await post(owner, f"{PAGE}/{one}/notes/{note}/delete", ("back", one))
    assert "Note deleted" in owner.text
    await post(owner, f"{PAGE}/{one}/notes/{note}/delete", status=404)


async def test_the_audit_log_has_sentences(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, _ = await ids(pool)
    await owner.get(PAGE)
    await act(owner, "resolve", one, two)
    await act(owner, "take", one)
    await owner.get("/audit?noun=message")
    text = " ".join(re.sub(r"<[^>]+>", " ", owner.text).split())
    assert re.search(r"Changed the status of messages of \S.* to resolved", text)
    assert re.search(r"Assigned messages of \S.* to demo@", text)
