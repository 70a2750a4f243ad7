"""A search of responses finds a text wherever it is in a message, by an index of pairs of characters."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries.responses import Response
from tests.support import factories
from tests.support.settings import CITUS

Pool = asyncpg.Pool
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEWEST = 1000  # messages that are looked at without the index
TEXTS = (
    "The quick brown fox", "the QUICK brown Foxes", "Größe: XL, 100 % Wolle", "snake_case and 100\\% more", "a\nb\n\nc",
    "aaaaa", "aaaaaa", "ОЧЕНЬ хорошо", "Ο ΔΡΟΜΟΣ του Οδυσσέα", "日本語のドキュメントが欲しい", "文档 docs 很好 ok",
    "中文", "x中y文z", "한국어 문서", "👍", "great 👍🏽 thanks", "👨‍👩‍👧 family", "İstanbul'da", "ﬁne print",
    "שלום עולם", "مرحبا بالعالم",
    "%", "_", "\\",
    "''", "ab", "a", "c++ & c#", "e-mail me: ada@site.example", "é e\u0301", "𐐀𐐁 deseret", "nobody-wrote-it",
)  # fmt: skip
ABSENT = ("nobody-wrote-this", "quickest", "fox\nes", "中国語", "👎", "aaaaaaa", "100_%", "bab", "zz", "ð", "文 docs")
ADD = """
insert into response (
    account_id, id, widget_id, placement_id, option_no, created_at, body, fields, contact, context
)
select $1, fn.uuid_v7(m.at), $2, $3, 1, m.at, m.body, m.fields, m.contact, m.context
from unnest($4::timestamptz[], $5::text[], $6::jsonb[], $7::text[], $8::jsonb[])
    as m (at, body, fields, contact, context)
