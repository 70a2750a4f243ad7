"""The inbox: views, search, actions on messages, and notifications of new ones."""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries import inbox as messages
from app.queries.inbox import Message
from tests.support import factories
from tests.support.messages import write_messages

Pool = asyncpg.Pool
NOW = datetime.now(UTC)


class Inbox:
    """A project's inbox."""

    def __init__(self, pool: "Pool[asyncpg.Record]", of: factories.Widget) -> None:
        self.pool, self.of = pool, of

    async def bodies(self, view: str = "inbox", search: str = "", **between: uuid.UUID) -> list[str | None]:
        """The bodies of a view's messages."""
        tenant, filter = TenantPool(self.pool, self.of.account_id), messages.MessageFilter(view=view, search=search)
        rows = await messages.inbox_messages(
            tenant, self.of.project_id, filter, between.get("after"), between.get("before"), 50
        )
        return [message.body for message in rows]

    async def act(self, act: str, *ids: uuid.UUID) -> messages.MessageAction:
        """Apply an action to messages."""
        return await messages.update_messages(TenantPool(self.pool, self.of.account_id), self.of.project_id, ids, act)

    async def unread(self) -> int:
        """The number of unread messages."""
        return int(
            await self.pool.fetchval("select fn.unread_messages($1, $2)", self.of.account_id, self.of.project_id)
        )


@pytest.fixture
async def inbox(pool: "Pool[asyncpg.Record]") -> Inbox:
    return Inbox(pool, await factories.widget(pool, "message"))


@pytest.mark.parametrize("is_gathered", [False, True])
async def test_it_lists_each_view(inbox: Inbox, is_gathered: bool) -> None:
    one, two, three, four, five = await write_messages(inbox.pool, inbox.of, "one", "two", "three", "four", "five")
    if is_gathered:
        assert await inbox.pool.fetchval("call fn.run_by_account('{gather messages}')") == 5
        assert await inbox.pool.fetchval("select count(*) from fn.new_messages($1, $2, null, $3, $4, 9)",
            inbox.of.account_id, inbox.of.project_id, uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)) == 0  # fmt: skip
    assert await inbox.bodies() == ["five", "four", "three", "two", "one"]
    assert await inbox.unread() == 5
    await inbox.act("read", five)
    await inbox.act("star", four, two)
    await inbox.act("archive", two)
    await inbox.act("spam", three)
    await inbox.act("delete", one)
    assert await inbox.bodies() == ["five", "four"]
    assert await inbox.bodies("unread") == ["four"]
    assert await inbox.bodies("starred") == ["four", "two"]
    assert await inbox.bodies("all") == ["five", "four", "two"]
    assert await inbox.bodies("archive") == ["two"]
    assert await inbox.bodies("spam") == ["three"]
    assert await inbox.bodies("deleted") == ["one"]
    assert await inbox.unread() == 1
    assert await inbox.bodies("all", before=four) == ["two"]
    assert await inbox.bodies("all", after=two) == ["five", "four"]


async def test_it_gathers_only_what_is_new(inbox: Inbox) -> None:
    (one,) = await write_messages(inbox.pool, inbox.of, "one", at=NOW - timedelta(hours=1))
    await inbox.act("archive", one)
    await write_messages(inbox.pool, inbox.of, "two", at=NOW - timedelta(hours=1, minutes=1))
    await inbox.pool.execute("call fn.run_by_account('{gather messages}', $1)", NOW - timedelta(minutes=30))
    assert await inbox.bodies() == ["two"]
    await write_messages(inbox.pool, inbox.of, "late", at=NOW - timedelta(minutes=31))
    assert await inbox.bodies() == ["late", "two"]
    assert await inbox.pool.fetchval("call fn.run_by_account('{gather messages}', $1)", NOW) == 1
    assert await inbox.bodies() == ["late", "two"]
    assert await inbox.bodies("archive") == ["one"]


