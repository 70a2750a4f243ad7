"""Triage of messages: status, assignee, tags, notes, groups, their filters and undo, and what deletions leave of it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries import inbox as messages
from app.queries import notes, saved_views, triage
from app.queries.inbox import Message, MessageFilter
from app.queries.triage import NOBODY, TriageChange, TriageFilter
from tests.support import factories
from tests.support.messages import write_messages

Pool = asyncpg.Pool
NOW = datetime.now(UTC)
TRIAGE_TABLES = ("triage", "message_tag", "note")


class Desk:
    """A project with messages, worked on by its owner."""

    def __init__(self, pool: "Pool[asyncpg.Record]", of: factories.Widget, owner_id: UUID) -> None:
        self.pool, self.of, self.owner_id = pool, of, owner_id
        self.tenant = TenantPool(pool, of.account_id, owner_id)

    async def change(self, *ids: UUID, **change: object) -> triage.TriageAction:
        """Change the triage of messages."""
        return await triage.triage_messages(self.tenant, self.of.project_id, ids, TriageChange(**change))  # type: ignore[arg-type]

    async def rows(self, view: str = "all", search: str = "", **filter: object) -> list[Message]:
        """The messages of a view and a filter of triage."""
        query = MessageFilter(view=view, search=search, triage=TriageFilter(**filter))  # type: ignore[arg-type]
        return await messages.inbox_messages(self.tenant, self.of.project_id, query, None, None, 50)

    async def bodies(self, view: str = "all", search: str = "", **filter: object) -> list[str | None]:
        """Their words."""
        return [row.body for row in await self.rows(view, search, **filter)]

    async def tag(self, name: str) -> UUID:
        """The id of a new tag."""
        return await triage.create_tag(self.tenant, self.of.project_id, name)

    async def undo(self, action: triage.TriageAction) -> list[UUID]:
        """Undo a change; the ids of the messages."""
        assert action.action_id
        return await messages.undo_message_action(self.tenant, self.of.project_id, action.action_id)

    async def entries(self) -> list[tuple[str, dict[str, object]]]:
        """The audit log, oldest first, from the first message on."""
        rows = await self.pool.fetch(
            "select what, details from audit where account_id = $1 and what ~ '^(message|tag|saved_view)'"
            " order by at, id",
            self.of.account_id,
        )
        return [(row[0], row[1] if isinstance(row[1], dict) else json.loads(row[1])) for row in rows]


@pytest.fixture
async def desk(pool: "Pool[asyncpg.Record]") -> Desk:
    of = await factories.widget(pool, "message")
    return Desk(pool, of, await pool.fetchval("select person_id from member where account_id = $1", of.account_id))


@pytest.mark.parametrize("is_gathered", [False, True])
async def test_it_filters_by_status(desk: Desk, is_gathered: bool) -> None:
    one, two, three, four = await write_messages(desk.pool, desk.of, "one", "two", "three", "four")
    if is_gathered:
        await desk.pool.execute("call fn.run_by_account('{gather messages}')")
    assert await desk.bodies(statuses=("new",)) == ["four", "three", "two", "one"]
    assert (await desk.change(one, status="in_progress")).changed == 1
    await desk.change(two, status="resolved")
    await desk.change(three, status="dismissed")
    assert [row.status for row in await desk.rows()] == ["new", "dismissed", "resolved", "in_progress"]
    assert await desk.bodies(statuses=("new",)) == ["four"]
    assert await desk.bodies(statuses=triage.OPEN) == ["four", "one"]
    assert await desk.bodies(statuses=("resolved",)) == ["two"]
    assert await desk.bodies(statuses=("dismissed",)) == ["three"]
    assert await desk.bodies("unread", statuses=("new",)) == ["four"]
    assert await desk.bodies("archive", statuses=("new",)) == []
    assert await desk.bodies(search="two", statuses=("resolved",)) == ["two"]
    assert await desk.bodies(search="two", statuses=("new",)) == []
    assert await desk.bodies(search="four", statuses=("new",)) == ["four"]
    assert (await desk.change(four, status="new")).changed == 0
    await desk.change(one, status="new")
    assert await desk.bodies(statuses=("new",)) == ["four", "one"]


async def test_it_filters_together_with_page_and_option(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    await desk.change(one, status="resolved")
    page_id = await desk.pool.fetchval("select page_id from placement where widget_id = $1", UUID(desk.of.id))
    for id, expected in ((page_id, ["one"]), (UUID(int=7), [])):
        query = MessageFilter(view="all", page_id=id, triage=TriageFilter(("resolved",)))
        rows = await messages.inbox_messages(desk.tenant, desk.of.project_id, query, None, None, 50)
        assert [row.body for row in rows] == expected
        assert await messages.message_count(desk.tenant, desk.of.project_id, query, None, None, 9) == len(expected)
    query = MessageFilter(view="all", page_id=page_id, triage=TriageFilter(("new",)))
    rows = await messages.inbox_messages(desk.tenant, desk.of.project_id, query, None, None, 50)
    assert [row.id for row in rows] == [two]
    rows = await messages.inbox_messages(desk.tenant, desk.of.project_id, query, None, two, 50)
    assert rows == []


async def test_it_assigns_members_only(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    await desk.change(one, assignee_id=desk.owner_id)
    assert [row.assignee_id for row in await desk.rows()] == [None, desk.owner_id]
    assert (await desk.rows())[1].assignee.startswith("owner")
    assert await desk.bodies(assignee_id=desk.owner_id) == ["one"]
    assert await desk.bodies(assignee_id=NOBODY) == ["two"]
    other = await factories.account(desk.pool)
    stranger = await desk.pool.fetchval("select person_id from member where account_id = $1", other)
    with pytest.raises(FeelbackError, match="must be a member") as error:
        await desk.change(one, assignee_id=stranger)
    assert error.value.status == 422
    await desk.change(one, two, assignee_id=NOBODY)
    assert await desk.bodies(assignee_id=NOBODY) == ["two", "one"]


async def test_whoever_leaves_is_no_longer_assigned_and_their_notes_stay(desk: Desk) -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    person = await desk.pool.fetchval(
        "insert into person (id, email, verified_at) values (gen_random_uuid(), 'bea@example.com', now()) returning id"
    )
    await desk.pool.execute("insert into member values ($1, $2, 'editor', now())", desk.of.account_id, person)
    editor = TenantPool(desk.pool, desk.of.account_id, person)
    await notes.create_note(editor, desk.of.project_id, one, "I ask them")
    await desk.change(one, assignee_id=person)
    action = await desk.change(one, assignee_id=NOBODY)
    await desk.change(one, assignee_id=person)
    await desk.pool.execute("select fn.delete_member($1, $2)", desk.of.account_id, person)
    (row,) = await desk.rows()
    assert (row.assignee_id, row.assignee, row.notes) == (None, "", 1)
    (note,) = await notes.notes(desk.tenant, desk.of.project_id, one)
    assert (note.author, note.body) == (None, "I ask them")
    await desk.undo(action)
    assert (await desk.rows())[0].assignee_id is None


async def test_it_tags_within_its_limits(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    bug, idea = await desk.tag("Bug"), await desk.tag("Idee über alles")
    await desk.change(one, two, add_tag_ids=[bug])
    await desk.change(two, add_tag_ids=[idea], remove_tag_ids=[bug])
    assert [[tag.name for tag in row.tags] for row in await desk.rows()] == [["Idee über alles"], ["Bug"]]
    assert await desk.bodies(tag_id=bug) == ["one"]
    assert await desk.bodies(tag_id=bug, search="one") == ["one"]
    assert await desk.bodies(tag_id=idea, search="one") == []
    assert [(tag.name, tag.messages) for tag in await triage.tags(desk.tenant, desk.of.project_id)] == [
        ("Bug", 1), ("Idee über alles", 1),
    ]  # fmt: skip
    with pytest.raises(FeelbackError) as error:
        await desk.tag("BUG")
    assert error.value.status == 409
    for name in ("", "  ", "x" * 41, "a\nb"):
        with pytest.raises(FeelbackError, match="1 to 40 characters"):
            await desk.tag(name)
    await triage.update_tag(desk.tenant, desk.of.project_id, bug, "Defect")
    with pytest.raises(FeelbackError) as error:
        await triage.update_tag(desk.tenant, desk.of.project_id, bug, "idee ÜBER alles")
    assert error.value.status == 409
    more = [await desk.tag(f"t{n}") for n in range(48)]
    with pytest.raises(FeelbackError, match="at most 50 tags"):
        await desk.tag("one more")
    with pytest.raises(FeelbackError, match="at most 10 tags"):
        await desk.change(one, two, add_tag_ids=more[:10])
    assert [len(row.tags) for row in await desk.rows()] == [1, 1]
    await triage.delete_tag(desk.tenant, desk.of.project_id, bug)
    assert [len(row.tags) for row in await desk.rows()] == [1, 0]
    with pytest.raises(FeelbackError) as error:
        await desk.change(one, add_tag_ids=[bug])
    assert error.value.status == 404


async def test_it_groups_and_takes_out(desk: Desk) -> None:
    one, two, three, four, five = await write_messages(desk.pool, desk.of, "one", "two", "three", "four", "five")
    with pytest.raises(FeelbackError, match="at least two"):
        await desk.change(one, group="join")
    assert (await desk.change(one, two, group="join")).changed == 2
    assert (await desk.change(four, five, group="join")).changed == 2
    group_id = (await desk.rows())[4].group_id
    assert await desk.bodies(group_id=group_id) == ["two", "one"]
    # Two groups and a single message become one.
    joined = await desk.change(two, three, five, group="join")
    assert {(row.group_id, row.group_size) for row in await desk.rows()} == {(group_id, 5)}
    assert joined.changed == 3
    others = await triage.group_messages(desk.tenant, desk.of.project_id, one)
    assert [other.words for other in others] == ["five", "four", "three", "two"]
    assert len(await desk.undo(joined)) == 3
    assert [row.group_size for row in await desk.rows()] == [2, 2, 0, 2, 2]
    # Where one would be left alone, the group ends.
    assert (await desk.change(one, group="leave")).changed == 2
    assert [row.group_size for row in await desk.rows()] == [2, 2, 0, 0, 0]
    assert await desk.pool.fetchval("select fn.delete_response($1, $2)", desk.of.account_id, four)
    assert next((row.body, row.group_id) for row in await desk.rows()) == ("five", None)


async def test_a_group_has_at_most_200_messages(desk: Desk) -> None:
    ids = await write_messages(desk.pool, desk.of, *[f"m{n}" for n in range(201)])
    with pytest.raises(FeelbackError, match=r"at most 200 messages; this one would have 201"):
        await desk.change(*ids, group="join")
    assert (await desk.change(*ids[1:], group="join")).changed == 200


async def test_it_undoes_only_what_it_changed(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    bug, idea = await desk.tag("Bug"), await desk.tag("Idea")
    await desk.change(one, status="in_progress", add_tag_ids=[bug])
    action = await desk.change(one, two, status="resolved", add_tag_ids=[bug, idea])
    await desk.change(one, assignee_id=desk.owner_id)
    await messages.update_messages(desk.tenant, desk.of.project_id, [one], "archive")
    assert sorted(await desk.undo(action)) == [one, two]
    newest, oldest = await desk.rows()
    assert (newest.status, newest.tags, newest.assignee_id) == ("new", [], None)
    assert (oldest.status, [tag.name for tag in oldest.tags], oldest.assignee_id, oldest.folder) == (
        "in_progress", ["Bug"], desk.owner_id, "archive",
    )  # fmt: skip
    assert await desk.undo(action) == []
    await desk.pool.execute("update triage_action set acted_at = now() - interval '61 minutes'")
    with pytest.raises(FeelbackError, match="one hour"):
        await desk.undo(action)
    await desk.pool.execute("call fn.purge('delete old triage actions')")
    assert await desk.pool.fetchval("select count(*) from triage_action") == 0


async def test_undo_leaves_deleted_tags_and_messages(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    bug = await desk.tag("Bug")
    await desk.change(one, two, add_tag_ids=[bug])
    action = await desk.change(one, two, remove_tag_ids=[bug])
    await triage.delete_tag(desk.tenant, desk.of.project_id, bug)
    await desk.pool.execute("select fn.delete_response($1, $2)", desk.of.account_id, one)
    assert await desk.undo(action) == [two]
    assert [row.tags for row in await desk.rows()] == [[]]


async def test_it_writes_sentences_of_the_audit_log(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    bug = await desk.tag("Bug")
    action = await desk.change(one, two, status="in_progress", assignee_id=desk.owner_id, add_tag_ids=[bug])
    await desk.change(one, two, group="join")
    await desk.undo(action)
    id = await notes.create_note(desk.tenant, desk.of.project_id, one, "secret words")
    await notes.delete_note(desk.tenant, desk.of.project_id, id)
    entries = await desk.entries()
    # Entries of one millisecond have no order among them.
    assert sorted(what for what, _ in entries) == [
        "message.assignee_updated", "message.group_updated", "message.note_created", "message.note_deleted",
        "message.status_updated", "message.tags_updated", "message.triage_restored", "tag.created",
    ]  # fmt: skip
    details = dict(entries)
    assert details["message.status_updated"] == {"messages": 2, "status": "in progress"}
    assert details["message.tags_updated"] == {"messages": 2, "added": ["Bug"]}
    assert "secret" not in str(entries)


async def test_it_refuses_what_is_wrong(desk: Desk) -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    for change, words in (
        ({"status": "done"}, "status must be"), ({"group": "x"}, "group must be"),
        ({"add_tag_ids": [UUID(int=3)]}, "no such tag"),
    ):  # fmt: skip
        with pytest.raises(FeelbackError, match=words):
            await desk.change(one, **change)
    with pytest.raises(FeelbackError, match="5,000"):
        await desk.change(*[UUID(int=n) for n in range(5001)], status="new")
    other = await factories.widget(desk.pool, "message")
    (theirs,) = await write_messages(desk.pool, other, "theirs")
    assert (await desk.change(theirs, status="resolved")).changed == 0
    assert await desk.pool.fetchval("select count(*) from triage where response_id = $1", theirs) == 0
    with pytest.raises(FeelbackError, match="no such message"):
        await notes.create_note(desk.tenant, desk.of.project_id, theirs, "x")
    for body in ("", " \n ", "x" * 2001):
        with pytest.raises(FeelbackError, match="1 to 2,000 characters"):
            await notes.create_note(desk.tenant, desk.of.project_id, one, body)


async def test_a_message_has_at_most_100_notes(desk: Desk) -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    for n in range(100):
        await notes.create_note(desk.tenant, desk.of.project_id, one, f"note {n}")
    with pytest.raises(FeelbackError, match="at most 100 notes"):
        await notes.create_note(desk.tenant, desk.of.project_id, one, "one more")
    assert [note.body for note in await notes.notes(desk.tenant, desk.of.project_id, one)][::99] == [
        "note 0",
        "note 99",
    ]


async def test_editors_delete_their_own_notes_and_admins_all(desk: Desk, app_pool: "Pool[asyncpg.Record]") -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    person = await desk.pool.fetchval(
        "insert into person (id, email, verified_at) values (gen_random_uuid(), 'bea@example.com', now()) returning id"
    )
    await desk.pool.execute("insert into member values ($1, $2, 'editor', now())", desk.of.account_id, person)
    own = await notes.create_note(desk.tenant, desk.of.project_id, one, "owner's")
    editor = TenantPool(app_pool, desk.of.account_id, person)
    theirs = await notes.create_note(editor, desk.of.project_id, one, "hers")
    with pytest.raises(FeelbackError, match="Only admins"):
        await notes.delete_note(editor, desk.of.project_id, own)
    await notes.delete_note(editor, desk.of.project_id, theirs)
    assert [note.body for note in await notes.notes(desk.tenant, desk.of.project_id, one)] == ["owner's"]


async def rows_left(desk: Desk) -> list[int]:
    """The number of rows in the tables of triage."""
    return [await desk.pool.fetchval(f"select count(*) from {table}") for table in TRIAGE_TABLES]


@pytest.mark.parametrize("how", ["delete", "retention", "visitor", "placement", "project", "account"])
async def test_triage_goes_with_its_message(desk: Desk, how: str) -> None:
    at = NOW - timedelta(days=3) if how == "retention" else NOW
    (one,) = await write_messages(desk.pool, desk.of, "one", at=at)
    await desk.change(one, status="resolved", assignee_id=desk.owner_id, add_tag_ids=[await desk.tag("Bug")])
    await notes.create_note(desk.tenant, desk.of.project_id, one, "note")
    assert await rows_left(desk) == [1, 1, 1]
    account_id, project_id = desk.of.account_id, desk.of.project_id
    match how:
        case "delete":
            await desk.pool.execute("select fn.delete_response($1, $2)", account_id, one)
        case "retention":
            await desk.pool.execute("update project set retention_days = 1 where id = $1", project_id)
            await desk.pool.execute("call fn.delete_expired_responses()")
        case "visitor":
            await desk.pool.execute("update response set visitor = '\\x01' where id = $1", one)
            await desk.pool.execute("select fn.purge_visitor($1, $2, '\\x01')", account_id, project_id)
        case "placement":
            await desk.pool.execute(
                "select fn.purge_placements($1, array(select id from placement where account_id = $1))", account_id
            )
        case "project":
            await desk.pool.execute("select fn.purge_project($1, $2)", account_id, project_id)
        case "account":
            await desk.pool.execute("select fn.purge_account($1)", account_id)
    assert await rows_left(desk) == [0, 0, 0]


async def test_a_message_that_is_being_deleted_is_left_out(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    await desk.pool.execute("call fn.run_by_account('{gather messages}')")
    async with desk.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("select fn.delete_response($1, $2)", desk.of.account_id, one)
        change = asyncio.create_task(desk.change(one, two, status="resolved"))
        await asyncio.sleep(0.5)
        assert not change.done()
        await transaction.commit()
    assert (await change).changed == 1
    assert await desk.bodies(statuses=("resolved",)) == ["two"]
    for table in ("message_state", "triage"):
        assert await desk.pool.fetchval(f"select count(*) from {table} where response_id = $1", one) == 0


async def test_a_tag_that_is_being_deleted_is_refused(desk: Desk) -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    bug = await desk.tag("Bug")
    async with desk.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("select fn.delete_tag($1, $2, $3)", desk.of.account_id, desk.of.project_id, bug)
        change = asyncio.create_task(desk.change(one, add_tag_ids=[bug]))
        await asyncio.sleep(0.5)
        await transaction.commit()
    with pytest.raises(FeelbackError, match="no such tag"):
        await change


async def test_resolving_is_an_event(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    await desk.change(two, status="resolved")  # nobody asks for events yet
    await desk.pool.execute(
        "select fn.create_destination($1, $2, gen_random_uuid(), 'Hook', 'webhook', 'https://a.example/', null, $3,"
        " '{message.resolved}')",
        desk.of.account_id, desk.of.project_id, b"x" * 61,
    )  # fmt: skip
    await desk.change(one, two, status="in_progress")
    await desk.change(one, two, status="resolved")
    await desk.change(one, two, status="resolved")
    events = await desk.pool.fetch("select type, response_id from event order by response_id")
    assert [tuple(event) for event in events] == [("message.resolved", one), ("message.resolved", two)]


async def test_triage_changes_no_count(desk: Desk) -> None:
    one, two = await write_messages(desk.pool, desk.of, "one", "two")
    counts = "select (select array_agg(t::text order by t::text) from tally as t), (select count(*) from tally_change)"
    before = await desk.pool.fetchrow(counts)
    await desk.change(one, status="dismissed")
    await desk.change(two, status="resolved")
    await desk.change(one, two, group="join")
    assert await desk.pool.fetchrow(counts) == before
    assert await desk.bodies("inbox") == ["two", "one"]  # and it stays in its folder


async def test_it_suggests_what_reads_alike(desk: Desk) -> None:
    words = ("The download link is broken", "download link broken!", "I love the dark theme", "Der Link ist kaputt")
    one, two, three, _ = await write_messages(desk.pool, desk.of, *words)
    await desk.pool.execute("call fn.run_by_account('{gather messages}')")
    similar = await triage.similar_messages(desk.tenant, desk.of.project_id, one)
    assert [message.id for message in similar] == [two]
    assert 0.3 <= similar[0].similarity <= 1
    assert await triage.similar_messages(desk.tenant, desk.of.project_id, three) == []
    await desk.change(one, two, group="join")
    assert await triage.similar_messages(desk.tenant, desk.of.project_id, one) == []
    await desk.change(one, two, group="leave")
    await messages.update_messages(desk.tenant, desk.of.project_id, [two], "spam")
    assert await triage.similar_messages(desk.tenant, desk.of.project_id, one) == []
    await messages.update_messages(desk.tenant, desk.of.project_id, [two], "inbox")
    await desk.pool.execute("set role none; drop extension pg_trgm")  # only a superuser may
    assert await triage.similar_messages(desk.tenant, desk.of.project_id, one) == []


async def test_it_keeps_views_by_name(desk: Desk) -> None:
    id = await saved_views.create_saved_view(desk.tenant, desk.of.project_id, "Open bugs", "status=open")
    with pytest.raises(FeelbackError) as error:
        await saved_views.create_saved_view(desk.tenant, desk.of.project_id, "open BUGS", "status=new")
    assert error.value.status == 409
    await saved_views.update_saved_view(desk.tenant, desk.of.project_id, id, "Bugs")
    assert [(view.name, view.query) for view in await saved_views.saved_views(desk.tenant, desk.of.project_id)] == [
        ("Bugs", "status=open")
    ]
    for name, query in (("", "a=b"), ("x" * 61, "a=b"), ("x", ""), ("x", "y" * 4001)):
        with pytest.raises(FeelbackError, match="characters"):
            await saved_views.create_saved_view(desk.tenant, desk.of.project_id, name, query)
    for n in range(49):
        await saved_views.create_saved_view(desk.tenant, desk.of.project_id, f"v{n}", "status=open")
    with pytest.raises(FeelbackError, match="at most 50 saved views"):
        await saved_views.create_saved_view(desk.tenant, desk.of.project_id, "more", "status=open")
    await saved_views.delete_saved_view(desk.tenant, desk.of.project_id, id)
    with pytest.raises(FeelbackError) as error:
        await saved_views.delete_saved_view(desk.tenant, desk.of.project_id, id)
    assert error.value.status == 404
    assert ("saved_view.renamed", {"from": "Open bugs", "to": "Bugs"}) in await desk.entries()


async def test_cleared_words_take_their_triage_along(desk: Desk) -> None:
    (one,) = await write_messages(desk.pool, desk.of, "one")
    await desk.change(one, status="resolved")
    await desk.pool.execute("delete from message_state where response_id = $1", one)
    assert await desk.pool.fetchval("select count(*) from triage") == 0