returning id
"""
PLACEMENT = """
with p as (
    insert into page (account_id, id, project_id, key, created_at)
    values ($1, fn.uuid_v7(), $2, gen_random_uuid()::text, now()) returning *
)
insert into placement (account_id, id, widget_id, page_id, key, created_at)
select p.account_id, fn.uuid_v7(), $3, p.id, p.key, p.created_at from p returning id
"""
NAIVE = """
select f.id from response as f join widget as w on w.account_id = f.account_id and w.id = f.widget_id
where w.project_id = $1 and (f.body is not null or f.fields is not null) and (
    f.body ilike $2 or f.fields::text ilike $2 or f.contact ilike $2 or f.context ->> '$user' ilike $2
) order by f.id desc
"""
SEARCH = "select id from fn.project_responses($1, $2, _text => $3, _limit => 10000, _now => $4)"
SCANS = """
select sum(pg_stat_get_xact_numscans(i.indexrelid)) from pg_index as i
join pg_inherits as h on h.inhrelid = i.indexrelid where h.inhparent = 'response_bigrams_idx'::regclass
"""


class Messages:
    """Messages of one widget, older than those that a search looks at without the index."""

    def __init__(self, pool: "Pool[asyncpg.Record]", widget: factories.Widget, placement_id: UUID) -> None:
        self.pool, self.widget, self.placement_id = pool, widget, placement_id

    async def add(self, *rows: dict[str, Any], at: datetime = NOW - timedelta(days=1)) -> list[UUID]:
        columns = [[row.get(name) for row in rows] for name in ("body", "fields", "contact", "context")]
        ids = await self.pool.fetch(
            ADD, self.widget.account_id, UUID(self.widget.id), self.placement_id, [at] * len(rows), *columns
        )
        return [row[0] for row in ids]

    async def search(self, text: str, arguments: str = "") -> list[UUID]:
        sql = SEARCH.replace("_now", f"{arguments}, _now" if arguments else "_now")
        rows = await self.pool.fetch(sql, self.widget.account_id, self.widget.project_id, text, NOW)
        return [row[0] for row in rows]

    async def naive(self, text: str) -> list[UUID]:
        pattern = "%" + "".join(f"\\{each}" if each in "\\%_" else each for each in text) + "%"
        return [row[0] for row in await self.pool.fetch(NAIVE, self.widget.project_id, pattern)]


async def messages_of(pool: "Pool[asyncpg.Record]", widget: factories.Widget) -> Messages:
    placement_id = await pool.fetchval(PLACEMENT, widget.account_id, widget.project_id, UUID(widget.id))
    return Messages(pool, widget, placement_id)


@pytest.fixture
async def messages(pool: "Pool[asyncpg.Record]") -> Messages:
    await pool.execute("select fn.create_partitions($1, 24)", NOW - timedelta(days=650))
    messages = await messages_of(pool, await factories.widget(pool, "message"))
    await messages.add(*[{"body": "~~~~"}] * NEWEST, at=NOW - timedelta(minutes=1))
    return messages


def parts(text: str, random: random.Random) -> list[str]:
    """Some texts that are in `text`, in either case."""
    cuts = [sorted(random.sample(range(len(text) + 1), 2)) for _ in range(6)] if len(text) > 1 else []
    each = [text, *(text[start:end] for start, end in cuts)]
    return each + [part.upper() for part in each] + [part.lower() for part in each]


async def test_it_finds_what_a_scan_finds(messages: Messages) -> None:
    await messages.add(*({"body": text} for text in TEXTS))
    await messages.add(*({"body": f"{'x' * n} {TEXTS[n]}"} for n in range(len(TEXTS))), at=NOW - timedelta(days=50))
    seeded = random.Random(5)
    for text in {*ABSENT, *(part for whole in TEXTS for part in parts(whole, seeded))}:
        assert await messages.search(text) == await messages.naive(text), text


async def test_it_finds_fields_addresses_and_senders(messages: Messages) -> None:
    (form,) = await messages.add({"fields": '{"city": "Zürich", "n": 4711}'})
    (contact,) = await messages.add({"body": "x", "contact": "Ada@Site.example"})
    (sender,) = await messages.add({"body": "x", "context": '{"$user": "Bob@site.example", "page": "Zürich"}'})
    assert await messages.search("zÜrich") == [form]
    assert await messages.search('": 47') == [form]
    assert await messages.search("ada@site") == [contact]
    assert await messages.search("bob@SITE") == [sender]
    assert set(await messages.search("@site.example")) == {sender, contact}
    assert await messages.search("x\nada") == []  # a text in one of them, not across two


@pytest.mark.parametrize("text", ["brown", "bro", "中文", "👍"])
async def test_it_uses_the_index(messages: Messages, pool: "Pool[asyncpg.Record]", text: str) -> None:
    ids = await messages.add(*[{"body": f"A message number {n}"} for n in range(3000)], {"body": f"… {text}!"})
    await pool.execute("vacuum (analyze) response")
    of = messages.widget
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(SEARCH, of.account_id, of.project_id, text, NOW)
        assert [row[0] for row in rows] == ids[-1:]
        if not CITUS:  # there the account's node uses it
            assert await connection.fetchval(SCANS) > 0


async def test_many_matches_come_in_the_order_of_their_age(messages: Messages) -> None:
    ids: list[UUID] = []
    for days in (600, 200, 40, 2):
        ids[:0] = sorted(await messages.add(*[{"body": "brown"}] * 3, at=NOW - timedelta(days=days)), reverse=True)
    newest = await messages.add({"body": "Brown"}, at=NOW)
    ids = newest + ids
    assert await messages.search("brown") == ids
    assert await messages.search("brown", f"_before_id => '{ids[4]}'") == ids[5:]
    assert await messages.search("brown", f"_since => '{NOW - timedelta(days=100)}'") == ids[:7]
    rows = await messages.pool.fetch(
        SEARCH.replace("10000", "5"), messages.widget.account_id, messages.widget.project_id, "brown", NOW
    )
    assert [row[0] for row in rows] == ids[:5]


async def test_edited_and_deleted_messages_are_found_as_they_are(
    messages: Messages, pool: "Pool[asyncpg.Record]"
) -> None:
    edited, deleted, grown = await messages.add({"body": "brown"}, {"body": "brown"}, {})
    account_id = messages.widget.account_id
    for id in (edited, grown):
        await pool.execute(
            "select fn.grow_response($1, $2, '{words}', null, 'purple', null, null, null)", account_id, id
        )
    assert await pool.fetchval("select fn.delete_response($1, $2)", account_id, deleted)
    assert await messages.search("brown") == []
    assert sorted(await messages.search("PURPLE")) == sorted([edited, grown])


async def test_it_searches_the_project_only(messages: Messages, pool: "Pool[asyncpg.Record]") -> None:
    (own,) = await messages.add({"body": "brown"})
    sibling = await factories.project(pool, messages.widget.account_id)
    for widget in (await factories.widget(pool, "message"), await factories.widget(pool, "message", sibling)):
        await (await messages_of(pool, widget)).add({"body": "brown"})
    assert await messages.search("brown") == [own]


async def test_it_is_closed_to_strangers(
    messages: Messages, pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]"
) -> None:
    await messages.add({"body": "brown"})
    other_id, of = await factories.account(pool), messages.widget
    stranger_id = await pool.fetchval("select person_id from member where account_id = $1", other_id)
    sql = "select * from fn.project_responses($1, $2, _text => 'brown')"
    for account_id in (other_id, of.account_id):
        with pytest.raises(FeelbackError) as refused:
            await db.many(TenantPool(app_pool, account_id, stranger_id), Response, sql, of.account_id, of.project_id)
        assert refused.value.status == 404
    owner_id = await pool.fetchval("select person_id from member where account_id = $1", of.account_id)
    rows = await db.many(TenantPool(app_pool, of.account_id, owner_id), Response, sql, of.account_id, of.project_id)
    assert [each.body for each in rows] == ["brown"]


async def test_it_hides_what_is_over_quota(messages: Messages, pool: "Pool[asyncpg.Record]") -> None:
    (early,) = await messages.add({"body": "brown"}, at=NOW - timedelta(days=9))
    await messages.add({"body": "brown"}, at=NOW - timedelta(days=2))
    await pool.execute(
        "insert into usage (account_id, month, responses, full_at) values ($1, '2026-11-01', 5000, $2)",
        messages.widget.account_id, NOW - timedelta(days=5),
    )  # fmt: skip
    assert await messages.search("brown") == [early]