async def test_it_undoes(inbox: Inbox) -> None:
    one, two, three = await write_messages(inbox.pool, inbox.of, "one", "two", "three")
    await inbox.act("star", one)
    await inbox.act("archive", two)
    done = await inbox.act("delete", one, two, three)
    assert done.changed == 3
    assert done.action_id
    assert await inbox.bodies("deleted") == ["three", "two", "one"]
    undo = (TenantPool(inbox.pool, inbox.of.account_id), inbox.of.project_id, done.action_id)
    assert set(await messages.undo_message_action(*undo)) == {one, two, three}
    assert await inbox.bodies() == ["three", "one"]
    assert await inbox.bodies("archive") == ["two"]
    assert await inbox.bodies("starred") == ["one"]
    assert await messages.undo_message_action(*undo) == []
    entries = await inbox.pool.fetch("select what, details::text from audit order by id")
    assert [(row[0], json.loads(row[1])) for row in entries if row[0].startswith("message.")] == [
        ("message.deleted", {"messages": 3}),
        ("message.restored", {"messages": 3}),
    ]
    await inbox.pool.execute("update message_action set acted_at = now() - interval '61 minutes'")
    with pytest.raises(FeelbackError, match="for one hour"):
        await messages.undo_message_action(*undo)
    assert await inbox.pool.fetchval("call fn.run_by_account('{delete old message actions}', now())") == 3
    assert await inbox.act("inbox", one) == messages.MessageAction(None, 0)


async def test_it_deletes_for_good_after_seven_days(inbox: Inbox) -> None:
    one, _ = await write_messages(inbox.pool, inbox.of, "one", "two")
    await inbox.act("delete", one)
    assert await inbox.pool.fetchval("select sum(count) from tally") == 2
    job, later = "call fn.run_by_account('{delete deleted messages}', $1)", NOW + timedelta(days=6, hours=23)
    assert await inbox.pool.fetchval(job, later) == 0
    assert await inbox.pool.fetchval(job, later + timedelta(hours=2)) == 1
    assert await inbox.pool.fetchval("select sum(count) from tally") == 1
    assert await inbox.pool.fetchval("select count(*) from message_state") == 0
    assert await inbox.pool.fetchval("select body from response") == "two"


async def test_it_searches_words_and_their_beginnings(inbox: Inbox) -> None:
    await write_messages(
        inbox.pool, inbox.of, "The quick brown fox", "A lazy dog's nap \\ here", "Größe: XL, it's fine"
    )
    assert await inbox.bodies(search="quick FO") == ["The quick brown fox"]
    assert await inbox.bodies(search="uick") == []
    assert await inbox.bodies(search="größ") == ["Größe: XL, it's fine"]
    assert await inbox.bodies(search="dog's \\") == ["A lazy dog's nap \\ here"]
    assert len(await inbox.bodies(search="ann@example.com")) == 3
    for odd in ("!", "'", "&|!", "a:*b", "((", "\\'", inbox.of.id):
        assert isinstance(await inbox.bodies(search=odd), list)
    assert await inbox.bodies("archive", search="quick") == []


async def test_it_searches_the_project_only_and_by_the_index(inbox: Inbox, pool: "Pool[asyncpg.Record]") -> None:
    other = await factories.widget(pool, "message")
    await write_messages(pool, other, *["the same word"] * 30)
    await write_messages(pool, inbox.of, "the same word")
    assert await inbox.bodies(search="same") == ["the same word"]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off; set local enable_indexscan = off")
        plan = await connection.fetch(
            """explain select id from response as f where f.account_id = $1 and (body is not null or fields is not null)
            and fn.message_words(widget_id, body, fields, context) @@ fn.message_query('same', array[$2::uuid])""",
            inbox.of.account_id, uuid.UUID(inbox.of.id),
        )  # fmt: skip
    assert "Bitmap Index Scan" in "\n".join(row[0] for row in plan)


async def test_it_changes_no_message_of_another_project(inbox: Inbox, pool: "Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool, inbox.of.account_id)
    (id,) = await write_messages(pool, await factories.widget(pool, "message", project), "theirs")
    assert (await inbox.act("delete", id)).changed == 0
    with pytest.raises(FeelbackError):
        await messages.inbox_message(TenantPool(pool, inbox.of.account_id), inbox.of.project_id, id)
    with pytest.raises(FeelbackError, match="5,000"):
        await inbox.act("delete", *[id] * 5001)
    with pytest.raises(FeelbackError, match="The action must be read, unread,"):
        await inbox.act("burn", id)


async def test_it_tells_of_messages_once_a_batch_and_project(
    inbox: Inbox, pool: "Pool[asyncpg.Record]", database: str
) -> None:
    votes = await factories.widget(pool, "pulse")
    heard: list[str] = []
    connection = await asyncpg.connect(database)
    await connection.add_listener("message", lambda *args: heard.append(str(args[3])))

    async def ingest(of: factories.Widget, bodies: list[str | None] | None, count: int = 3) -> None:
        ids = [await pool.fetchval("select fn.uuid_v7()") for _ in range(count)]
        await pool.fetch(
            """
            select * from fn.ingest_responses(
                $1, $2, $3, $4, $5, $6, $7, $8, null, null, null, null, null, null, 9, null
            )
            """,
            [of.account_id] * count, [uuid.UUID(of.id)] * count, ["/a"] * count, ids,
            [int(NOW.timestamp() * 1000)] * count, [NOW.date()] * count, [1] * count, bodies,
        )  # fmt: skip

    try:
        await ingest(votes, None)
        await asyncio.sleep(0.05)
        assert heard == []
        await ingest(inbox.of, ["a", None, "b"])
        await asyncio.sleep(0.05)
        assert heard == [str(inbox.of.project_id)]
    finally:
        await connection.close()


@pytest.mark.parametrize("way", ["batch", "test", "merged"])
async def test_messages_of_a_slow_clock_come_into_the_inbox(inbox: Inbox, way: str) -> None:
    at = datetime.now(UTC) - timedelta(minutes=6)
    await inbox.pool.execute("update message_roll set gathered_at = now()")
    await inbox.pool.execute(
        "select fn.create_placements(array[$1::uuid], array[$2::uuid], array['/a'], 100)",
        inbox.of.account_id, uuid.UUID(inbox.of.id),
    )  # fmt: skip
    common = (inbox.of.account_id, uuid.UUID(inbox.of.id), await inbox.pool.fetchval("select fn.uuid_v7($1)", at))
    ms = int(at.timestamp() * 1000)
    if way == "batch":
        await inbox.pool.fetch(
            "select * from fn.ingest_responses(array[$1::uuid], array[$2::uuid], array['/a'], array[$3::uuid],"
            " array[$4::bigint], array[$5::date], array[1::smallint], array['late'], null, null, null, null, null,"
            " null, 9, null)",
            *common, ms, at.date(),
        )  # fmt: skip
    elif way == "test":
        await inbox.pool.fetch(
            "select * from fn.ingest_test_response($1, $2, '/a', $3, $4, 1::smallint, 'late', null, null, null, null,"
            " null, 9)",
            *common, ms,
        )  # fmt: skip
    else:
        await inbox.pool.fetch(
            "select * from fn.ingest_merged_response($1, $2, '/a', $3, $4, $5, 1::smallint, 'late', null, null, null,"
            " null, null, null, null, null, array['/a'], array[null]::bytea[], null, false)",
            *common, ms, at.date(),
        )  # fmt: skip
    assert await inbox.bodies() == ["late"]
    assert await inbox.unread() == 1


async def test_it_is_closed_to_strangers_even_where_row_security_is_not(
    inbox: Inbox, pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]"
) -> None:
    await write_messages(pool, inbox.of, "secret")
    other_id = await factories.account(pool)
    stranger_id = await pool.fetchval("select person_id from member where account_id = $1", other_id)
    for account_id in (other_id, inbox.of.account_id):
        tenant = TenantPool(app_pool, account_id, stranger_id)
        sql = "select * from fn.matching_messages($1, $2, 'inbox', null, 'secret', null, null, 9)"
        with pytest.raises(FeelbackError) as refused:
            await db.many(tenant, Message, sql, inbox.of.account_id, inbox.of.project_id)
        assert refused.value.status == 404


async def test_its_state_goes_with_the_responses_that_retention_drops(inbox: Inbox) -> None:
    long_ago = NOW - timedelta(days=70)
    await inbox.pool.execute("select fn.create_partitions($1)", long_ago - timedelta(days=31))
    old = await write_messages(inbox.pool, inbox.of, "of a month that goes", "and one more", at=long_ago)
    (young,) = await write_messages(inbox.pool, inbox.of, "stays")
    await inbox.act("archive", *old, young)
    await inbox.pool.execute("update project set retention_days = 5")
    assert await inbox.pool.fetchval("call fn.delete_expired_responses($1)", NOW) == 2
    assert [row[0] for row in await inbox.pool.fetch("select response_id from message_state")] == [young]


async def test_it_finds_what_is_older_than_the_newest_thousand(inbox: Inbox, pool: "Pool[asyncpg.Record]") -> None:
    ids = await write_messages(pool, inbox.of, "a needle", "hay", "hay")
    await pool.execute(
        """
        insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body)
        select account_id, fn.uuid_v7(now() + n * interval '1 millisecond'), widget_id, placement_id, option_no,
            counted_on, now(), 'hay ' || n
        from response cross join generate_series(1, 1200) as n where id = $1
        """,
        ids[1],
    )
    assert await inbox.bodies(search="needle") == ["a needle"]
    assert len(await inbox.bodies(search="hay")) == 50
